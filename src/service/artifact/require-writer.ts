/** Who may still write an artifact: decided in the transaction that writes, with the trial's lease held. */
import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { holdTrial, type WritableTrial } from '../../store/queries/artifact.js';
import { requireTrialWriter, scopeOfTrialCaller } from '../authorize.js';

/**
 * The trial, when the caller may write artifacts of this attempt to it.
 * @throws NOT_FOUND, FORBIDDEN; STATE_CONFLICT when another attempt has superseded this one.
 */
export async function requireArtifactWriter(
  tx: Sql,
  principal: Principal,
  trialId: TrialId,
  attempt: number,
): Promise<WritableTrial> {
  const trial = await holdTrial(tx, scopeOfTrialCaller(principal), trialId);
  if (trial === null) throw new PlatformError('NOT_FOUND', `there is no trial ${trialId}`);
  requireTrialWriter(principal, trial);
  const isOwnAttempt = principal.kind !== 'trial' || (principal.attempt === attempt && principal.epoch === trial.epoch);
  if (attempt !== trial.attempt || !isOwnAttempt) throw superseded(trialId, attempt);
  return trial;
}

export function superseded(trialId: TrialId, attempt: number): PlatformError {
  const message = `attempt ${attempt} of trial ${trialId} was superseded: its artifacts are no longer accepted`;
  return new PlatformError('STATE_CONFLICT', message, { superseded: true });
}

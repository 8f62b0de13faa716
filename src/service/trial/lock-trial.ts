/** Locks a trial and what guards it, in the order that all verbs follow: experiment, trial_lease, trial. Internal. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { lockExperiment } from '../../store/queries/experiment.js';
import { type Lease, lockLease } from '../../store/queries/lease.js';
import { findTrials, lockTrial } from '../../store/queries/trial.js';
import { requireTrialWriter, scopeOfTrialCaller } from '../authorize.js';

export interface LockedTrial {
  readonly experiment: Experiment;
  readonly lease: Lease;
  readonly trial: Trial;
}

/** The rows, if the caller may write to the trial. @throws NOT_FOUND, FORBIDDEN. */
export async function lockWritableTrial(tx: Sql, principal: Principal, id: TrialId): Promise<LockedTrial> {
  const [visible] = await findTrials(tx, scopeOfTrialCaller(principal), [id]);
  if (visible === undefined) throw notFound(id);
  requireTrialWriter(principal, visible);
  const experiment = await lockExperiment(tx, visible.experimentId);
  const lease = await lockLease(tx, id);
  const trial = await lockTrial(tx, id);
  if (experiment === null || lease === null || trial === null) throw notFound(id);
  return { experiment, lease, trial };
}

function notFound(id: TrialId): PlatformError {
  return new PlatformError('NOT_FOUND', `there is no trial ${id}`);
}

/** Trials for the edges of a graph: many ids, one statement. */
import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findTrials } from '../../store/queries/trial.js';
import { scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the trial, null where it is not visible. A trial's token sees itself. */
export async function loadTrials(deps: Deps, principal: Principal, ids: readonly TrialId[]): Promise<(Trial | null)[]> {
  const allowed = principal.kind === 'trial' ? ids.filter((id) => id === principal.trialId) : ids;
  return byId(ids, await findTrials(deps.database.read, scopeOfTrialCaller(principal), allowed));
}

/** The trial as it is after a commit. @throws NOT_FOUND when it is not visible, or was deleted since. */
export async function reloadTrial(deps: Deps, principal: Principal, id: TrialId): Promise<Trial> {
  const [trial] = await loadTrials(deps, principal, [id]);
  if (trial === null || trial === undefined) throw new PlatformError('NOT_FOUND', `there is no trial ${id}`);
  return trial;
}

/** Experiments and what hangs on them for the edges of a graph: many ids, one statement. */
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial, TrialState } from '../../domain/trial.js';
import { countTrialsByState, findBestTrials, findExperiments } from '../../store/queries/experiment.js';
import { findTrials } from '../../store/queries/trial.js';
import { scopeOf, scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId, byKey } from '../in-order.js';

/** Per id the experiment, null where it is not visible. A trial's token sees its own only. */
export async function loadExperiments(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<(Experiment | null)[]> {
  const { read } = deps.database;
  const scope = scopeOfTrialCaller(principal);
  const own = principal.kind === 'trial' ? await findTrials(read, scope, [principal.trialId]) : null;
  const allowed = own === null ? ids : ids.filter((id) => own.some((trial) => trial.experimentId === id));
  return byId(ids, await findExperiments(read, scope, allowed));
}

export type TrialCounts = Readonly<Record<Lowercase<TrialState> | 'total', number>>;

/** Per experiment its trials by state; zeros where it is not visible. */
export async function experimentCounts(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<TrialCounts[]> {
  const visible = await visibleAmong(deps, principal, ids);
  const rows = byKey(ids, await countTrialsByState(deps.database.read, visible), (row) => row.experimentId);
  return rows.map((counts) => {
    const of = (state: TrialState) => counts.find((row) => row.state === state)?.n ?? 0;
    return {
      waiting: of('WAITING'),
      running: of('RUNNING'),
      completed: of('COMPLETED'),
      pruned: of('PRUNED'),
      failed: of('FAILED'),
      stopped: of('STOPPED'),
      total: counts.reduce((sum, row) => sum + row.n, 0),
    };
  });
}

/** Per experiment its best trial: completed and finite; null without a search, or while there is none. */
export async function bestTrials(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<(Trial | null)[]> {
  const { read } = deps.database;
  const best = new Map(
    (await findBestTrials(read, await visibleAmong(deps, principal, ids))).map((row) => [
      row.experimentId,
      row.trialId,
    ]),
  );
  const trials = new Map(
    (await findTrials(read, scopeOf(principal), [...best.values()])).map((trial) => [trial.id, trial]),
  );
  return ids.map((id) => {
    const trialId = best.get(id);
    return trialId === undefined ? null : (trials.get(trialId) ?? null);
  });
}

async function visibleAmong(deps: Deps, principal: Principal, ids: readonly ExperimentId[]): Promise<ExperimentId[]> {
  return (await findExperiments(deps.database.read, scopeOf(principal), ids)).map((experiment) => experiment.id);
}

/** Ends trials that are paused in a search that is over. Internal: call with the experiment locked. */
import type { Experiment } from '../../domain/experiment.js';
import { isPaused } from '../../domain/lifecycle.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { lockLeasesOf } from '../../store/queries/lease.js';
import { listOpenTrials, requestStop } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { concludeTrial, withObjective } from './conclude-trial.js';

/** Nothing will resume it any more: it ends as PRUNED with what it has reported. Its lease is locked; the caller completes the experiment. */
export async function prunePaused(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  why: string,
): Promise<void> {
  const message = `paused (${trial.message ?? 'for an unknown reason'}), ${why}`;
  await requestStop(tx, trial.id, 'PRUNER', message);
  const end = await withObjective(tx, experiment, trial, { state: 'PRUNED', value: null, cause: null, message });
  await concludeTrial(tx, deps, experiment, trial, end);
}

/** All that are paused. No other lease of the experiment is locked but of a trial that has ended: these would be out of order. */
export async function pruneAllPaused(tx: Sql, deps: Deps, experiment: Experiment): Promise<void> {
  await lockLeasesOf(tx, experiment.id);
  for (const trial of (await listOpenTrials(tx, experiment.id)).filter(isPaused))
    await prunePaused(tx, deps, experiment, trial, 'the search ended');
}

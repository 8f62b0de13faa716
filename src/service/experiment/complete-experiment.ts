/** Ends experiments that have nothing left to do. Internal: call with the experiment's row locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { Sql } from '../../store/database.js';
import { experimentLoad, setExperimentState } from '../../store/queries/experiment.js';
import { hasPausedTrial } from '../../store/queries/pause.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { pruneAllPaused } from '../trial/prune-paused.js';
import { overHoursOf, spentOf } from './budget.js';

/**
 * Makes an active searching experiment COMPLETED when its budget is spent and no trial is left; says whether it did. Where a
 * trial is paused its scheduler is asked first, which whoever looks for work next does; but not when hours are over: nothing
 * may be resumed then, and perhaps nobody asks any more.
 */
export async function completeIfSpent(tx: Sql, deps: Deps, experiment: Experiment): Promise<boolean> {
  if (experiment.search === null || experiment.state !== 'ACTIVE') return false;
  const { unfinished, ...cost } = await experimentLoad(tx, experiment.id);
  const spent = spentOf(experiment.search.budget, { ...cost, trials: experiment.nextNumber });
  if (unfinished > 0 || spent === null) return false;
  if (await hasPausedTrial(tx, experiment.id)) {
    if (overHoursOf(experiment.search.budget, cost) === null) return false;
    await pruneAllPaused(tx, deps, experiment);
  }
  await completeExperiment(tx, deps, experiment, `its budget is spent (${spent})`);
  return true;
}

/** Makes the experiment COMPLETED. */
export async function completeExperiment(tx: Sql, deps: Deps, experiment: Experiment, why: string): Promise<void> {
  const { projectId } = experiment;
  await setExperimentState(tx, experiment.id, 'COMPLETED');
  await recordChange(tx, { projectId, experimentId: experiment.id, kind: 'experiment', subjectId: experiment.id });
  await recordEvent(tx, deps, {
    projectId,
    experimentId: experiment.id,
    kind: 'EXPERIMENT_COMPLETED',
    message: `${experiment.name} is completed: ${why}`,
  });
}

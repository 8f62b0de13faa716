/** Ends the trials of experiments whose hours are spent, where their budgets say so: nobody else would look while trials run. */
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import { isPaused } from '../../domain/lifecycle.js';
import type { Sql } from '../../store/database.js';
import { findStopping } from '../../store/queries/cost.js';
import { experimentLoad, lockExperiment } from '../../store/queries/experiment.js';
import { findSearch } from '../../store/queries/history.js';
import { lockLeasesOf } from '../../store/queries/lease.js';
import { listOpenTrials } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { prunePaused } from '../trial/prune-paused.js';
import { stopLockedTrial } from '../trial/stop-trial.js';
import { overHoursOf } from './budget.js';
import { completeIfSpent } from './complete-experiment.js';

/**
 * One pass; call it every few seconds from any number of servers. Waiting trials are STOPPED, paused ones PRUNED, running
 * ones are asked to end. Says of which experiments. Internal: no principal, for timers.
 */
export async function enforceBudgets(deps: Deps): Promise<readonly ExperimentId[]> {
  const enforced: ExperimentId[] = [];
  for (const id of await findStopping(deps.database.read)) {
    if (await enforce(deps, id)) enforced.push(id);
  }
  return enforced;
}

/** Whether its budget is over. One that cannot be stopped now, e.g. while it is locked, must not keep others waiting: it has its next turn. */
async function enforce(deps: Deps, id: ExperimentId): Promise<boolean> {
  try {
    if (!(await isOver(deps, id))) return false;
    await deps.database.transaction(async (tx) => {
      const experiment = await lockExperiment(tx, id);
      if (experiment !== null) await stopTrials(tx, deps, experiment);
    });
  } catch (error) {
    deps.log(`the budget of ${id} was not enforced: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  deps.wakeups.notify(`experiment:${id}`);
  return true;
}

/** Without a lock: most of the time there is nothing to do. */
async function isOver(deps: Deps, id: ExperimentId): Promise<boolean> {
  const search = await findSearch(deps.database.read, id);
  return search !== null && overHoursOf(search.budget, await experimentLoad(deps.database.read, id)) !== null;
}

async function stopTrials(tx: Sql, deps: Deps, experiment: Experiment): Promise<void> {
  const budget = experiment.search?.budget;
  if (budget === undefined || budget.whenSpent !== 'stop') return;
  const over = overHoursOf(budget, await experimentLoad(tx, experiment.id));
  if (over === null) return;
  await lockLeasesOf(tx, experiment.id);
  const why = `the budget is spent: ${over}`;
  // The experiment is completed once, after the last of them.
  const ending = { ...experiment, state: 'STOPPED' as const };
  for (const trial of await listOpenTrials(tx, experiment.id))
    if (isPaused(trial)) await prunePaused(tx, deps, ending, trial, why);
    else await stopLockedTrial(tx, deps, ending, trial, 'EXPERIMENT', why);
  await completeIfSpent(tx, deps, experiment);
}

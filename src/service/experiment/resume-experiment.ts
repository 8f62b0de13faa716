import type { Experiment } from '../../domain/experiment.js';
import type { Principal, Role } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { experimentLoad } from '../../store/queries/experiment.js';
import type { Deps } from '../deps.js';
import { spentOf } from './budget.js';
import { type ChangeExperimentInput, changeExperiment, conflict, moveExperiment } from './change-experiment.js';
import { completeIfSpent } from './complete-experiment.js';

/**
 * An experiment that is paused or has ended goes on, as far as its budget allows. Idempotent. It makes runners execute code
 * again, so where there is an algorithm the caller must be a submitter.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT when it has ended and its budget is spent.
 */
export function resumeExperiment(deps: Deps, principal: Principal, input: ChangeExperimentInput): Promise<Experiment> {
  return changeExperiment(deps, principal, input, {
    operation: 'resumeExperiment',
    role: roleToResume,
    work: async (tx, experiment) => {
      if (experiment.state !== 'ACTIVE') await resumeLocked(tx, deps, experiment);
    },
  });
}

/** What the caller must be to let runners execute trials of the experiment. */
export function roleToResume(experiment: Experiment): Role {
  return experiment.algorithmVersionId === null ? 'writer' : 'submitter';
}

/** Internal: the experiment is locked, and not ACTIVE. @throws STATE_CONFLICT when it has ended and its budget is spent. */
export async function resumeLocked(tx: Sql, deps: Deps, experiment: Experiment): Promise<void> {
  const { search, state, nextNumber } = experiment;
  if (search !== null && state !== 'PAUSED') {
    const spent = spentOf(search.budget, { ...(await experimentLoad(tx, experiment.id)), trials: nextNumber });
    if (spent !== null) throw conflict(experiment, `its budget is spent (${spent}); give it more to go on`);
  }
  await moveExperiment(tx, deps, experiment, 'ACTIVE', 'EXPERIMENT_RESUMED');
  await completeIfSpent(tx, deps, { ...experiment, state: 'ACTIVE' });
}

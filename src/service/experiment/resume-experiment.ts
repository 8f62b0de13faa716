import type { Experiment } from '../../domain/experiment.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { type ChangeExperimentInput, changeExperiment, conflict, moveExperiment } from './change-experiment.js';
import { completeIfSpent } from './complete-experiment.js';

/**
 * A paused experiment goes on. Idempotent. It makes runners execute code again, so where there is an algorithm the caller
 * must be a submitter.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT when it has ended.
 */
export function resumeExperiment(deps: Deps, principal: Principal, input: ChangeExperimentInput): Promise<Experiment> {
  return changeExperiment(deps, principal, input, {
    operation: 'resumeExperiment',
    role: (experiment) => (experiment.algorithmVersionId === null ? 'writer' : 'submitter'),
    work: async (tx, experiment) => {
      if (experiment.state === 'ACTIVE') return;
      if (experiment.state !== 'PAUSED') throw conflict(experiment, 'it has ended; create another one');
      await moveExperiment(tx, deps, experiment, 'ACTIVE', 'EXPERIMENT_RESUMED');
      await completeIfSpent(tx, deps, { ...experiment, state: 'ACTIVE' });
    },
  });
}

import type { Experiment } from '../../domain/experiment.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { type ChangeExperimentInput, changeExperiment, conflict, moveExperiment } from './change-experiment.js';

/** No new proposals and no new leases; what runs goes on. Idempotent. @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT when it has ended. */
export function pauseExperiment(deps: Deps, principal: Principal, input: ChangeExperimentInput): Promise<Experiment> {
  return changeExperiment(deps, principal, input, {
    operation: 'pauseExperiment',
    role: () => 'writer',
    work: async (tx, experiment) => {
      if (experiment.state === 'PAUSED') return;
      if (experiment.state !== 'ACTIVE') throw conflict(experiment, 'only an active one can be paused');
      await moveExperiment(tx, deps, experiment, 'PAUSED', 'EXPERIMENT_PAUSED');
    },
  });
}

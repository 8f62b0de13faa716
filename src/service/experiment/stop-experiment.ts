import type { Experiment } from '../../domain/experiment.js';
import { isPaused } from '../../domain/lifecycle.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { lockLeasesOf } from '../../store/queries/lease.js';
import { listOpenTrials } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { prunePaused } from '../trial/prune-paused.js';
import { stopLockedTrial } from '../trial/stop-trial.js';
import { type ChangeExperimentInput, changeExperiment, moveExperiment, type Why } from './change-experiment.js';

/**
 * Ends an experiment: waiting trials are STOPPED at once, paused ones PRUNED, running ones are asked to end. Idempotent; one that
 * has completed stays so.
 * @throws NOT_FOUND, FORBIDDEN.
 */
export function stopExperiment(deps: Deps, principal: Principal, input: ChangeExperimentInput): Promise<Experiment> {
  return changeExperiment(deps, principal, input, {
    operation: 'stopExperiment',
    role: () => 'writer',
    work: async (tx, experiment) => {
      if (experiment.state === 'STOPPED' || experiment.state === 'COMPLETED') return;
      await stopLockedExperiment(tx, deps, experiment, null);
    },
  });
}

/** Internal: the experiment is locked, and nothing that belongs to it. */
export async function stopLockedExperiment(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  why: Why | null,
): Promise<void> {
  await moveExperiment(tx, deps, experiment, 'STOPPED', 'EXPERIMENT_STOPPED', why);
  await lockLeasesOf(tx, experiment.id);
  const stopped = { ...experiment, state: 'STOPPED' as const };
  for (const trial of await listOpenTrials(tx, experiment.id))
    if (isPaused(trial)) await prunePaused(tx, deps, stopped, trial, 'the search was stopped');
    else await stopLockedTrial(tx, deps, stopped, trial, 'EXPERIMENT', why?.text ?? null);
}

/** How a trial ends for good. Internal: call with the experiment, the trial's lease and the trial locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import type { Deps } from '../deps.js';
import { completeIfSpent } from '../experiment/complete-experiment.js';
import { type Conclusion, concludeTrial } from './conclude-trial.js';

/** Stores how a trial ended, says so, and completes the experiment when that was the last of it. */
export async function endTrialAs(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  end: Conclusion,
): Promise<void> {
  await concludeTrial(tx, deps, experiment, trial, end);
  await completeIfSpent(tx, deps, experiment);
}

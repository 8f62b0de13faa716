/** The next attempt of a trial, by a script. Internal: call with the experiment and the lease locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../../store/database.js';
import { startOwnAttempt } from '../../store/queries/lease.js';
import { markTrialRunning } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';

export interface OwnAttempt {
  readonly trialId: TrialId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly attempt: number;
  readonly epoch: number;
}

/** Raises attempt and epoch, and makes the trial RUNNING. */
export async function beginOwnAttempt(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: { readonly id: TrialId; readonly number: number },
): Promise<OwnAttempt> {
  const { projectId, id: experimentId } = experiment;
  const { attempt, epoch } = await startOwnAttempt(tx, trial.id);
  await markTrialRunning(tx, trial.id, attempt);
  const message = `trial ${trial.number} was started by a script${attempt === 1 ? '' : `, attempt ${attempt}`}`;
  await recordEvent(
    tx,
    deps,
    { projectId, experimentId, trialId: trial.id, kind: 'TRIAL_STARTED', message, data: { attempt } },
    [{ projectId, experimentId, kind: 'trial', subjectId: trial.id }],
  );
  return { trialId: trial.id, projectId, experimentId, attempt, epoch };
}

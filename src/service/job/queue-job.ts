/** Puts an attempt of a trial into its pool's queue. Internal: call with the experiment and the trial's lease locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { TrainingJobId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../../store/database.js';
import { insertJob } from '../../store/queries/job.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { newId } from '../ids.js';

/** The new PENDING job's id, or null when the experiment has nothing that a runner could execute. */
export async function queueJob(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: { readonly id: TrialId; readonly number: number },
  attempt: number,
): Promise<TrainingJobId | null> {
  const { algorithmVersionId, poolId, projectId, resources } = experiment;
  if (algorithmVersionId === null || poolId === null) return null;
  const id = newId<TrainingJobId>(deps);
  await insertJob(tx, {
    id,
    projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    poolId,
    attempt,
    algorithmVersionId,
    gpus: resources.gpus,
    slots: resources.slots,
    timeoutSeconds: resources.timeoutSeconds,
    priority: 0,
  });
  await recordChange(tx, { projectId, experimentId: experiment.id, kind: 'job', subjectId: id });
  await recordEvent(tx, deps, {
    projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    jobId: id,
    kind: 'JOB_QUEUED',
    message: `trial ${trial.number} is queued, attempt ${attempt}`,
    data: { attempt },
  });
  return id;
}

/** Locks what a runner's write about a job touches, in the order that all verbs follow. Internal. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { TrainingJobId } from '../../domain/ids.js';
import type { RunnerPrincipal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { lockExperiment } from '../../store/queries/experiment.js';
import { findJobsOfRunnerKey, lockOpenJob } from '../../store/queries/job.js';
import { lockLease } from '../../store/queries/lease.js';
import { lockTrial } from '../../store/queries/trial.js';

export interface LockedAttempt {
  readonly experiment: Experiment;
  readonly trial: Trial;
  readonly job: TrainingJob;
}

/**
 * Experiment, lease, trial and job, locked in this order, if the job is still held under `epoch`; null means FENCED.
 * @throws NOT_FOUND unless a runner of this key has leased the job.
 */
export async function lockAttempt(
  tx: Sql,
  caller: RunnerPrincipal,
  jobId: TrainingJobId,
  epoch: number,
): Promise<LockedAttempt | null> {
  const job = await findOwnJob(tx, caller, jobId);
  const experiment = await lockExperiment(tx, job.experimentId);
  const lease = await lockLease(tx, job.trialId);
  if (experiment === null || lease === null) throw notFound(jobId);
  if (lease.epoch !== epoch || lease.attempt !== job.attempt || lease.runnerId !== job.runnerId) return null;
  const trial = await lockTrial(tx, job.trialId);
  const open = await lockOpenJob(tx, job.trialId);
  if (trial === null || open === null || open.id !== jobId) return null;
  return { experiment, trial, job: open };
}

/** The job, if a runner of this key has leased it. @throws NOT_FOUND. */
export async function findOwnJob(sql: Sql, caller: RunnerPrincipal, jobId: TrainingJobId): Promise<TrainingJob> {
  const [job] = await findJobsOfRunnerKey(sql, caller.keyId, [jobId]);
  if (job === undefined) throw notFound(jobId);
  return job;
}

function notFound(jobId: TrainingJobId): PlatformError {
  return new PlatformError('NOT_FOUND', `there is no training job ${jobId} leased with this key`);
}

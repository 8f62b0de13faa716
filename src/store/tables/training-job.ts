import { EntitySchema } from 'typeorm';
import type { TrainingJob } from '../../domain/training-job.js';
import { id, integer, json, nullable, text, time, truth, uuid } from './columns.js';

/** A job with what only the queue needs to know. */
export interface TrainingJobRow extends TrainingJob {
  /** Whether its runner's process died while it held this job: counted towards POISON. */
  readonly runnerDied: boolean;
  /** When its runner took it: from then on it costs. Null until then. */
  readonly leasedAt: Date | null;
}

export const trainingJobTable = new EntitySchema<TrainingJobRow>({
  name: 'training_job',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    experimentId: uuid('experiment_id'),
    trialId: uuid('trial_id'),
    poolId: uuid('pool_id'),
    attempt: integer('attempt'),
    state: text('state'),
    epoch: integer('epoch', nullable),
    runnerId: uuid('runner_id', nullable),
    command: json('command'),
    gpus: integer('gpus'),
    slots: integer('slots'),
    timeoutSeconds: integer('timeout_seconds', nullable),
    priority: integer('priority'),
    cause: text('cause', nullable),
    message: text('message', nullable),
    exitCode: integer('exit_code', nullable),
    signal: text('signal', nullable),
    runnerDied: truth('runner_died'),
    createdAt: time('created_at'),
    leasedAt: time('leased_at', nullable),
    startedAt: time('started_at', nullable),
    endedAt: time('ended_at', nullable),
  },
});

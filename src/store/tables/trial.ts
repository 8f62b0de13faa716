import { EntitySchema } from 'typeorm';
import type { ArtifactId, ExperimentId, RunnerId, TrialId } from '../../domain/ids.js';
import type { Trial, TrialExplanation } from '../../domain/trial.js';
import { float, floats, id, integer, json, nullable, orderedJson, text, time, truth, uuid } from './columns.js';

/** A trial, and what lists of trials do not read. */
interface TrialRow extends Trial {
  readonly explanation: TrialExplanation | null;
  readonly parentCheckpointId: ArtifactId | null;
}

export const trialTable = new EntitySchema<TrialRow>({
  name: 'trial',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    experimentId: uuid('experiment_id'),
    number: integer('number'),
    name: text('name', nullable),
    state: text('state'),
    params: orderedJson('params'),
    tags: json('tags'),
    proposedBy: text('proposed_by'),
    explanation: json('explanation', nullable),
    value: float('value', nullable),
    objectiveValues: floats('objective_values', nullable),
    constraintValues: floats('constraint_values', nullable),
    violation: float('violation', nullable),
    point: integer('point', nullable),
    replicate: integer('replicate', nullable),
    seed: integer('seed', nullable),
    cause: text('cause', nullable),
    message: text('message', nullable),
    stopReason: text('stop_reason', nullable),
    stopMessage: text('stop_message', nullable),
    pausing: text('pausing', nullable),
    pauseObeyed: truth('pause_obeyed'),
    pausedAt: integer('paused_at', { array: true }),
    resumedAt: integer('resumed_at', { array: true }),
    parentNumber: integer('parent_number', nullable),
    parentCheckpointId: uuid('parent_checkpoint_id', nullable),
    attempt: integer('attempt'),
    askedAt: integer('asked_at'),
    endedSequence: integer('ended_sequence', nullable),
    createdAt: time('created_at'),
    startedAt: time('started_at', nullable),
    endedAt: time('ended_at', nullable),
    contactAt: time('contact_at', nullable),
    dropped: float('dropped'),
    pointsExpiredAt: time('points_expired_at', nullable),
    logsExpiredAt: time('logs_expired_at', nullable),
  },
});

/** A hyperparameter as typed columns, for filters and sorting: one of the two is null. */
export interface TrialParamRow {
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly name: string;
  readonly number: number | null;
  readonly text: string | null;
}

export const trialParamTable = new EntitySchema<TrialParamRow>({
  name: 'trial_param',
  columns: {
    experimentId: uuid('experiment_id'),
    trialId: uuid('trial_id', { primary: true }),
    name: text('name', { primary: true }),
    number: float('number', nullable),
    text: text('text', nullable),
  },
});

/** Who may write to a trial. The epoch only rises; the row is locked before the rows it guards. */
export interface TrialLeaseRow {
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
  readonly runnerId: RunnerId | null;
  readonly leaseUntil: Date | null;
}

export const trialLeaseTable = new EntitySchema<TrialLeaseRow>({
  name: 'trial_lease',
  columns: {
    trialId: uuid('trial_id', { primary: true }),
    attempt: integer('attempt'),
    epoch: integer('epoch'),
    runnerId: uuid('runner_id', nullable),
    leaseUntil: time('lease_until', nullable),
  },
});

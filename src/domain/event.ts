import type { EventId, ExperimentId, ProjectId, TrainingJobId, TrialId } from './ids.js';

export type EventKind =
  | 'EXPERIMENT_CREATED'
  | 'EXPERIMENT_PAUSED'
  | 'EXPERIMENT_RESUMED'
  | 'EXPERIMENT_COMPLETED'
  | 'EXPERIMENT_STOPPED'
  | 'TRIAL_CREATED'
  | 'TRIAL_STARTED'
  | 'TRIAL_ENDED'
  | 'TRIAL_STOP_REQUESTED'
  | 'TRIAL_REQUEUED'
  | 'TRIAL_BEST'
  | 'TRIAL_PAUSE_REQUESTED'
  | 'TRIAL_PAUSED'
  | 'TRIAL_RESUMED'
  | 'TRIAL_EXPLOITED'
  | 'TRIAL_OFFSPRING'
  | 'JOB_QUEUED'
  | 'JOB_LEASED'
  | 'JOB_STARTED'
  | 'JOB_ENDED'
  | 'JOB_LOST'
  | 'SAMPLER_FALLBACK'
  | 'SEARCH_REVISED'
  | 'TRIALS_ADOPTED';

/** Something that happened, kept for people to read. */
export interface Event {
  readonly id: EventId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId | null;
  readonly trialId: TrialId | null;
  readonly jobId: TrainingJobId | null;
  readonly kind: EventKind;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

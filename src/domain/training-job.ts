import type { ExperimentId, ProjectId, ResourcePoolId, RunnerId, TrainingJobId, TrialId } from './ids.js';
import type { FailureCause } from './trial.js';

export type TrainingJobState =
  | 'PENDING'
  | 'STARTING'
  | 'RUNNING'
  | 'TERMINATING'
  | 'COMPLETED'
  | 'FAILED'
  | 'TERMINATED'
  | 'PREEMPTED'
  | 'LOST';

/** One attempt to execute a trial on a runner. */
export interface TrainingJob {
  readonly id: TrainingJobId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly poolId: ResourcePoolId;
  /** 1, 2, 3 … within the trial. */
  readonly attempt: number;
  readonly state: TrainingJobState;
  /** The fencing epoch it was leased under; null until leased. */
  readonly epoch: number | null;
  readonly runnerId: RunnerId | null;
  readonly command: readonly string[];
  readonly gpus: number;
  readonly slots: number;
  readonly timeoutSeconds: number | null;
  readonly priority: number;
  readonly cause: FailureCause | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** What exists of one attempt's console output. */
export interface LogStream {
  readonly trialId: TrialId;
  readonly attempt: number;
  /** `console` for what a runner captured. */
  readonly name: string;
  /** Lines stored. */
  readonly nextSeq: number;
}

import type { AlgorithmVersionId, ExperimentId, ProjectId, ResourcePoolId } from './ids.js';

/** `COMPLETED` means that the budget is spent or the space exhausted; `STOPPED` that a person ended it. */
export type ExperimentState = 'ACTIVE' | 'PAUSED' | 'COMPLETED' | 'STOPPED';

/** A question. Without a search it is a folder of tracked trials; with one, it proposes them. */
export interface Experiment {
  readonly id: ExperimentId;
  readonly projectId: ProjectId;
  /** Unique in the project. */
  readonly name: string;
  readonly description: string;
  readonly state: ExperimentState;
  readonly search: Search | null;
  /** What runners execute for a trial of this experiment; null when trials are run by hand. */
  readonly algorithmVersionId: AlgorithmVersionId | null;
  readonly poolId: ResourcePoolId | null;
  readonly resources: Resources;
  /** Number of the next trial: 0, 1, 2 … without gaps. */
  readonly nextNumber: number;
  /** Advanced by every proposal and every end of a trial: the time axis of replay. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Everything that decides which trials are proposed. */
export interface Search {
  /** The search space as declared: parsed by `search/space`. */
  readonly space: Readonly<Record<string, unknown>>;
  readonly objective: Objective;
  readonly sampler: Method;
  readonly pruner: Method;
  readonly budget: Budget;
  /** Seeds every proposal: same history and seed, same proposals. */
  readonly seed: string;
}

export interface Objective {
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
  /** Which number of the metric's series becomes the trial's value. */
  readonly take: 'last' | 'best';
}

/** A sampler or pruner of the register with its options. */
export interface Method {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Budget {
  readonly maxTrials: number | null;
  readonly maxParallel: number;
  readonly maxHours: number | null;
}

/** What one attempt needs from a runner. */
export interface Resources {
  readonly gpus: number;
  /** CPU slots. */
  readonly slots: number;
  /** Wall-clock limit of one attempt, null for none. */
  readonly timeoutSeconds: number | null;
}

import type { Replicates } from '../search/history.js';
import type { AlgorithmVersionId, ExperimentId, ProjectId, ResourcePoolId } from './ids.js';

export type { Replicates };

/** `COMPLETED`: the budget is spent or the space exhausted. `STOPPED`: a person ended it, or its trials kept failing alike. */
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
  /** Advanced by every proposal, pause, resumption and end of a trial: the time axis of replay. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Everything that decides which trials are proposed. */
export interface Search {
  /** The search space as declared: parsed by `search/space`. */
  readonly space: Readonly<Record<string, unknown>>;
  /** The first of `objectives`: what a pruner watches, and what `Trial.value` is of. */
  readonly objective: Objective;
  /** What it tries to make good, 1 to 8 metrics; with several there is no best trial, but a Pareto front. */
  readonly objectives: readonly Objective[];
  /** Bounds that good trials keep. */
  readonly metricConstraints: readonly MetricConstraint[];
  /** Null: each point is tried once. */
  readonly replicates: Replicates | null;
  readonly sampler: Method;
  readonly pruner: Method;
  readonly budget: Budget;
  /** Seeds every proposal: same history and seed, same proposals. */
  readonly seed: string;
  /** How many trials in a row may fail alike by the user's code before the search is stopped; 0: any number. */
  readonly failureLimit: number;
  /** Number of the revision that space and budget are of: 1, and one more with each change of them. */
  readonly revision: number;
  /** How many trials of other experiments its models know, from the beginning or adopted later. */
  readonly warmTrials: number;
}

/** Space and budget of a search between two changes of them. */
export interface SearchRevision {
  readonly experimentId: ExperimentId;
  readonly number: number;
  /** Proposals after this position of the experiment's sequence are of this revision, or of a later one. */
  readonly fromSequence: number;
  /** Number of the first trial that it could propose. */
  readonly fromTrial: number;
  readonly space: Search['space'];
  readonly budget: Budget;
  /** Who changed it, such as `user:<id>`; null of the first one. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** What a search has that does not say otherwise, or was made before there were such fields. */
export const SEARCH_DEFAULTS = {
  failureLimit: 5,
  revision: 1,
  warmTrials: 0,
  metricConstraints: [],
  replicates: null,
} as const;

export interface Objective {
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
  /** Which number of the metric's series becomes the trial's value. */
  readonly take: 'last' | 'best';
}

/** A bound on a metric: a trial that breaks one is infeasible, which is worse than any feasible one. One of the two is null. */
export interface MetricConstraint {
  readonly metric: string;
  readonly atMost: number | null;
  readonly atLeast: number | null;
  /** Which number of the metric's series counts: `worst` is the one nearest to the bound, or farthest beyond it. */
  readonly take: 'last' | 'worst';
}

/** A sampler, pruner or scheduler of the register with its options. */
export interface Method {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Budget {
  readonly maxTrials: number | null;
  readonly maxParallel: number;
  /** Since its creation. */
  readonly maxHours: number | null;
  /** Of its training jobs: GPUs times the hours that runners held them. */
  readonly maxGpuHours: number | null;
  /** The same of CPU slots: the cost of a search without GPUs. */
  readonly maxSlotHours: number | null;
  /** What becomes of trials that have not ended when its hours of any kind are spent. */
  readonly whenSpent: 'finish' | 'stop';
}

/** What a budget has that does not say otherwise, or was made before there were such fields. */
export const BUDGET_DEFAULTS = { maxGpuHours: null, maxSlotHours: null, whenSpent: 'finish' } as const;

/** What an experiment has cost so far. */
export interface Cost {
  /** Since its creation. */
  readonly hours: number;
  /** GPUs times the hours that runners held its jobs; scripts that run trials themselves hold none. */
  readonly gpuHours: number;
  /** The same of CPU slots. */
  readonly slotHours: number;
}

/** What one attempt needs from a runner. */
export interface Resources {
  readonly gpus: number;
  /** CPU slots. */
  readonly slots: number;
  /** Wall-clock limit of one attempt, null for none. */
  readonly timeoutSeconds: number | null;
}

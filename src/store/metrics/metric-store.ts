/**
 * The port of the metric store: points of trials, written once and read as columns. Every rule below has a case in
 * `test/contract/metric-store.ts`, which each adapter passes.
 *
 * 1. A batch covers `[seq, seq + n)` of its stream (trial, attempt, stream), where n counts the points of its series
 *    one after the other; `append` resolves after the batch is durable, never before.
 * 2. A batch that starts at the stream's `nextSeq` is ACCEPTED and advances it by n.
 * 3. A batch that starts below is trimmed: points already stored are compared and skipped, the rest is stored.
 * 4. Stored points that differ in any bit from the batch's make it a CONFLICT (NaN equals NaN, -0 differs from 0).
 * 5. A batch that starts above is a GAP, and the result carries the seq that is expected.
 * 6. A batch of an attempt that is not the lease's, or of another epoch, is FENCED. A null epoch asks for the attempt only.
 * 7. GAP, CONFLICT and FENCED change nothing: no point, no summary, no report, no count.
 * 8. A batch of an ended trial is welcome as long as its epoch is still the lease's.
 * 9. Each batch is judged alone: one that fails never fails another that was sent at the same time.
 * 10. Values come back bit for bit: NaN, infinities, -0 and subnormals included.
 * 11. Summaries equal what a scan of the stored points gives; min, max and mean are over finite values, the first
 *     occurrence holds the step, `first` and `last` are in stored order.
 * 12. Reports of the objective are kept per (trial, attempt, step), without a position in the experiment's sequence. The last
 *     one wins, until one is given its position: what a decision has seen stays as it was.
 * 13. `dropped` is added to the trial once per batch that brings something new.
 * 14. A read gives all points stored so far, and a cursor from which `readTail` goes on without gap or duplicate.
 * 15. Series longer than `maxPoints` come as buckets by step that hide no finite extreme and carry their counts and means:
 *     the same whether their points are compacted or not. Points outside of the steps and times asked for
 *     do not exist for a read.
 *     Their x on another axis is that of what they show, or of another metric on the same grid.
 * 16. A tail reads at most about `limitPoints` and says whether more is there; its cursor resumes in any process.
 * 17. A cursor that is not ours is CURSOR_INVALID; one from before a restore or failover is CURSOR_EXPIRED.
 * 18. `compact` changes how points are kept and nothing that a read, a cursor or a batch sent again can tell, even if it
 *     dies at any moment.
 * 19. When too much waits to be written, `append` refuses with OVERLOADED at once.
 * 20. `readGroups` tells of each group and bucket what brute force over all of its trials tells: each trial counts once, by
 *     the mean of its finite values there, of its newest attempt that has the metric. The buckets are those of the finest
 *     power of two that keeps the steps of all groups to `maxPoints` buckets.
 */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type {
  MetricSummary,
  MetricSummaryColumns,
  ReportOutcome,
  SeriesColumns,
  TrialSeries,
} from '../../domain/metric.js';
import type { StopReason } from '../../domain/trial.js';

/** Limits of what one batch and one project may hold. */
export const METRIC_LIMITS = {
  keyBytes: 256,
  streamBytes: 128,
  pointsPerBatch: 10_000,
  seriesPerBatch: 1_000,
  keysPerProject: 100_000,
  trialsPerRead: 1_000,
  pointsPerRead: 20_000_000,
  maxPoints: 100_000,
  groupsPerRead: 50,
  trialsPerGroupRead: 50_000,
  bucketsPerGroupRead: 2_000,
  quantilesPerRead: 20,
  /** Of one key: a trial's number in one bucket. 120 MB. */
  cellsPerGroupRead: 6_000_000,
  /** Some seconds, in which others are served too. */
  pointsPerGroupRead: 100_000_000,
} as const;

export interface MetricBatch {
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  /** The fencing epoch of the writer's token; null for writers who hold none. */
  readonly epoch: number | null;
  /** One per SDK process. */
  readonly stream: string;
  /** How many points of this stream came before. */
  readonly seq: number;
  readonly series: readonly SeriesColumns[];
  /** Points that the SDK had to give up since its last batch. */
  readonly dropped: number;
}

export interface AppendResult {
  readonly outcome: ReportOutcome;
  /** Points of the stream that are durable now: where the next batch starts. */
  readonly nextSeq: number;
  /** Null when FENCED. */
  readonly experimentId: ExperimentId | null;
  /** Whether the batch has points of the objective of the experiment's search. */
  readonly touchesObjective: boolean;
  /** Set when someone asked the trial to end. */
  readonly stopReason: StopReason | null;
}

/** Which trials to read: at most 1,000, or all of one experiment. */
export type MetricScope = { readonly trialIds: readonly TrialId[] } | { readonly experimentId: ExperimentId };

export interface SeriesQuery {
  readonly scope: MetricScope;
  readonly keys: readonly string[];
  /** A series with more points comes as at most this many buckets, at least half as many if its steps allow. */
  readonly maxPoints: number;
  /** Only points with steps in `[fromStep, toStep]`; null: no bound. */
  readonly fromStep?: number | null;
  readonly toStep?: number | null;
  /** Only points logged in `[fromTime, toTime]`, in seconds since the epoch; null: no bound. Stored times are finite. */
  readonly fromTime?: number | null;
  readonly toTime?: number | null;
  /** Null: rows are placed by their steps. Buckets are by step in any case. */
  readonly x?: SeriesX | null;
}

/**
 * What places the rows of a chart. A point of the metric of METRIC that is outside of the window does not exist, as for
 * the series itself.
 */
export type SeriesX =
  | { readonly axis: 'TIME' }
  | { readonly axis: 'RELATIVE_TIME' }
  | { readonly axis: 'METRIC'; readonly key: string };

/** One series of one attempt. Raw points are in stored order, buckets in order of step. */
export interface SeriesPoints extends TrialSeries {
  /** Points that the series has in the store, in the window asked for. */
  readonly count: number;
  readonly bucketed: boolean;
  /**
   * First value per bucket: of the finite point with the lowest step, the earliest stored on ties; where none is finite,
   * the same of the others. Null for raw points.
   */
  readonly first: Float64Array | null; // [m]
  /** Finite minimum and maximum per bucket, NaN where a bucket has none; null for raw points. */
  readonly min: Float64Array | null; // [m]
  readonly max: Float64Array | null; // [m]
  /** Mean of the finite values per bucket, NaN where it has none, infinite where their sum is; null for raw points. */
  readonly mean: Float64Array | null; // [m]
  /** Points and non-finite points per bucket; null for raw points. */
  readonly counts: Float64Array | null; // [m]
  readonly nonFinite: Float64Array | null; // [m]
  /**
   * Where each row stands when another axis than the step was asked for, else null. TIME: `times`. RELATIVE_TIME: `times`
   * less the origin. METRIC: for a raw point the last finite value that the metric has at the same step in the same
   * attempt, for a bucket what the metric shows in the same bucket; NaN where it has none.
   */
  readonly x: Float64Array | null; // [m]
  /**
   * With RELATIVE_TIME, in seconds since the epoch: the time of the point stored first, of all keys asked for in this
   * attempt, in the window or not; else null.
   */
  readonly origin: number | null;
}

export interface SeriesRead {
  readonly cursor: string;
  readonly series: readonly SeriesPoints[];
}

export interface GroupsQuery {
  /** Trials of one project; no trial is in two groups. At most 50,000 in all. */
  readonly groups: readonly (readonly TrialId[])[];
  readonly keys: readonly string[];
  /** Most buckets of a key over all groups: 2 to 2,000. */
  readonly maxPoints: number;
  /** Only points with steps in `[fromStep, toStep]`; null: no bound. */
  readonly fromStep?: number | null;
  readonly toStep?: number | null;
  /** From 0 to 1, at most 20. */
  readonly quantiles: readonly number[];
}

/**
 * A group's trials in one metric, bucket by bucket in order of step; buckets without any finite value are left out. A
 * trial's number in a bucket is the mean of its finite values there. Where a sum is beyond float64, means and quantiles may
 * be infinite or NaN.
 */
export interface GroupColumns {
  readonly key: string;
  /** Steps that each bucket covers: a power of two up to 2^53, the same for all groups of a key. */
  readonly width: number;
  /** The lowest step that each bucket covers: a multiple of `width`. */
  readonly steps: Float64Array; // [m]
  /** Trials that have a finite value in the bucket: at least 1. */
  readonly members: Float64Array; // [m]
  /** Of the trials' numbers; the deviation is that of a sample (n - 1), NaN of a single trial. */
  readonly mean: Float64Array; // [m]
  readonly sd: Float64Array; // [m]
  readonly min: Float64Array; // [m]
  readonly max: Float64Array; // [m]
  /** Extremes of the points themselves. */
  readonly lowest: Float64Array; // [m]
  readonly highest: Float64Array; // [m]
  /** One column per quantile asked for, linear between the trials' numbers. */
  readonly quantiles: readonly Float64Array[]; // [q][m]
}

export interface TailQuery {
  readonly scope: MetricScope;
  /** Null: every key. */
  readonly keys: readonly string[] | null;
  /** Null: from the first point stored. */
  readonly after: string | null;
  readonly limitPoints: number;
}

export interface TailRead {
  readonly cursor: string;
  /** Whether the cursor moved, be it over points of other keys. */
  readonly moved: boolean;
  readonly more: boolean;
  readonly series: readonly SeriesPoints[];
}

export interface CompactOptions {
  /** Points of running trials younger than this stay where tails are read fastest. At least 0. */
  readonly tailWindowMs: number;
  /** How long to work, give or take one transaction. */
  readonly maxMs: number;
}

export interface CompactResult {
  /** Points that were moved. */
  readonly points: number;
  /** Whether it stopped for want of time. */
  readonly more: boolean;
}

export interface MetricStore {
  /** @throws INPUT_INVALID, LIMIT_EXCEEDED when the batch is not acceptable; OVERLOADED, STORAGE_FULL to be tried again. */
  append(batch: MetricBatch): Promise<AppendResult>;
  /** @throws LIMIT_EXCEEDED when the trials hold too much to read at once. */
  readSeries(query: SeriesQuery): Promise<SeriesRead>;
  /**
   * Per group, in the order given, its columns per key, in the order given.
   * @throws INPUT_INVALID; LIMIT_EXCEEDED when the trials hold too much for one read.
   */
  readGroups(query: GroupsQuery): Promise<readonly (readonly GroupColumns[])[]>;
  /** @throws CURSOR_INVALID, CURSOR_EXPIRED */
  readTail(query: TailQuery): Promise<TailRead>;
  /** Per trial of `trialIds`, in that order; keys sorted by name. Null keys: all. */
  readSummaries(trialIds: readonly TrialId[], keys: readonly string[] | null): Promise<(readonly MetricSummary[])[]>;
  /** The same as columns with a row per trial of `trialIds`; one for each metric that some of them have, sorted by name. */
  readSummaryColumns(
    trialIds: readonly TrialId[],
    keys: readonly string[] | null,
  ): Promise<readonly MetricSummaryColumns[]>;
  /** Names of the metrics that the trials of each experiment have, sorted. */
  readKeys(experimentIds: readonly ExperimentId[]): Promise<(readonly string[])[]>;
  /** Moves old points to where they take less room and charts read them fast. Several servers may do so at once. */
  compact(options: CompactOptions): Promise<CompactResult>;
  /** Writes what waits, then refuses all that comes. */
  close(): Promise<void>;
}

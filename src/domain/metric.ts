import type { TrialId } from './ids.js';

/** Columns of one series: equal lengths; steps are safe integers, times seconds since the epoch, values any float64. */
export interface SeriesColumns {
  readonly key: string;
  readonly steps: Float64Array; // [n]
  readonly times: Float64Array; // [n]
  readonly values: Float64Array; // [n], NaN and infinities allowed
}

/** Series columns with whose they are. */
export interface TrialSeries extends SeriesColumns {
  readonly trialId: TrialId;
  readonly attempt: number;
}

/** What is kept per trial and key without reading points. `min`, `max` and `mean` are over finite values, null when there are none. */
export interface MetricSummary {
  readonly trialId: TrialId;
  readonly key: string;
  readonly count: number;
  readonly nonFinite: number;
  readonly first: number;
  readonly last: number;
  readonly lastStep: number;
  readonly min: number | null;
  readonly minStep: number | null;
  readonly max: number | null;
  readonly maxStep: number | null;
  readonly mean: number | null;
}

/** Summaries of one metric for a list of trials as columns, a row per trial; `count` 0 and NaN where a trial has no such metric. */
export interface MetricSummaryColumns {
  readonly key: string;
  readonly count: Float64Array; // [n]
  readonly first: Float64Array; // [n]
  readonly last: Float64Array; // [n]
  /** Over finite values, NaN where there are none. */
  readonly min: Float64Array; // [n]
  readonly max: Float64Array; // [n]
  /** NaN also where the sum is beyond float64. */
  readonly mean: Float64Array; // [n]
}

/** Typed results of a report: not errors. `GAP` carries the seq that the server expects, `FENCED` means a newer attempt owns the trial. */
export type ReportOutcome = 'ACCEPTED' | 'GAP' | 'CONFLICT' | 'FENCED';

/** What a training loop is told with each ack. */
export interface Verdict {
  readonly stop: boolean;
  /** It should stop for now: save its checkpoint and end. A scheduler may resume it from there. */
  readonly pause: boolean;
  readonly reason: string | null;
}

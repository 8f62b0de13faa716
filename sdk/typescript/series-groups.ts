/** Series of groups of an experiment's trials, computed by the server over all of them. */
import type { Client } from './client.js';
import { decodeColumn } from './columns.js';
import { SeriesGroupsDocument, type SeriesGroupsQuery } from './generated/operations.js';

export interface GroupsOptions {
  /** Names of the metrics, at most 20. */
  readonly keys: readonly string[];
  /** Names of the hyperparameters to group by, at most 5; default none: all trials are one group. */
  readonly by?: readonly string[] | undefined;
  /** Which trials, in the language of filters; default all. */
  readonly where?: string | undefined;
  /** Most buckets of each metric over the steps of all groups, 2 to 2,000; default 500. */
  readonly maxPoints?: number | undefined;
  /** Only points with steps from the one to the other, both included; default all. */
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
  /** From 0 to 1, at most 20; default the quartiles. */
  readonly quantiles?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One metric in a group, bucket by bucket. A trial counts once in a bucket, by the mean of its finite values there; buckets
 * without any are left out. All columns have one length.
 */
export interface GroupColumns {
  readonly key: string;
  /** Steps that each bucket covers: a power of two, the same for all groups of a metric. */
  readonly width: number;
  /** The lowest step of each bucket. */
  readonly steps: Float64Array;
  /** Trials that have a finite value in it. */
  readonly members: Float64Array;
  readonly mean: Float64Array;
  /** As of a sample (n - 1); NaN of a single trial. */
  readonly sd: Float64Array;
  /** Of the trials' numbers. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Of the points themselves. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** One column per quantile asked for. */
  readonly quantiles: readonly Float64Array[];
}

export interface SeriesGroup {
  /** Values by name; null where the trials have none, booleans as texts. */
  readonly params: Readonly<Record<string, number | string | null>>;
  readonly trialCount: number;
  /** One per key, in the order asked for. */
  readonly series: readonly GroupColumns[];
}

export interface SeriesGroups {
  /** Trials considered; when `isPartial` there are older ones that were not. */
  readonly trials: number;
  readonly isPartial: boolean;
  /** Groups left out: the 50 largest are given. */
  readonly otherGroups: number;
  /** The largest first. */
  readonly groups: readonly SeriesGroup[];
}

/** @throws TrialgraphError as the server says, e.g. for a filter that cannot be read. */
export async function readSeriesGroups(
  client: Client,
  experimentId: string,
  { keys, by = [], where, maxPoints = 500, fromStep, toStep, quantiles = [0.25, 0.5, 0.75], signal }: GroupsOptions,
): Promise<SeriesGroups> {
  const variables = {
    experimentId,
    keys: [...keys],
    by: [...by],
    where: where ?? null,
    maxPoints,
    fromStep: fromStep ?? null,
    toStep: toStep ?? null,
    quantiles: [...quantiles],
  };
  const { seriesGroups } = await client.request(SeriesGroupsDocument, variables, { signal });
  const groups = seriesGroups.groups.map(({ params, trialCount, series }) => ({
    params: params as SeriesGroup['params'],
    trialCount,
    series: series.map(columnsOf),
  }));
  return { ...seriesGroups, groups };
}

type Packed = SeriesGroupsQuery['seriesGroups']['groups'][number]['series'][number];

function columnsOf({ key, width, quantiles, ...columns }: Packed): GroupColumns {
  return {
    key,
    width: Number(width),
    steps: decodeColumn(columns.steps),
    members: decodeColumn(columns.members),
    mean: decodeColumn(columns.mean),
    sd: decodeColumn(columns.sd),
    min: decodeColumn(columns.min),
    max: decodeColumn(columns.max),
    lowest: decodeColumn(columns.lowest),
    highest: decodeColumn(columns.highest),
    quantiles: quantiles.map(decodeColumn),
  };
}

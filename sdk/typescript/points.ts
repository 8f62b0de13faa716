/** Points as they were stored: read page by page, and the form in which followers get them too. */

import type { Client } from './client.js';
import { decodeColumn } from './columns.js';
import { PointsDocument } from './generated/operations.js';

const PAGE_POINTS = 50_000;

/** Points of one series; columns of equal length. */
export interface SeriesDelta {
  readonly trialId: string;
  readonly attempt: number;
  readonly key: string;
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface MetricDelta {
  /** Where to go on. */
  readonly cursor: string;
  readonly series: readonly SeriesDelta[];
}

export interface PointsOptions {
  /** Metric keys; default all. */
  readonly keys?: readonly string[] | undefined;
  /** A cursor of an earlier page or delta; default: from the first point stored. */
  readonly after?: string | null | undefined;
  /** About how many points a page holds, 1 to 100,000; default 50,000. */
  readonly pagePoints?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every point of the trials bit for bit, each series in stored order, until all that is stored was read. The last
 * page's cursor goes on in `watch` without gap or duplicate; a page may be empty when `keys` are given.
 */
export async function* readPoints(
  client: Client,
  scope: { readonly trialIds: readonly string[] } | { readonly experimentId: string },
  { keys, after = null, pagePoints = PAGE_POINTS, signal }: PointsOptions,
): AsyncGenerator<MetricDelta> {
  const wanted = {
    trialIds: 'trialIds' in scope ? [...scope.trialIds] : null,
    experimentId: 'experimentId' in scope ? scope.experimentId : null,
    keys: keys ? [...keys] : null,
    limit: pagePoints,
  };
  let cursor = after;
  for (;;) {
    const { points } = await client.request(PointsDocument, { ...wanted, after: cursor }, { signal });
    yield { cursor: points.cursor, series: points.series.map(seriesOf) };
    if (!points.more) return;
    cursor = points.cursor;
  }
}

/** A series as it comes over the wire, its columns unpacked. */
export function seriesOf(series: {
  readonly trialId: string;
  readonly attempt: number;
  readonly key: string;
  readonly steps: string;
  readonly times: string;
  readonly values: string;
}): SeriesDelta {
  const { trialId, attempt, key, steps, times, values } = series;
  return {
    trialId,
    attempt,
    key,
    steps: decodeColumn(steps),
    times: decodeColumn(times),
    values: decodeColumn(values),
  };
}

/** Fills a SeriesStore: history by query, then the points reported after its cursor, until the signal aborts. */
import {
  decodeColumn,
  MetricsReportedDocument,
  SeriesDocument,
  type SeriesQuery,
} from '../../../sdk/typescript/browser.js';
import { client, codeOf, request } from '../api/client.js';
import type { PointColumns, SeriesStore } from './series-store.js';

/** Which points: of some trials, or of all of an experiment. */
export type SeriesScope = { readonly trialIds: readonly string[] } | { readonly experimentId: string };

export interface SeriesFeedOptions {
  readonly scope: SeriesScope;
  /** Metrics of the history. */
  readonly keys: readonly string[];
  /** Whether metrics not in `keys` are followed too. */
  readonly followsNewKeys: boolean;
  readonly maxPoints: number;
  readonly signal: AbortSignal;
}

/** Resolves when `signal` aborts. @throws TrialgraphError when trying again cannot help. */
export async function feedSeries(store: SeriesStore, options: SeriesFeedOptions): Promise<void> {
  const keys = new Set(options.keys);
  while (!options.signal.aborted) {
    try {
      if (!(await follow(store, keys, options))) return;
    } catch (error) {
      if (options.signal.aborted) return;
      if (codeOf(error) !== 'CURSOR_EXPIRED') throw error;
    }
  }
}

/** @returns true when the history must be read again, for a metric it did not have. */
async function follow(store: SeriesStore, keys: Set<string>, options: SeriesFeedOptions): Promise<boolean> {
  const { scope, followsNewKeys, maxPoints, signal } = options;
  const variables = variablesOf(scope);
  if (keys.size > 0) {
    const { series } = await request(SeriesDocument, { ...variables, keys: [...keys], maxPoints }, { signal });
    if (signal.aborted) return false;
    store.load(series.cursor, series.series.map(decode));
  } else {
    store.load(null, []);
  }
  const isFromStart = keys.size === 0;
  const deltas = client.subscribe(
    MetricsReportedDocument,
    () => ({ ...variables, keys: followsNewKeys ? null : [...keys], after: store.cursor }),
    { signal },
  );
  for await (const { metricsReported: delta } of deltas) {
    const added = delta.series.map(({ key }) => key).filter((key) => !keys.has(key));
    if (added.length > 0) {
      for (const key of added) keys.add(key);
      if (!isFromStart) return true;
    }
    store.append(delta.cursor, delta.series.map(decode));
  }
  return false;
}

function variablesOf(scope: SeriesScope): { trialIds?: string[]; experimentId?: string } {
  return 'trialIds' in scope ? { trialIds: [...scope.trialIds] } : { experimentId: scope.experimentId };
}

type Columns = Pick<SeriesQuery['series']['series'][number], 'trialId' | 'attempt' | 'key' | 'steps' | 'values'>;

function decode(column: Columns): PointColumns {
  return {
    trialId: column.trialId,
    attempt: column.attempt,
    key: column.key,
    steps: decodeColumn(column.steps),
    values: decodeColumn(column.values),
  };
}

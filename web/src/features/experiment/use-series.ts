/** The points of one metric, live: of the whole experiment while that is small, else of the trials that matter now. */
import { useEffect, useState } from 'react';
import { messageOf, noteError } from '../../api/client.js';
import { feedSeries, type SeriesScope } from '../../live/series-feed.js';
import { SeriesStore } from '../../live/series-store.js';

/** Above this the server is asked for single trials. */
const WHOLE_TRIALS = 1000;
const POINTS_IN_ALL = 150_000;
const FEWEST_POINTS = 50;
const MOST_POINTS = 2000;

export interface LiveSeries {
  readonly store: SeriesStore;
  readonly error: string | null;
}

/** `trialIds`: those drawn and those running. `total` trials are in the experiment; null before that is known. */
export function useSeries(
  experimentId: string,
  metric: string | null,
  total: number | null,
  trialIds: readonly string[],
): LiveSeries {
  const [store] = useState(() => new SeriesStore());
  const [error, setError] = useState<string | null>(null);
  const isWhole = total !== null && total <= WHOLE_TRIALS;
  const scopeKey = isWhole ? '' : trialIds.slice(0, WHOLE_TRIALS).join(' ');

  // `total` decides the detail once, when the feed starts.
  useEffect(() => {
    if (metric === null || total === null || (!isWhole && scopeKey === '')) return;
    const abort = new AbortController();
    const scope: SeriesScope = isWhole ? { experimentId } : { trialIds: scopeKey.split(' ') };
    const count = isWhole ? total : scopeKey.split(' ').length;
    const maxPoints = Math.round(Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, POINTS_IN_ALL / Math.max(1, count))));
    setError(null);
    feedSeries(store, { scope, keys: [metric], followsNewKeys: false, maxPoints, signal: abort.signal }).catch(
      (reason: unknown) => {
        noteError(reason);
        if (!abort.signal.aborted) setError(messageOf(reason));
      },
    );
    return () => abort.abort();
  }, [store, experimentId, metric, isWhole, scopeKey, total === null]);

  return { store, error };
}

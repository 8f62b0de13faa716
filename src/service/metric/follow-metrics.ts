import type { Principal } from '../../domain/roles.js';
import type { SeriesPoints } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { topicsOf } from './metric-topics.js';
import { requireScope } from './places.js';
import { type ScopeInput, scopeFrom } from './scope-from.js';

/** How long a lost wake-up can delay a point. */
const POLL_MS = 2_000;
const MIN_INTERVAL_MS = 250;
/** A wake-up that brought nothing must not become a busy loop. */
const IDLE_PAUSE_MS = 25;
const LIMIT_POINTS = 100_000;

export interface FollowMetricsInput extends ScopeInput {
  /** A cursor of `readSeries` or of an earlier delta; absent: from the first point stored. */
  readonly after?: string | null | undefined;
  /** At most one delta in this time; default 250 ms. */
  readonly minIntervalMs?: number | undefined;
  /** Who the caller is now: asked before every read. @throws when it may no longer. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
}

export interface MetricDelta {
  readonly cursor: string;
  /** Never bucketed. */
  readonly series: readonly SeriesPoints[];
}

/**
 * Points as they are committed, from the cursor on: no gap and no duplicate. The first delta comes at once, be it empty;
 * a slow reader gets fewer and larger ones, never a queue. Ends when `signal` aborts.
 * @throws NOT_FOUND, FORBIDDEN, CURSOR_INVALID, CURSOR_EXPIRED
 */
export async function* followMetrics(
  deps: Deps,
  principal: Principal,
  input: FollowMetricsInput,
  signal: AbortSignal,
): AsyncGenerator<MetricDelta, void, undefined> {
  const { scope, keys } = scopeFrom(input);
  const minIntervalMs = input.minIntervalMs ?? MIN_INTERVAL_MS;
  const subscription = deps.wakeups.subscribe(topicsOf(scope));
  try {
    let cursor = input.after ?? null;
    let isFirst = true;
    while (!signal.aborted) {
      await requireScope(deps, input.recheck === undefined ? principal : await input.recheck(), scope);
      const startedMs = deps.clock.monotonicMs();
      const {
        series,
        moved,
        more,
        cursor: next,
      } = await deps.metrics.readTail({ scope, keys, after: cursor, limitPoints: LIMIT_POINTS });
      cursor = next;
      if (isFirst || series.length > 0) yield { cursor, series };
      isFirst = false;
      const pauseMs = startedMs + (moved ? minIntervalMs : IDLE_PAUSE_MS) - deps.clock.monotonicMs();
      if (pauseMs > 0 && !signal.aborted) await deps.clock.sleep(pauseMs, signal);
      if (!more && !signal.aborted) await subscription.wait(POLL_MS, signal);
    }
  } finally {
    subscription.close();
  }
}

import type { Principal } from '../../domain/roles.js';
import type { SeriesPoints } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { topicsOf } from './metric-topics.js';
import { requireScope } from './places.js';
import { type ScopeInput, scopeFrom } from './scope-from.js';
import { shareTail } from './shared-tail.js';

/** How long a lost wake-up can delay a point. */
const POLL_MS = 2_000;
const MIN_INTERVAL_MS = 250;
/** A wake-up that brought nothing must not become a busy loop. */
const IDLE_PAUSE_MS = 25;

export interface FollowMetricsInput extends ScopeInput {
  /** A cursor of `readSeries` or of an earlier delta; absent: from the first point stored. */
  readonly after?: string | null | undefined;
  /** At most one delta in each stretch of this length; default 250 ms. */
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
  const tail = shareTail(deps, scope, keys);
  try {
    let after = input.after ?? null;
    let isFirst = true;
    while (!signal.aborted) {
      await requireScope(deps, input.recheck === undefined ? principal : await input.recheck(), scope);
      const delta = await tail.read(after);
      after = delta.cursor;
      if (isFirst || delta.series.length > 0) yield delta;
      isFirst = false;
      // Who catches up is held back by its own connection only.
      if (delta.more || signal.aborted) continue;
      await deps.clock.sleep(delta.moved ? tail.untilBeat(minIntervalMs) : IDLE_PAUSE_MS, signal);
      if (!signal.aborted) await subscription.wait(tail.untilBeat(POLL_MS), signal);
    }
  } finally {
    tail.close();
    subscription.close();
  }
}

import type { Principal } from '../../domain/roles.js';
import type { LogPage } from '../../store/logs/log-store.js';
import type { Deps } from '../deps.js';
import { requireReadableTrial } from '../metric/places.js';
import { logTopic } from './log-topic.js';
import { attemptOf, type LogTarget } from './read-log.js';

const POLL_MS = 2_000;
const MIN_INTERVAL_MS = 250;
const LINES_PER_PAGE = 5_000;

export interface FollowLogInput extends LogTarget {
  /** A cursor of `readLog` or of an earlier page; absent: from the first line. */
  readonly after?: string | null | undefined;
  /** At most one page in this time; default 250 ms. */
  readonly minIntervalMs?: number | undefined;
  /** Who the caller is now: asked before every read. @throws when it may no longer. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
}

/**
 * Lines of one attempt's log as they are committed: no gap and no duplicate. The first page comes at once, be it empty.
 * Ends when `signal` aborts.
 * @throws NOT_FOUND, FORBIDDEN, CURSOR_INVALID, CURSOR_EXPIRED
 */
export async function* followLog(
  deps: Deps,
  principal: Principal,
  input: FollowLogInput,
  signal: AbortSignal,
): AsyncGenerator<LogPage, void, undefined> {
  const attempt = await attemptOf(deps, input);
  const subscription = deps.wakeups.subscribe([logTopic(attempt.trialId)]);
  try {
    let after = input.after ?? null;
    let isFirst = true;
    while (!signal.aborted) {
      await requireReadableTrial(
        deps,
        input.recheck === undefined ? principal : await input.recheck(),
        attempt.trialId,
      );
      const startedMs = deps.clock.monotonicMs();
      const page = await deps.logs.readPage({ ...attempt, after, first: LINES_PER_PAGE, tail: null });
      after = page.cursor;
      const brings = page.lines.length > 0;
      if (isFirst || brings) yield page;
      isFirst = false;
      const pauseMs = startedMs + (brings ? (input.minIntervalMs ?? MIN_INTERVAL_MS) : 0) - deps.clock.monotonicMs();
      if (pauseMs > 0 && !signal.aborted) await deps.clock.sleep(pauseMs, signal);
      if (!page.hasMore && !signal.aborted) await subscription.wait(POLL_MS, signal);
    }
  } finally {
    subscription.close();
  }
}

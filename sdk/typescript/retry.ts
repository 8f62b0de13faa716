/**
 * Waiting: between attempts, exponential with full jitter, so that clients that lost one server do not return at once; and
 * for an answer, within a limit.
 */

export interface Backoff {
  /** Upper bound of the first wait. */
  readonly baseMs: number;
  /** Upper bound of every wait. */
  readonly maxMs: number;
}

/** Milliseconds to wait before attempt `attempt` (1, 2 …): uniform in [0, min(max, base · 2^(attempt − 1))]. */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff, random: () => number = Math.random): number {
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}

/** Resolves after `ms`, or early when `signal` aborts; it never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/**
 * A signal that aborts after `ms`, or with `signal`, until it is ended. Not `AbortSignal.any` of `AbortSignal.timeout`:
 * Node 20 may collect a timeout that nothing else refers to, and then it never comes.
 */
export function startLimit(ms: number, signal?: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const limit = new AbortController();
  const abort = (): void => limit.abort(signal?.reason);
  const timer = setTimeout(() => limit.abort(new DOMException(`no answer within ${ms / 1000} s`, 'TimeoutError')), ms);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  return {
    signal: limit.signal,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

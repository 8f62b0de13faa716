/** Turns the ways a process is asked to end into one AbortSignal. */

export interface StoppingOptions {
  /** Seconds after which we leave whatever is still going on; a second Ctrl+C leaves at once. */
  readonly limitSeconds: number;
}

/** Ctrl+C reaches a whole process group, and npm passes it on once more: what comes together is one request. */
const ONE_REQUEST_MS = 1_000;
/** Without the parent there is nobody to finish for: the server of a lost `up` is going down as well. */
const ORPHAN_LIMIT_SECONDS = 12;

/** SIGINT, SIGTERM, SIGHUP, and for a supervised child the loss of its parent. */
export function stopSignal({ limitSeconds }: StoppingOptions): AbortSignal {
  const controller = new AbortController();
  let askedAt = 0;
  const stop = (seconds: number) => {
    if (controller.signal.aborted && performance.now() - askedAt > ONE_REQUEST_MS) process.exit(130);
    if (controller.signal.aborted) return;
    askedAt = performance.now();
    controller.abort();
    setTimeout(() => process.exit(1), seconds * 1_000).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop(limitSeconds));
  process.once('SIGHUP', () => stop(limitSeconds));
  process.once('disconnect', () => {
    if (!controller.signal.aborted) stop(Math.min(limitSeconds, ORPHAN_LIMIT_SECONDS));
  });
  return controller.signal;
}

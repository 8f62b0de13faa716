/** Turns the ways a process is asked to end into one AbortSignal. */

export interface StoppingOptions {
  /** Seconds after which we leave whatever is still going on; a second Ctrl+C leaves at once. */
  readonly limitSeconds: number;
}

/** SIGINT, SIGTERM, SIGHUP, and for a supervised child the loss of its parent. */
export function stopSignal({ limitSeconds }: StoppingOptions): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    setTimeout(() => process.exit(1), limitSeconds * 1_000).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  process.once('SIGHUP', stop);
  if (process.connected) process.once('disconnect', () => controller.signal.aborted || stop());
  return controller.signal;
}

/**
 * A follower of the services as the source of a subscription. When the client leaves, the follower's pending wait is
 * aborted first: a generator that waits cannot be ended from outside.
 */
import type { Context } from './context.js';

/** The stream of `follow`, ended as soon as the subscriber returns; every value gets fresh loaders. */
export function live<Value>(
  context: Context,
  follow: (signal: AbortSignal) => AsyncGenerator<Value>,
): AsyncGenerator<Value> {
  const abort = new AbortController();
  const source = follow(abort.signal);
  const end = async (): Promise<IteratorResult<Value>> => {
    abort.abort();
    // What the aborted wait throws is of no interest to a subscriber who left.
    await source.return(undefined).catch(() => undefined);
    return { done: true, value: undefined };
  };
  return {
    next: async () => {
      try {
        const result = await source.next();
        context.renew();
        return abort.signal.aborted ? { done: true, value: undefined } : result;
      } catch (error) {
        if (abort.signal.aborted) return { done: true, value: undefined };
        throw error;
      }
    },
    return: end,
    throw: async (error: unknown) => {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
}

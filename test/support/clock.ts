/** A clock that runs like a real one and can be pushed forward: sleepers whose time has come wake at once. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../src/service/deps.js';

export interface TestClock extends Clock {
  /** Moves wall and monotonic time by `ms`. */
  advance(ms: number): void;
  /** Moves wall time only, in either direction, as a correction of the machine's clock does. */
  jump(ms: number): void;
}

interface Sleeper {
  readonly until: number;
  wake(): void;
}

export function createTestClock(): TestClock {
  const sleepers = new Set<Sleeper>();
  let advanced = 0;
  let jumped = 0;
  const monotonicMs = (): number => performance.now() + advanced;

  return {
    now: () => new Date(Date.now() + advanced + jumped),
    monotonicMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          sleepers.delete(sleeper);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        const sleeper: Sleeper = { until: monotonicMs() + ms, wake };
        sleepers.add(sleeper);
        if (signal?.aborted === true) wake();
        else signal?.addEventListener('abort', wake, { once: true });
      }),
    advance(ms) {
      advanced += ms;
      for (const sleeper of [...sleepers]) if (sleeper.until <= monotonicMs()) sleeper.wake();
    },
    jump(ms) {
      jumped += ms;
    },
  };
}

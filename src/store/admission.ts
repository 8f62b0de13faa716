/** How many may wait for a pool of connections: who comes when the line is full is told at once, and when to come again. */
import { PlatformError } from '../domain/errors.js';

/** Beyond this a line only grows staler: those at its end would give up before their turn. */
const MOST_WAITING = 100;
const RETRY_AFTER_SECONDS = 1;

/** Runs `work`. @throws OVERLOADED at once when too many are before it. */
export type Admission = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** For a pool of `connections`; `what` names its work in the refusal. */
export function admission(what: string, connections: number): Admission {
  let underWay = 0;
  return async (work) => {
    if (underWay >= connections + MOST_WAITING) {
      throw new PlatformError('OVERLOADED', `too many ${what} wait for the database; try again shortly`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    underWay++;
    try {
      return await work();
    } finally {
      underWay--;
    }
  };
}

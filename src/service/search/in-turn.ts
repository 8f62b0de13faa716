/** Work on one thing in turn within this process, so that those who wait hold no connection. Between servers row locks decide. */
import type { Database } from '../../store/database.js';

const lines = new WeakMap<Database, Map<string, Promise<unknown>>>();

/** What `work` gives, once everything that was asked for the same `key` before has ended. */
export async function inTurn<Result>(database: Database, key: string, work: () => Promise<Result>): Promise<Result> {
  const line = lines.get(database) ?? new Map<string, Promise<unknown>>();
  lines.set(database, line);
  const before = line.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => undefined);
  line.set(key, settled);
  try {
    return await mine;
  } finally {
    if (line.get(key) === settled) line.delete(key);
  }
}

/**
 * Work on one thing in turn, and on few things at once, within this process: those who wait hold no connection, and while
 * samplers think there are connections left for heartbeats. Between servers row locks decide.
 */
import type { Database } from '../../store/database.js';

/** Less than the connections that write, by enough for leases. */
const MOST_AT_ONCE = 2;

const lines = new WeakMap<Database, Map<string, Promise<unknown>>>();
const desks = new WeakMap<Database, Desk>();

/** What `work` gives, once everything that was asked for the same `key` before has ended, and few others are at work. */
export async function inTurn<Result>(database: Database, key: string, work: () => Promise<Result>): Promise<Result> {
  const line = lines.get(database) ?? new Map<string, Promise<unknown>>();
  lines.set(database, line);
  const before = line.get(key) ?? Promise.resolve();
  const mine = before.then(() => atDesk(database, work));
  const settled = mine.catch(() => undefined);
  line.set(key, settled);
  try {
    return await mine;
  } finally {
    if (line.get(key) === settled) line.delete(key);
  }
}

interface Desk {
  busy: number;
  readonly waiting: (() => void)[];
}

async function atDesk<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  const desk = desks.get(database) ?? { busy: 0, waiting: [] };
  desks.set(database, desk);
  if (desk.busy < MOST_AT_ONCE) desk.busy += 1;
  else await new Promise<void>((resolve) => desk.waiting.push(resolve));
  try {
    return await work();
  } finally {
    // A place is handed on, not given back, while somebody waits for it.
    const next = desk.waiting.shift();
    if (next === undefined) desk.busy -= 1;
    else next();
  }
}

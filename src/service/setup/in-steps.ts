/** Deletion of many rows in small steps: no transaction holds the change feed's horizon for long. */
import type { Database, Sql } from '../../store/database.js';

/** Rows that one step deletes at most. */
export const AT_ONCE = 1000;
/** More than a busy server makes between two calls. */
const MOST_STEPS = 100;

/** Steps until one finds less than `AT_ONCE`; says how many rows went. What is left after many steps is for the next call. */
export async function inSteps(database: Database, step: (tx: Sql) => Promise<number>): Promise<number> {
  let total = 0;
  for (let i = 0; i < MOST_STEPS; i++) {
    const some = await database.transaction(step);
    total += some;
    if (some < AT_ONCE) break;
  }
  return total;
}

/** A transaction of the ingest pool, and the rule for groups: one bad batch never fails the others. */
import type pg from 'pg';
import { isPlatformError } from '../../domain/errors.js';
import { translateDatabaseError } from '../database.js';
import type { Settled } from './group-commit.js';

/** How long a group waits for a row that another transaction holds. */
const LOCK_TIMEOUT_MS = 500;

/** Runs `work` in one transaction; resolves after the commit. @throws OVERLOADED, STORAGE_FULL as database.ts translates. */
export async function ingestTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  let client: pg.PoolClient | null = null;
  const ignore = () => {}; // the query under way rejects with the same error
  try {
    client = await pool.connect();
    client.on('error', ignore);
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const result = await work(client);
    await client.query('COMMIT');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    await giveBack(client, ignore);
    throw translateDatabaseError(error);
  }
}

/**
 * One outcome per item: of a transaction for all of them or, if that fails for any reason but a lost database, of one
 * transaction each. Safe whatever happened to the first commit, since items are idempotent by their key.
 */
export async function togetherOrAlone<Item, Result>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Settled<Result>[]> {
  try {
    return (await write(items)).map((result) => ({ result }));
  } catch (error) {
    if (items.length === 1 || isDatabaseGone(error)) return items.map(() => ({ error }));
  }
  const outcomes: Settled<Result>[] = [];
  for (const item of items) {
    try {
      const [result] = await write([item]);
      outcomes.push({ result: result as Result }); // one item in, one result out
    } catch (error) {
      outcomes.push({ error });
    }
  }
  return outcomes;
}

function isDatabaseGone(error: unknown): boolean {
  if (!isPlatformError(error)) return false;
  return error.code === 'STORAGE_FULL' || (error.code === 'OVERLOADED' && error.message.includes('does not answer'));
}

async function giveBack(client: pg.PoolClient | null, ignore: () => void): Promise<void> {
  if (client === null) return;
  try {
    await client.query('ROLLBACK');
    client.off('error', ignore);
    client.release();
  } catch {
    client.release(true); // the connection is of no more use
  }
}

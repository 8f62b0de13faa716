/** A transaction of the ingest pool, and the rule for groups: one bad batch never fails the others. */
import type pg from 'pg';
import { isPlatformError } from '../../domain/errors.js';
import { translateDatabaseError } from '../database.js';
import type { Settled } from './group-commit.js';

/** How long a group waits for a row that another transaction holds. */
const LOCK_TIMEOUT_MS = 500;

/** What a transaction gives: its result, and statements that are on their way but were not waited for. */
export interface Sent<Result> {
  readonly result: Result;
  readonly writes: readonly Promise<unknown>[];
}

/**
 * Runs `work` in one transaction on a pipelined connection. The COMMIT is sent behind the writes of `work` without
 * waiting for them: if one fails, Postgres makes it a rollback, and this throws. Resolves after the commit.
 * @throws OVERLOADED, STORAGE_FULL as database.ts translates.
 */
export async function ingestTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Sent<Result>>,
): Promise<Result> {
  let client: pg.PoolClient | null = null;
  const ignore = () => {}; // the query under way rejects with the same error
  try {
    client = await pool.connect();
    client.on('error', ignore);
    const begun = client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    begun.catch(ignore); // seen below, or the error of what came after it is
    const { result, writes } = await work(client);
    const [commit] = await Promise.all([client.query('COMMIT'), begun, ...writes]);
    if (commit.command !== 'COMMIT') throw new Error(`the transaction ended with ${commit.command}`);
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

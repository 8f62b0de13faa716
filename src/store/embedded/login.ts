/** Logging in: the proof that a server is ours. The password check is mutual, and the server names its own data folder. */

import { realpathSync } from 'node:fs';

import pg from 'pg';

import { type Cluster, OWNER } from './cluster.js';
import { parsePidFile } from './pid-file.js';

const ANSWER_WITHIN_MS = 5000;

/** The cluster's address; without a database that of the server's own one. */
export function urlOf(cluster: Cluster, port: number, database: string = OWNER): string {
  return `postgres://${OWNER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/**
 * The process id of our server on this port, or undefined when it does not answer (yet) or is another's.
 * Makes the database `trialgraph` if it is not there.
 */
export async function proveServer(cluster: Cluster, port: number): Promise<number | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  // Without a listener a server that dies now would end our process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; note: string }>(
      "SELECT current_setting('data_directory') AS folder, pg_read_file('postmaster.pid') AS note",
    );
    const row = rows[0];
    if (row === undefined || realpathSync(row.folder) !== realpathSync(cluster.data)) return undefined;
    await ensureDatabase(client);
    return parsePidFile(row.note)?.pid;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [OWNER]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${OWNER}`).catch(ignoreDuplicate);
}

/** Two processes may find the database missing at the same moment. */
function ignoreDuplicate(error: Error & { code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}

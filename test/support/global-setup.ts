/**
 * One embedded Postgres for the whole test run; its address is in TRIALGRAPH_TEST_DATABASE_URL. Set that yourself (a
 * superuser of a cluster to throw away) to run on another version: Postgres 15 is the oldest that must pass.
 */

import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmbeddedPostgres } from '../../src/store/embedded.js';

/** Tests lose nothing of worth in a power cut, so they need not wait for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the server; returns what stops it and removes its files. */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.TRIALGRAPH_TEST_DATABASE_URL) return async () => undefined;
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'trialgraph-tests-')));
  chmodSync(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory, log: () => undefined, settings: FAST });
  process.env.TRIALGRAPH_TEST_DATABASE_URL = server.url;

  const tearDown = async (): Promise<void> => {
    for (const signal of INTERRUPTIONS) process.removeListener(signal, onInterruption);
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const onInterruption = (): void => {
    void tearDown().finally(() => process.exit(130));
  };
  for (const signal of INTERRUPTIONS) process.once(signal, onInterruption);
  return tearDown;
}

/**
 * One embedded Postgres for the whole test run; its address is in TRIALGRAPH_TEST_DATABASE_URL. Set that yourself (a
 * superuser of a cluster to throw away) to run on another version: Postgres 15 is the oldest that must pass.
 */

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded.js';

/** Tests lose nothing of worth in a power cut, so they need not wait for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Gives the run a folder for temporary files and starts the server in it; returns what stops it and removes the folder. */
export default async function setUp(): Promise<() => Promise<void>> {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'trialgraph-tests-')));
  chmodSync(directory, 0o755);
  // What a test or a killed process leaves behind goes with the run. Postgres may be another user than we are.
  const temporary = path.join(directory, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  process.env.TMPDIR = temporary;
  const server = process.env.TRIALGRAPH_TEST_DATABASE_URL ? undefined : await startPostgres(directory);

  const tearDown = async (): Promise<void> => {
    for (const signal of INTERRUPTIONS) process.removeListener(signal, onInterruption);
    await server?.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const onInterruption = (): void => {
    void tearDown().finally(() => process.exit(130));
  };
  for (const signal of INTERRUPTIONS) process.once(signal, onInterruption);
  return tearDown;
}

async function startPostgres(parent: string): Promise<EmbeddedPostgres> {
  const directory = path.join(parent, 'postgres');
  mkdirSync(directory);
  const server = await startEmbeddedPostgres({ directory, log: () => undefined, settings: FAST });
  process.env.TRIALGRAPH_TEST_DATABASE_URL = server.url;
  return server;
}

/** A whole server without HTTP: a real Postgres, a folder of blobs, a clock to push, and an administrator. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Project } from '../../src/domain/project.js';
import type { ResourcePool } from '../../src/domain/resource-pool.js';
import type { UserPrincipal } from '../../src/domain/roles.js';
import { loadUserPrincipal } from '../../src/service/access/load-principal.js';
import { inlineAnalyst } from '../../src/service/analysis/analyst.js';
import type { Deps } from '../../src/service/deps.js';
import { createProject } from '../../src/service/project/create-project.js';
import { inlineProposer } from '../../src/service/search/proposer.js';
import { ensureFirstRun } from '../../src/service/setup/first-run.js';
import { openFileBlobStore } from '../../src/store/blobs/files/file-blob-store.js';
import { openDatabase } from '../../src/store/database.js';
import { createLogStore } from '../../src/store/logs/postgres-log-store.js';
import { createMetricStore } from '../../src/store/metrics/postgres/metric-store.js';
import { createStorageGuard } from '../../src/store/storage/storage-guard.js';
import { tables } from '../../src/store/tables/index.js';
import { openWakeups } from '../../src/store/wakeups.js';
import { createTestClock, type TestClock } from './clock.js';
import { cloneTemplate } from './database.js';

export interface World {
  readonly deps: Deps;
  /** The same as `deps.clock`, with its handles. */
  readonly clock: TestClock;
  /** Administrator of the organization. */
  readonly admin: UserPrincipal;
  /** An empty project. */
  readonly project: Project;
  /** Pool `default`. */
  readonly pool: ResourcePool;
  readonly url: string;
  /** Where the blobs are. */
  readonly blobDirectory: string;
  /** What was logged. */
  readonly logged: string[];
  /** Another server on the same database, blobs and clock. Closed with the world. */
  openServer(): Promise<Deps>;
  close(): Promise<void>;
}

/** A world with a database of its own, or in the migrated one that is given. Close it in `afterAll`. */
export async function openWorld(given: { readonly url?: string } = {}): Promise<World> {
  const database =
    given.url === undefined ? await cloneTemplate() : { url: given.url, drop: async (): Promise<void> => undefined };
  const blobDirectory = await mkdtemp(path.join(tmpdir(), 'trialgraph-blobs-'));
  const clock = createTestClock();
  const logged: string[] = [];
  const pepper = randomBytes(32);
  const servers: Deps[] = [];

  const openServer = async (): Promise<Deps> => {
    const deps = await openDeps({ url: database.url, blobDirectory, clock, pepper, logged });
    servers.push(deps);
    return deps;
  };
  const deps = await openServer();
  const { admin: user, pool } = await ensureFirstRun(deps);
  const admin = await loadUserPrincipal(deps.database.read, user.id);
  if (admin === null) throw new Error('the first run made no administrator');
  const project = await createProject(deps, admin, { name: 'project' });

  return {
    deps,
    clock,
    admin,
    project,
    pool,
    url: database.url,
    blobDirectory,
    logged,
    openServer,
    close: async () => {
      for (const server of servers) await closeDeps(server);
      await database.drop();
      await rm(blobDirectory, { recursive: true, force: true });
    },
  };
}

interface Opening {
  readonly url: string;
  readonly blobDirectory: string;
  readonly clock: TestClock;
  readonly pepper: Buffer;
  readonly logged: string[];
}

async function openDeps({ url, blobDirectory, clock, pepper, logged }: Opening): Promise<Deps> {
  const log = (line: string): void => void logged.push(line);
  const database = await openDatabase({
    url,
    tables,
    poolSizes: { read: 4, write: 4, ingest: 2, lease: 3, vital: 2 },
    log,
  });
  return {
    database,
    storage: createStorageGuard({ gauges: [], monotonicMs: () => clock.monotonicMs(), log }),
    metrics: createMetricStore(database),
    logs: createLogStore(database),
    blobs: await openFileBlobStore(blobDirectory),
    wakeups: await openWakeups({ url, log }),
    proposer: inlineProposer,
    // One for each server: what is remembered of answers hangs on it.
    analyst: { ...inlineAnalyst },
    clock,
    dayMs: 86_400_000,
    random: randomBytes,
    pepper,
    log,
  };
}

async function closeDeps(deps: Deps): Promise<void> {
  await Promise.all([deps.metrics.close(), deps.logs.close()]);
  await deps.wakeups.close();
  await deps.database.close();
}

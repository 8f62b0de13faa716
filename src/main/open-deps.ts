/** Wires what the verbs are given: stores over one Postgres, clock and randomness of this machine. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { openWorkerAnalyst } from '../service/analysis/worker-analyst.js';
import type { Clock, Deps } from '../service/deps.js';
import type { Proposer } from '../service/search/proposer.js';
import { openWorkerProposer } from '../service/search/worker-proposer.js';
import { openFileBlobStore } from '../store/blobs/files/file-blob-store.js';
import { type Database, openDatabase } from '../store/database.js';
import { createLogStore } from '../store/logs/postgres-log-store.js';
import { createMetricStore } from '../store/metrics/postgres/metric-store.js';
import { budgetGauge, clusterGauges, volumeGauge } from '../store/storage/gauges.js';
import { createStorageGuard, type Gauge } from '../store/storage/storage-guard.js';
import { tables } from '../store/tables/index.js';
import { openWakeups } from '../store/wakeups.js';
import { type Config, ConfigError } from './config.js';
import { keepSecret } from './data-directory.js';

const PEPPER_BYTES = 32;

export interface OpenDeps {
  readonly deps: Deps;
  close(): Promise<void>;
}

/** Opens everything over a migrated database. */
export async function openDeps(config: Config, url: string, log: (line: string) => void): Promise<OpenDeps> {
  const proposer = await openProposer(config.samplers);
  const pepper =
    config.pepper ??
    (await keepSecret(join(config.dataDirectory, 'pepper'), () => randomBytes(PEPPER_BYTES).toString('base64')));
  const database = await openDatabase({ url, tables, log });
  const wakeups = await openWakeups({ url, log });
  const metrics = createMetricStore(database);
  const logs = createLogStore(database);
  const analyst = openWorkerAnalyst();
  const blobs = await openFileBlobStore(blobsOf(config));
  const storage = createStorageGuard({
    gauges: await gaugesOf(config, database),
    monotonicMs: systemClock.monotonicMs,
    log,
  });
  await storage.look();
  const deps: Deps = {
    database,
    storage,
    metrics,
    logs,
    blobs,
    wakeups,
    proposer,
    analyst,
    clock: systemClock,
    dayMs: config.daySeconds * 1_000,
    random: randomBytes,
    pepper: readPepper(pepper),
    log,
  };
  return {
    deps,
    close: async () => {
      await Promise.all([proposer.close(), analyst.close()]);
      await Promise.allSettled([metrics.close(), logs.close()]);
      await wakeups.close();
      await database.close();
    },
  };
}

const blobsOf = (config: Config): string => join(config.dataDirectory, 'blobs');

/** The volumes of this machine that we fill, and the budget of a database elsewhere, if it was given one. */
async function gaugesOf(config: Config, { vital }: Database): Promise<Gauge[]> {
  const { databaseUrl, maxDatabaseBytes, minFreeBytes } = config;
  const blobs = volumeGauge({ what: 'the disk of the artifacts', path: blobsOf(config), minFreeBytes });
  const budget = maxDatabaseBytes === null ? [] : [budgetGauge(vital.read, maxDatabaseBytes)];
  const cluster = databaseUrl === null ? await clusterGauges(vital.read, minFreeBytes) : [];
  return [...cluster, ...budget, blobs];
}

/** With the operator's own samplers loaded. @throws ConfigError when one cannot be used. */
async function openProposer(samplers: readonly string[]): Promise<Proposer> {
  const proposer = openWorkerProposer({ samplers });
  try {
    if (samplers.length > 0) await proposer.load();
    return proposer;
  } catch (error) {
    await proposer.close();
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}; mend TRIALGRAPH_SAMPLERS`);
  }
}

/** Rejects when the database does not answer: part of `/readyz`. */
export async function probeDatabase(deps: Deps): Promise<void> {
  await deps.database.read.query('/* main.probe */ SELECT 1');
}

/** 32 bytes from hex or base64. @throws ConfigError: a shorter one, cut off by mistake, would void every key. */
function readPepper(text: string): Buffer {
  const pepper = Buffer.from(text.trim(), /^[0-9a-f]{64}$/i.test(text.trim()) ? 'hex' : 'base64');
  if (pepper.length === PEPPER_BYTES) return pepper;
  throw new ConfigError(
    `the pepper (TRIALGRAPH_PEPPER, or the file pepper in the data folder) must be ${PEPPER_BYTES} bytes in hex or base64`,
  );
}

const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await timer(ms, undefined, signal ? { signal } : {}).catch(() => undefined); // aborted: the caller looks at its signal
  },
};

/**
 * The metric store in Postgres: a log of segments written by group commit, with summaries and reports beside it, and
 * compacted in the background.
 */
import type pg from 'pg';
import type { ProjectId } from '../../../domain/ids.js';
import { type Database, translated } from '../../database.js';
import { GroupCommit, type Settled } from '../../streams/group-commit.js';
import { StoreGeneration } from '../../streams/store-generation.js';
import { ingestTransaction, togetherOrAlone } from '../../streams/transaction.js';
import type { AppendResult, MetricBatch, MetricStore } from '../metric-store.js';
import { checkBatch } from './check-batch.js';
import { Compactor } from './compact.js';
import { MetricKeys } from './metric-keys.js';
import { readGroups } from './read-groups.js';
import { readKeys, readSummaries, readTail } from './read-metrics.js';
import { readSeries } from './read-series.js';
import { readSummaryColumns } from './read-summary-columns.js';
import { Turns } from './turns.js';
import { type KeyedBatch, writeBatches } from './write-batches.js';

/** Each may hold some 200 MB. */
const GROUP_READS_AT_ONCE = 2;
const GROUP_READS_WAITING = 100;

interface CheckedBatch extends MetricBatch {
  /** Points in the batch. */
  readonly n: number;
}

export interface MetricStoreOptions {
  /** Batches, and points in them, that may wait before `append` refuses. */
  readonly maxWaitingBatches?: number;
  readonly maxWaitingPoints?: number;
}

/** A store over the database's tables `metric_*` and `trial_report`. Close it before the database. */
export function createMetricStore(database: Database, options: MetricStoreOptions = {}): MetricStore {
  const { read, ingest } = database;
  const keys = new MetricKeys(ingest);
  const generation = new StoreGeneration(read);
  const writer = new GroupCommit<CheckedBatch, AppendResult>({
    write: (batches) => writeGroup(ingest, keys, batches),
    keyOf: streamOf,
    weightOf: ({ n }) => n,
    maxInFlight: 2,
    gatherMs: 2,
    maxGroupItems: 256,
    maxGroupWeight: 200_000,
    maxWaitingItems: options.maxWaitingBatches ?? 4_096,
    maxWaitingWeight: options.maxWaitingPoints ?? 4_000_000,
  });

  const compactor = new Compactor(database);
  const groupReads = new Turns(GROUP_READS_AT_ONCE, GROUP_READS_WAITING);

  return {
    append: async (batch) => writer.add({ ...batch, n: checkBatch(batch) }),
    readSeries: async (query) => database.snapshot(async (tx) => readSeries(tx, await generation.read(), query)),
    readGroups: (query) => groupReads.take(() => database.snapshot((tx) => readGroups(tx, query))),
    readTail: async (query) => readTail(read, await generation.read(), query),
    readSummaries: (trialIds, wanted) => readSummaries(read, trialIds, wanted),
    readSummaryColumns: (trialIds, wanted) => readSummaryColumns(read, trialIds, wanted),
    readKeys: (experimentIds) => readKeys(read, experimentIds),
    compact: (options) => compactor.run(options),
    close: () => writer.close(),
  };
}

function streamOf({ trialId, attempt, stream }: MetricBatch): string {
  return `${trialId}/${String(attempt).padStart(10, '0')}/${stream}`;
}

/** The connection may lead to a database that does not know the interned keys. */
class StaleKeys extends Error {}

/**
 * One outcome per batch, in the order given. Batches whose keys cannot be interned fail alone; the others are written
 * together, sorted by stream: the order in which rows are locked.
 */
async function writeGroup(
  pool: pg.Pool,
  keys: MetricKeys,
  batches: readonly CheckedBatch[],
): Promise<Settled<AppendResult>[]> {
  const outcomes: Settled<AppendResult>[] = new Array(batches.length);
  const { age } = keys;
  const interned = await internAll(keys, batches);
  const order: number[] = [];
  interned.forEach((batch, i) => {
    if ('error' in batch) outcomes[i] = batch;
    else order.push(i);
  });
  const streams = batches.map(streamOf);
  order.sort((a, b) => ((streams[a] as string) < (streams[b] as string) ? -1 : 1)); // no two are equal
  const sorted = order.map((i) => (interned[i] as { result: KeyedBatch }).result);
  const written = await togetherOrAlone(sorted, (group) =>
    ingestTransaction(pool, async (client) => {
      if (keys.isNewer(client, age)) throw new StaleKeys();
      return writeBatches(client, group);
    }),
  );
  order.forEach((i, place) => {
    outcomes[i] = written[place] as Settled<AppendResult>; // one per item
  });
  const stale = order.filter((i) => isStale(outcomes[i] as Settled<AppendResult>));
  if (stale.length > 0) {
    const again = await writeGroup(
      pool,
      keys,
      stale.map((i) => batches[i] as CheckedBatch),
    );
    stale.forEach((i, place) => {
      outcomes[i] = again[place] as Settled<AppendResult>; // one per batch
    });
  }
  return outcomes;
}

function isStale(outcome: Settled<AppendResult>): boolean {
  return 'error' in outcome && outcome.error instanceof StaleKeys;
}

/** New names are interned together, project by project; where that fails, each batch learns its own error. */
async function internAll(keys: MetricKeys, batches: readonly CheckedBatch[]): Promise<Settled<KeyedBatch>[]> {
  const names = new Map<ProjectId, Set<string>>();
  for (const { projectId, series } of batches) {
    const own = names.get(projectId) ?? new Set();
    names.set(projectId, own);
    for (const { key } of series) own.add(key);
  }
  await Promise.allSettled([...names].map(([projectId, own]) => keys.intern(projectId, [...own])));
  return Promise.all(
    batches.map(async (batch): Promise<Settled<KeyedBatch>> => {
      try {
        const ids = await translated(() =>
          keys.intern(
            batch.projectId,
            batch.series.map(({ key }) => key),
          ),
        );
        const keyed = batch.series.map(({ steps, times, values }, i) => ({
          keyId: ids[i] as number,
          steps,
          times,
          values,
        })); // one id per name
        return { result: { ...batch, keyed } };
      } catch (error) {
        return { error };
      }
    }),
  );
}

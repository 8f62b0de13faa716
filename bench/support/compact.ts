/** Compaction as a server does it an hour after the last point, here at once, in this process and in one go. */
import { openDatabase } from '../../src/store/database.js';
import { createMetricStore } from '../../src/store/metrics/postgres/metric-store.js';
import { tables } from '../../src/store/tables/index.js';

/** Moves all that is in the logs; says how many points that were. The server may compact at the same time. */
export async function compactAll(url: string): Promise<number> {
  const database = await openDatabase({ url, tables, log: () => undefined });
  const store = createMetricStore(database);
  const startedMs = performance.now();
  const { points } = await store.compact({ tailWindowMs: 0, maxMs: Number.POSITIVE_INFINITY });
  console.error(`${points} points compacted in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  await store.close();
  await database.close();
  return points;
}

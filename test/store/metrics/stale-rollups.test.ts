/** Roll-ups and chunks as the release before 0006 left them: charts are the same, and compaction makes them anew. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricStore, SeriesQuery } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf, points } from '../../contract/metric-store.js';
import { type Ground, type GroundTrial, openGround } from './ground.js';

const NOW = { tailWindowMs: 0, maxMs: 60_000 };

describe('roll-ups of a release before', () => {
  let ground: Ground;
  let store: MetricStore;

  beforeAll(async () => {
    ground = await openGround();
    store = createMetricStore(ground.database);
  });
  afterAll(async () => {
    await store.close();
    await ground.close();
  });

  it('are not read, are made anew, and charts are the same all the time', async () => {
    const trial = await ground.newTrial();
    await send(0, 280_000, trial);
    await store.compact(NOW);
    const fresh = await rollups();
    const charts = await read(trial);

    await age();

    expect(await read(trial)).toEqual(charts);
    expect(await stale()).toBe(fresh.length);
    await store.compact({ tailWindowMs: 0, maxMs: 0 });
    expect(await stale()).toBe(fresh.length - 1); // bounded: one a round without time
    expect(await read(trial)).toEqual(charts);
    await store.compact(NOW);
    expect(await rollups()).toEqual(fresh);
    expect(await read(trial)).toEqual(charts);
  }, 60_000);

  it('are made anew when they grow', async () => {
    const trial = await ground.newTrial();
    await send(0, 40_000, trial);
    await store.compact(NOW);
    await age();
    await send(40_000, 80_000, trial);
    const charts = await read(trial);

    await store.compact(NOW);

    expect(await stale()).toBe(0);
    expect(rounded(await read(trial))).toEqual(rounded(charts));
  }, 60_000);

  async function send(from: number, to: number, trial: GroundTrial): Promise<void> {
    for (let at = from; at < to; at += 10_000) await store.append(batchOf(trial, at, points(10_000, at)));
  }

  /** A release before grew the full ones after this one wrote them, and wrote the others itself. */
  async function age(): Promise<void> {
    const sql = ground.database.read;
    await sql.query(`UPDATE metric_rollup SET data = substr(data, 1, ends[cardinality(counts)]), ends = ends[1:cardinality(counts)],
      lo_time = CASE WHEN no = 0 THEN lo_time END, hi_time = CASE WHEN no = 0 THEN hi_time END`);
    await sql.query('UPDATE metric_chunk SET lo_time = NULL, hi_time = NULL, first_time = NULL');
  }

  async function stale(): Promise<number> {
    const [row] = await ground.database.read.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM metric_rollup WHERE lo_time IS NULL OR cardinality(ends) = cardinality(counts)',
    );
    return row?.n ?? -1;
  }

  function rollups(): Promise<unknown[]> {
    return ground.database.read.query(
      'SELECT stream_id, key_id, no, chunks, lo_step, hi_step, lo_time, hi_time, width, counts FROM metric_rollup ORDER BY 1, 2, 3',
    );
  }

  async function read({ trialId }: GroundTrial): Promise<unknown> {
    const scope = { trialIds: [trialId] };
    const windows: Partial<SeriesQuery>[] = [
      {},
      { x: { axis: 'RELATIVE_TIME' } },
      { fromStep: 1_000, toStep: 250_000 },
      { fromTime: 1_700_000_000 + 3_000, toTime: 1_700_000_000 + 150_000 },
    ];
    const reads: unknown[] = [];
    for (const window of windows)
      reads.push((await store.readSeries({ scope, keys: ['loss'], maxPoints: 300, ...window })).series);
    return reads;
  }

  /** Sums in another order. */
  function rounded(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Number(one.toPrecision(12)) : one));
  }
});

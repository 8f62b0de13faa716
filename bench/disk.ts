/**
 * Bytes on disk per point once compacted: chunks, roll-ups and their indexes, beside the same points as rows with the
 * primary key that makes a retry safe. Clocks are irregular, losses are noise around a falling curve: as doubles, or as
 * the float32 that tensors hold. Trials end one after the other, and between them tables are vacuumed as Postgres does by
 * itself: what a growing roll-up leaves behind is used again. The processor time of compaction stands beside that of
 * inserting the rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SeriesColumns } from '../src/domain/metric.js';
import { startEmbeddedPostgres } from '../src/store/embedded.js';
import type { MetricStore } from '../src/store/metrics/metric-store.js';
import { createMetricStore } from '../src/store/metrics/postgres/metric-store.js';
import { type Ground, openGround } from '../test/store/metrics/ground.js';
import { cpuSeconds } from './support/cpu.js';
import { cost, finish, type Result, size } from './support/result.js';

/** Points of each trial, and trials of each shape. */
const { values: flags } = parseArgs({ options: { points: { type: 'string', default: '1000000' } } });
const POINTS = Number(flags.points);
const SHAPES = [
  { name: '10 metrics logged together, doubles', metrics: 10, steps: POINTS / 10, round: (value: number) => value },
  { name: '10 metrics logged together, float32', metrics: 10, steps: POINTS / 10, round: Math.fround },
  { name: '1 metric, doubles', metrics: 1, steps: POINTS, round: (value: number) => value },
  { name: '1 metric, float32', metrics: 1, steps: POINTS, round: Math.fround },
] as const;
const TRIALS = 4;
const POINTS_PER_BATCH = 1_000;
const RIVAL = 'rows with a primary key';

type Shape = (typeof SHAPES)[number];

const INSERT = `INSERT INTO bench_point SELECT $1, $2 + i - 1, key_id, step, time, value
FROM unnest($3::int[], $4::bigint[], $5::float8[], $6::float8[]) WITH ORDINALITY AS p(key_id, step, time, value, i)`;
const ROWS = `CREATE TABLE bench_point (trial_id uuid NOT NULL, seq bigint NOT NULL, key_id integer NOT NULL, step bigint NOT NULL,
time float8 NOT NULL, value float8 NOT NULL, PRIMARY KEY (trial_id, seq))`;
const SIZES = `SELECT (pg_total_relation_size('metric_chunk') + pg_total_relation_size('metric_rollup'))::float8 AS ours,
  pg_total_relation_size('metric_rollup')::float8 AS rollups, pg_total_relation_size('bench_point')::float8 AS rows`;

async function measure(ground: Ground, shape: Shape): Promise<Result[]> {
  const store = createMetricStore(ground.database);
  const { ingest, read } = ground.database;
  await ingest.query(ROWS);
  const sum = { points: 0, seconds: 0, cpuSeconds: 0, rowSeconds: 0 };
  for (let i = 0; i < TRIALS; i++) {
    const stored = await fill(ground, store, shape);
    await read.query(`UPDATE trial SET state = 'COMPLETED', ended_at = now()`);
    const [startedMs, before] = [performance.now(), cpuSeconds(process.pid)];
    const { points } = await store.compact({ tailWindowMs: 0, maxMs: Number.POSITIVE_INFINITY });
    sum.seconds += (performance.now() - startedMs) / 1_000;
    sum.cpuSeconds += cpuSeconds(process.pid) - before;
    sum.rowSeconds += stored.rowSeconds;
    sum.points += points;
    if (points !== stored.points) throw new Error(`${stored.points} points were stored, ${points} compacted`);
    await ingest.query('VACUUM metric_chunk, metric_rollup, metric_segment');
  }
  const [sizes] = await read.query<{ ours: number; rollups: number; rows: number }>(SIZES);
  await store.close();
  if (sizes === undefined) throw new Error('no sizes');
  const { points } = sum;
  console.error(
    `${shape.name}: compacted at ${Math.round(points / sum.seconds)} points/s, roll-ups ${(sizes.rollups / points).toFixed(2)} bytes/point of it`,
  );
  const micros = (seconds: number) => (seconds * 1e6) / points;
  return [
    size(`disk, ${shape.name}`, sizes.ours / points, RIVAL, sizes.rows / points),
    cost(
      `disk, ${shape.name}, CPU of compaction`,
      micros(sum.cpuSeconds),
      'µs/point',
      `${RIVAL}, written`,
      micros(sum.rowSeconds),
    ),
  ];
}

/** A new trial with the points of the shape on both sides, and the processor time that its rows took. */
async function fill(
  ground: Ground,
  store: MetricStore,
  shape: Shape,
): Promise<{ readonly points: number; readonly rowSeconds: number }> {
  const { projectId, trialId, attempt, epoch } = await ground.newTrial();
  let seq = 0;
  let rowSeconds = 0;
  for (const series of batches(shape)) {
    await store.append({ projectId, trialId, attempt, epoch, stream: 'bench', seq, series, dropped: 0 });
    const before = cpuSeconds(postgres.pid);
    await ground.database.ingest.query(INSERT, [
      trialId,
      seq,
      series.flatMap(({ steps }, key) => Array.from(steps, () => key)),
      series.flatMap(({ steps }) => [...steps]),
      series.flatMap(({ times }) => [...times]),
      series.flatMap(({ values }) => [...values]),
    ]);
    rowSeconds += cpuSeconds(postgres.pid) - before;
    seq += POINTS_PER_BATCH;
  }
  return { points: seq, rowSeconds };
}

/** Steps take 50 to 200 ms, and metrics of one step share its moment. */
function* batches({ metrics, steps, round }: Shape): Generator<SeriesColumns[]> {
  const perBatch = POINTS_PER_BATCH / metrics;
  let time = 1_764_000_000 + Math.random();
  for (let from = 0; from < steps; from += perBatch) {
    const own = Float64Array.from({ length: perBatch }, (_, i) => from + i);
    const times = own.map(() => {
      time += 0.05 + 0.15 * Math.random() ** 2;
      return time;
    });
    yield Array.from({ length: metrics }, (_, key) => ({
      key: `metric-${key}`,
      steps: own,
      times,
      values: own.map((step) => round(Math.exp(-step / steps) + 0.1 * gaussian() + key)),
    }));
  }
}

function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

const directory = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
const postgres = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres'), log: () => undefined });
const results: Result[] = [];
try {
  process.env.TRIALGRAPH_TEST_DATABASE_URL = postgres.url;
  for (const shape of SHAPES) {
    const ground = await openGround();
    results.push(...(await measure(ground, shape)));
    await ground.close();
  }
} finally {
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
finish(results);

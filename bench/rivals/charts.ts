/**
 * The same points on both sides, then charts of about 1,000 rows per series: one series, and a hundred in one request,
 * which is the most that MLflow takes. Ours are buckets with extremes, MLflow's a sample that loses spikes. Then the
 * bytes that the points take on disk.
 */
import type pg from 'pg';
import { base64, literal } from '../support/columns.js';
import { compactAll } from '../support/compact.js';
import { latency, type Result, size } from '../support/result.js';
import { ask, type BenchServer, type BenchTrial, startTrials } from '../support/server.js';
import { ASK_LIMIT_MS, askMlflow, isTimeout, startRuns } from './mlflow-api.js';
import type { MlflowServer } from './servers.js';
import { numberOf, type Sides, withSql } from './sides.js';

const BUCKETS = 1_000;
const MANY = 100;
const MANY_STEPS = 10_000;
const POINTS_PER_BATCH = 10_000;

const REPORT = 'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome } }';
const SERIES = `query ($ids: [ID!]) { series(trialIds: $ids, keys: ["loss"], maxPoints: ${BUCKETS}) {
  cursor series { trialId count steps values min max mean counts nonFinite } } }`;
const INSERT = `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
SELECT 'loss', value, time, $1, step, false FROM unnest($2::float8[], $3::float8[], $4::float8[]) AS p(value, time, step)`;
/** All of ours that holds points: what is not compacted would count too. */
const OUR_BYTES = `SELECT sum(pg_total_relation_size(t::regclass)) AS n
FROM unnest(ARRAY['metric_segment', 'metric_chunk', 'metric_rollup']) t`;

interface Chart {
  readonly name: string;
  readonly trials: readonly BenchTrial[];
  readonly runs: readonly string[];
  readonly steps: number;
}

/** Charts and disk; `steps` of the long series. Asked of new servers, whose only points are these. */
export async function compareCharts(sides: Sides, steps: number): Promise<Result[]> {
  const charts: readonly Chart[] = [
    await newChart(sides, `one series of ${steps.toLocaleString('en')} steps`, 1, steps),
    await newChart(sides, `${MANY} series of ${MANY_STEPS.toLocaleString('en')} steps`, MANY, MANY_STEPS),
  ];
  const startedMs = performance.now();
  await withSql(sides.mlflow.databaseUrl, async (sql) => {
    for (const chart of charts)
      for (const [i, trial] of chart.trials.entries())
        await load(sides.ours, trial, sql, chart.runs[i] as string, chart.steps);
    await sql.query('VACUUM ANALYZE metrics');
  });
  console.error(`points written to both sides in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  await compactAll(sides.ours.databaseUrl);
  const results = [await compareDisk(sides, charts)];
  for (const chart of charts) results.push(await compare(sides, chart));
  return results;
}

async function newChart({ ours, mlflow }: Sides, name: string, count: number, steps: number): Promise<Chart> {
  const { trials } = await startTrials(ours, `rivals-${steps}-steps`, count);
  return { name: `rivals, charts, ${name}`, trials, runs: await startRuns(mlflow, count), steps };
}

/** Steps take 50 to 200 ms. MLflow's go by SQL, as its API would take minutes; its clock has milliseconds. */
async function load(bench: BenchServer, trial: BenchTrial, sql: pg.Client, run: string, steps: number): Promise<void> {
  let time = 1_764_000_000;
  for (let seq = 0; seq < steps; seq += POINTS_PER_BATCH) {
    const own = Float64Array.from({ length: Math.min(POINTS_PER_BATCH, steps - seq) }, (_, i) => seq + i);
    const times = own.map(() => {
      time += 0.05 + 0.15 * Math.random() ** 2;
      return time;
    });
    const values = own.map((step) => Math.exp(-step / steps) + 0.1 * Math.random());
    const series = [{ key: 'loss', steps: base64(own), times: base64(times), values: base64(values) }];
    const input = { trialId: trial.id, attempt: trial.attempt, stream: 'bench', seq, series };
    const milliseconds = times.map((seconds) => Math.round(seconds * 1_000));
    await Promise.all([
      ask(bench, REPORT, { input }, trial.token),
      sql.query({
        name: 'bench.mlflow',
        text: INSERT,
        values: [run, literal(values), literal(milliseconds), literal(own)],
      }),
    ]);
  }
}

async function compareDisk({ ours, mlflow, rival }: Sides, charts: readonly Chart[]): Promise<Result> {
  const points = charts.reduce((sum, { trials, steps }) => sum + trials.length * steps, 0);
  await withSql(ours.databaseUrl, async (sql) => {
    await sql.query('VACUUM ANALYZE metric_segment, metric_chunk, metric_rollup');
  });
  const stored = await numberOf(ours.databaseUrl, 'SELECT sum(n) AS n FROM metric_summary');
  const theirs = await numberOf(mlflow.databaseUrl, 'SELECT count(*) AS n FROM metrics');
  if (stored !== points || theirs !== points) throw new Error(`${points} written, ${stored} and ${theirs} stored`);
  return size(
    'rivals, disk per point, 1 metric, noisy doubles',
    (await numberOf(ours.databaseUrl, OUR_BYTES)) / points,
    rival,
    (await numberOf(mlflow.databaseUrl, `SELECT pg_total_relation_size('metrics') AS n`)) / points,
  );
}

async function compare({ ours, mlflow, rival, rounds }: Sides, chart: Chart): Promise<Result> {
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const [ownMs, theirMs] = [await askOurs(ours, chart), await askTheirs(mlflow, chart)];
    if (theirMs === 'stopped') return { ...latency(chart.name, ownMs, rival, ASK_LIMIT_MS), rivalStopped: true };
    if (round < 0) continue; // warm
    own.push(ownMs);
    theirs.push(theirMs);
  }
  return latency(chart.name, own, rival, theirs);
}

/** Checked: every point is in some bucket. */
async function askOurs(bench: BenchServer, { trials, steps }: Chart): Promise<number> {
  interface Answer {
    readonly series: { readonly series: readonly { readonly count: number; readonly steps: string }[] };
  }
  const startedMs = performance.now();
  const { series } = (await ask<Answer>(bench, SERIES, { ids: trials.map(({ id }) => id) })).series;
  const tookMs = performance.now() - startedMs;
  const rows = series.map((one) => Buffer.from(one.steps, 'base64').length / 8);
  if (
    series.length !== trials.length ||
    series.some(({ count }) => count !== steps) ||
    rows.some((n) => n < BUCKETS / 2)
  )
    throw new Error(`ours: ${series.length} series, ${Math.min(...rows)} rows at least`);
  return tookMs;
}

/** Checked: about as many rows per run came as were asked for. */
async function askTheirs(server: MlflowServer, { runs }: Chart): Promise<number | 'stopped'> {
  const query = new URLSearchParams([
    ...runs.map((run): [string, string] => ['run_ids', run]),
    ['metric_key', 'loss'],
    ['max_results', String(BUCKETS)],
  ]);
  const startedMs = performance.now();
  try {
    const { metrics = [] } = await askMlflow<{ metrics?: readonly object[] }>(
      server,
      `ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}`,
    );
    const tookMs = performance.now() - startedMs;
    if (metrics.length < runs.length * BUCKETS * 0.9) throw new Error(`MLflow gave ${metrics.length} rows`);
    return tookMs;
  } catch (error) {
    if (isTimeout(error)) return 'stopped';
    throw error;
  }
}

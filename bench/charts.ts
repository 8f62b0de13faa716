/**
 * Charts of 1,000 buckets per series through GraphQL over HTTP, columns as base64, from compacted trials: one series of a
 * million steps, a window of it, and a hundred trials of 100,000 steps (`--steps`) in one request; beside `GROUP BY width_bucket` over
 * rows of the same points, indexed by series and step, straight through pg on the same cluster.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { base64, literal } from './support/columns.js';
import { compactAll } from './support/compact.js';
import { cpuSeconds } from './support/cpu.js';
import { cost, finish, latency, quantile, type Result } from './support/result.js';
import { ask, type BenchServer, type BenchTrial, startBenchServer, startTrials } from './support/server.js';

const { values: flags } = parseArgs({ options: { steps: { type: 'string', default: '100000' } } });
const BUCKETS = 1_000;
const POINTS_PER_BATCH = 10_000;
const ROUNDS = 7;
const RIVAL = 'GROUP BY width_bucket over rows through pg';

const REPORT = 'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome } }';
const SERIES = `query ($ids: [ID!], $from: SafeInt, $to: SafeInt) { series(trialIds: $ids, keys: ["loss"], maxPoints: ${BUCKETS}, fromStep: $from, toStep: $to) {
  cursor series { trialId count steps values min max mean counts nonFinite } } }`;
const ROWS = `CREATE TABLE bench_point (trial_id uuid NOT NULL, step float8 NOT NULL, time float8 NOT NULL, value float8 NOT NULL)`;
const INSERT = 'INSERT INTO bench_point SELECT $1, * FROM unnest($2::float8[], $3::float8[], $4::float8[])';
const GROUP_BY = `SELECT trial_id, width_bucket(step, $2::float8, $3::float8, ${BUCKETS}) AS bucket, count(*), min(value), max(value), avg(value), max(step)
FROM bench_point WHERE trial_id = ANY($1::uuid[]) AND step >= $2 AND step < $3 GROUP BY 1, 2 ORDER BY 1, 2`;

interface Chart {
  readonly name: string;
  readonly ids: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Steps of each series in the window. */
  readonly steps: number;
}

async function load(bench: BenchServer, rival: pg.Pool, trial: BenchTrial, steps: number): Promise<void> {
  let time = 1_764_000_000;
  for (let seq = 0; seq < steps; seq += POINTS_PER_BATCH) {
    const own = Float64Array.from({ length: POINTS_PER_BATCH }, (_, i) => seq + i);
    const times = own.map(() => {
      time += 0.05 + 0.15 * Math.random() ** 2;
      return time;
    });
    const values = own.map((step) => Math.exp(-step / steps) + 0.1 * Math.random());
    const series = [{ key: 'loss', steps: base64(own), times: base64(times), values: base64(values) }];
    const input = { trialId: trial.id, attempt: trial.attempt, stream: 'bench', seq, series };
    await Promise.all([
      ask(bench, REPORT, { input }, trial.token),
      rival.query(INSERT, [trial.id, literal(own), literal(times), literal(values)]),
    ]);
  }
}

async function compare(bench: BenchServer, rival: pg.Pool, chart: Chart): Promise<Result[]> {
  const [own, theirs]: [number[], number[]] = [[], []];
  const cpu = { own: 0, theirs: 0 };
  const used = () => cpuSeconds(bench.pid) + cpuSeconds(bench.postgresPid);
  for (let round = -2; round < ROUNDS; round++) {
    const [before, startedMs] = [used(), performance.now()];
    await ours(bench, chart);
    const ownMs = performance.now() - startedMs;
    const [between, middleMs] = [used(), performance.now()];
    const rows = await rival.query(GROUP_BY, [chart.ids, chart.from, chart.to]);
    const theirMs = performance.now() - middleMs;
    if (rows.rows.length < chart.ids.length * BUCKETS * 0.9) throw new Error(`the rival gave ${rows.rows.length} rows`);
    if (round < 0) continue; // warm
    own.push(ownMs);
    theirs.push(theirMs);
    cpu.own += between - before;
    cpu.theirs += used() - between;
  }
  console.error(`${chart.name}: p50 ${quantile(own, 0.5).toFixed(1)} ms, p90 ${quantile(own, 0.9).toFixed(1)} ms`);
  const ms = (seconds: number) => (seconds * 1_000) / ROUNDS;
  return [
    latency(chart.name, own, RIVAL, theirs),
    cost(`${chart.name}, CPU`, ms(cpu.own), 'ms/chart', RIVAL, ms(cpu.theirs)),
  ];
}

/** One request, checked: every point of the window is in some bucket. */
async function ours(bench: BenchServer, { ids, from, to, steps }: Chart): Promise<void> {
  interface Answer {
    readonly series: { readonly series: readonly { readonly count: number; readonly steps: string }[] };
  }
  const { series } = (await ask<Answer>(bench, SERIES, { ids, from, to: to - 1 })).series;
  for (const one of series) {
    const buckets = Buffer.from(one.steps, 'base64').length / 8;
    if (one.count !== steps || buckets > BUCKETS || buckets < BUCKETS / 2)
      throw new Error(`${one.count} points came in ${buckets} buckets`);
  }
  if (series.length !== ids.length) throw new Error(`${series.length} series came of ${ids.length}`);
}

const server = await startBenchServer();
try {
  const rival = new pg.Pool({ connectionString: server.databaseUrl, max: 4 });
  rival.on('error', () => undefined);
  await rival.query(ROWS);
  const long = (await startTrials(server, 'long', 1)).trials;
  const many = (await startTrials(server, 'many', 100)).trials;
  const steps = { long: 1_000_000, many: Number(flags.steps) };
  for (const trial of long) await load(server, rival, trial, steps.long);
  for (const trial of many) await load(server, rival, trial, steps.many);
  await compactAll(server.databaseUrl);
  await rival.query('CREATE INDEX ON bench_point (trial_id, step) INCLUDE (value)');
  await rival.query('VACUUM ANALYZE bench_point');
  const ids = (trials: readonly BenchTrial[]) => trials.map(({ id }) => id);
  const charts: Chart[] = [
    { name: 'charts, 1 series of 1,000,000 steps', ids: ids(long), from: 0, to: steps.long, steps: steps.long },
    { name: 'charts, a window of 300,000 steps of it', ids: ids(long), from: 123_457, to: 423_457, steps: 300_000 },
    { name: 'charts, a window of 20,000 steps of it', ids: ids(long), from: 555_555, to: 575_555, steps: 20_000 },
    {
      name: `charts, 100 series of ${steps.many.toLocaleString('en')} steps`,
      ids: ids(many),
      from: 0,
      to: steps.many,
      steps: steps.many,
    },
  ];
  const results: Result[] = [];
  for (const chart of charts) results.push(...(await compare(server, rival, chart)));
  await rival.end();
  await server.close();
  finish(results);
} catch (error) {
  await server.close();
  throw error;
}

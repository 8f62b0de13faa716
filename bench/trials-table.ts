/**
 * A page of 50 trials through GraphQL over HTTP, filtered and sorted by a metric, in experiments of 10,000 and 100,000 trials
 * (others by argument) with 20 params and 20 metrics each; beside the same question put straight through pg to a table that
 * keeps params and metrics as jsonb columns, on the same cluster. Both must find the same trials. The page is asked for
 * with the metrics as columns, as the first figure; as objects; with one of them; and its successor.
 */
import pg from 'pg';
import { fillTrials, sizesOf } from './support/fill-trials.js';
import { finish, latency, quantile, type Result } from './support/result.js';
import { ask, type BenchServer, startBenchServer, startTrials } from './support/server.js';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const COLUMNS = 20;
const ROUNDS = 4;
/** In each round, after two that warm up. */
const REQUESTS = 25;
/** It takes seconds where there are many trials. */
const RIVAL_REQUESTS = (size: number) => (size > 100_000 ? 1 : 6);

interface Question {
  readonly name: string;
  readonly where: string;
  readonly orderBy: { readonly by: string; readonly key?: string; readonly direction: 'ASC' | 'DESC' };
  /** The same of `bench_trial`. */
  readonly rival: string;
}

const metric = (i: number, stat: string) => `(metrics->'metric-${i}'->>'${stat}')::float8`;
const param = (i: number) => `(params->>'param-${i}')`;

const QUESTIONS: readonly Question[] = [
  {
    name: 'filter and sort by one metric',
    where: 'metrics.metric-3.max > 0.98 AND params.param-1 = 4',
    orderBy: { by: 'METRIC_MAX', key: 'metric-3', direction: 'DESC' },
    rival: `${metric(3, 'max')} > 0.98 AND ${param(1)}::float8 = 4 ORDER BY ${metric(3, 'max')} DESC`,
  },
  {
    name: 'filter by one metric, sort by another',
    where: 'metrics.metric-3.max > 0.98 AND params.param-0 = "adam"',
    orderBy: { by: 'METRIC_LAST', key: 'metric-5', direction: 'ASC' },
    rival: `${metric(3, 'max')} > 0.98 AND ${param(0)} = 'adam' ORDER BY ${metric(5, 'last')}`,
  },
  {
    name: 'filter by two metrics, sort by a third',
    where: 'metrics.metric-3.max > 0.98 AND metrics.metric-8.min < 0.02',
    orderBy: { by: 'METRIC_LAST', key: 'metric-5', direction: 'DESC' },
    rival: `${metric(3, 'max')} > 0.98 AND ${metric(8, 'min')} < 0.02 ORDER BY ${metric(5, 'last')} DESC`,
  },
  {
    name: 'two conditions that hardly meet, sort by a metric',
    where: 'metrics.metric-3.min > 0.5 AND metrics.metric-3.max < 0.51',
    orderBy: { by: 'METRIC_LAST', key: 'metric-5', direction: 'DESC' },
    rival: `${metric(3, 'min')} > 0.5 AND ${metric(3, 'max')} < 0.51 ORDER BY ${metric(5, 'last')} DESC`,
  },
  {
    name: 'a tag that no trial has, sort by a metric',
    where: 'tags HAS "absent"',
    orderBy: { by: 'METRIC_LAST', key: 'metric-5', direction: 'DESC' },
    rival: `tags @> '["absent"]' ORDER BY ${metric(5, 'last')} DESC`,
  },
  {
    name: 'rare trials, sort by a metric',
    where: 'params.param-2 < 0.0003 AND state = COMPLETED',
    orderBy: { by: 'METRIC_MIN', key: 'metric-7', direction: 'ASC' },
    rival: `${param(2)}::float8 < 0.0003 AND state = 'COMPLETED' ORDER BY ${metric(7, 'min')}`,
  },
  {
    name: 'sort by a param of few values',
    where: '',
    orderBy: { by: 'PARAM', key: 'param-1', direction: 'DESC' },
    rival: `true ORDER BY ${param(1)}::float8 DESC, id DESC`,
  },
  {
    name: 'OR and NOT, sort by value',
    where: '(params.param-1 IN (1, 2) OR metrics.metric-4.last < 0.1) AND NOT tags HAS "odd"',
    orderBy: { by: 'VALUE', direction: 'ASC' },
    rival: `(${param(1)}::float8 IN (1, 2) OR ${metric(4, 'last')} < 0.1) AND NOT tags @> '["odd"]' ORDER BY value`,
  },
];

const TRIALS = `query ($id: ID!, $where: String, $orderBy: TrialOrder, $keys: [String!], $after: String) {
  trials(experimentId: $id, first: 50, after: $after, where: $where, orderBy: $orderBy) {
    nodes { id number state value params tags summary(keys: $keys) { key last min max mean } }
    pageInfo { endCursor hasNextPage }
  }
}`;

const COLUMNAR = `query ($id: ID!, $where: String, $orderBy: TrialOrder, $keys: [String!], $after: String) {
  trials(experimentId: $id, first: 50, after: $after, where: $where, orderBy: $orderBy) {
    nodes { id number state value params tags } summary(keys: $keys) { key count last min max mean }
    pageInfo { endCursor hasNextPage }
  }
}`;

interface TrialPage {
  readonly trials: {
    readonly nodes: readonly { readonly id: string; readonly number: number }[];
    readonly pageInfo: { readonly endCursor: string | null };
  };
}

async function compare(server: BenchServer, sql: pg.Client, size: number): Promise<Result[]> {
  const { experimentId } = await startTrials(server, `table-${size}`, 1);
  await fill(sql, experimentId, size);
  const results: Result[] = [];
  for (const question of QUESTIONS) {
    const read = (query: string, keys: readonly string[] | null = null, after: string | null = null) =>
      ask<TrialPage>(server, query, {
        id: experimentId,
        where: question.where,
        orderBy: question.orderBy,
        keys,
        after,
      });
    const rival = () =>
      sql.query(
        `SELECT id, number, state, value, params, tags, metrics FROM bench_trial WHERE experiment_id = $1 AND ${question.rival} LIMIT 50`,
        [experimentId],
      );
    await checkSame(() => read(COLUMNAR), rival);
    const next = (await read(COLUMNAR)).trials.pageInfo.endCursor;
    const [ours, objects, lean, second, theirs]: [number[], number[], number[], number[], number[]] = [
      [],
      [],
      [],
      [],
      [],
    ];
    // In turn, so that a noisy neighbour meets all.
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(...(await times(REQUESTS, () => read(COLUMNAR))));
      objects.push(...(await times(REQUESTS, () => read(TRIALS))));
      lean.push(...(await times(REQUESTS, () => read(COLUMNAR, ['metric-3']))));
      if (next !== null) second.push(...(await times(REQUESTS, () => read(COLUMNAR, null, next))));
      theirs.push(...(await times(RIVAL_REQUESTS(size), rival, 0)));
    }
    const show = (all: readonly number[]) =>
      `p50 ${quantile(all, 0.5).toFixed(1)} p99 ${quantile(all, 0.99).toFixed(1)}`;
    console.error(
      `${size} trials, ${question.name}: all metrics ${show(ours)}, as objects ${show(objects)}, one metric ${show(lean)}, second page ${show(second)}; jsonb ${show(theirs)} ms`,
    );
    for (const [word, q] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const)
      results.push(
        latency(
          `${question.name}, ${size} trials, ${word}`,
          quantile(ours, q),
          'the same over jsonb columns',
          quantile(theirs, q),
        ),
      );
  }
  return results;
}

async function times(count: number, work: () => Promise<unknown>, warm = 2): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 0; i < count + warm; i++) {
    const startedMs = performance.now();
    await work();
    if (i >= warm) all.push(performance.now() - startedMs);
  }
  return all;
}

async function checkSame(
  read: () => Promise<TrialPage>,
  rival: () => Promise<pg.QueryResult<{ number: number }>>,
): Promise<void> {
  const ours = (await read()).trials.nodes.map(({ number }) => number);
  const theirs = (await rival()).rows.map(({ number }) => number);
  if (ours.join() !== theirs.join()) throw new Error(`we find ${ours.join()}; the rival finds ${theirs.join()}`);
}

/** Rows straight into the tables, and the same for the rival. */
async function fill(sql: pg.Client, experimentId: string, size: number): Promise<void> {
  const startedMs = performance.now();
  await fillTrials(sql, { experimentId, trials: size, params: COLUMNS, metrics: COLUMNS });
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.error(`${size} trials made in ${seconds} s; MiB of all so far: ${await sizesOf(sql)}`);
  await sql.query(
    `CREATE TABLE IF NOT EXISTS bench_trial (id uuid PRIMARY KEY, experiment_id uuid NOT NULL, number integer, state text,
      value float8, params jsonb, tags jsonb, metrics jsonb)`,
  );
  await sql.query('CREATE INDEX IF NOT EXISTS bench_trial_of ON bench_trial (experiment_id, number)');
  await sql.query(
    `INSERT INTO bench_trial SELECT t.id, t.experiment_id, t.number, t.state, t.value, t.params::jsonb, t.tags,
      (SELECT jsonb_object_agg(k.name, jsonb_build_object('last', s.last, 'min', s.min, 'max', s.max))
       FROM metric_summary s JOIN metric_key k ON k.id = s.key_id WHERE s.trial_id = t.id)
    FROM trial t WHERE t.experiment_id = $1`,
    [experimentId],
  );
  await sql.query('VACUUM ANALYZE bench_trial');
}

const server = await startBenchServer();
const sql = new pg.Client({ connectionString: server.databaseUrl });
try {
  await sql.connect();
  const results: Result[] = [];
  for (const size of SIZES) results.push(...(await compare(server, sql, size)));
  finish(results);
} finally {
  await sql.end();
  await server.close();
}

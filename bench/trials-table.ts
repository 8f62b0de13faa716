/**
 * A page of 50 trials through GraphQL over HTTP, filtered and sorted by a metric, in experiments of 10,000 and 100,000 trials
 * (others by argument) with 20 params and 20 metrics each; beside the same question put straight through pg to a table that
 * keeps params and metrics as jsonb columns, on the same cluster. Both must find the same trials.
 */
import pg from 'pg';
import { finish, latency, quantile, type Result } from './support/result.js';
import { ask, type BenchServer, startBenchServer, startTrials } from './support/server.js';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const COLUMNS = 20;
const ROUNDS = 4;
/** In each round, after two that warm up. */
const REQUESTS = 25;
const RIVAL_REQUESTS = 6;

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
    where: 'metrics.metric-3.max > 0.9 AND params.param-1 = 4',
    orderBy: { by: 'METRIC_MAX', key: 'metric-3', direction: 'DESC' },
    rival: `${metric(3, 'max')} > 0.9 AND ${param(1)}::float8 = 4 ORDER BY ${metric(3, 'max')} DESC`,
  },
  {
    name: 'filter by one metric, sort by another',
    where: 'metrics.metric-3.max > 0.9 AND params.param-0 = "adam"',
    orderBy: { by: 'METRIC_LAST', key: 'metric-5', direction: 'ASC' },
    rival: `${metric(3, 'max')} > 0.9 AND ${param(0)} = 'adam' ORDER BY ${metric(5, 'last')}`,
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
    nodes { id number state value params tags summary(keys: $keys) { key last min max } }
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
    const read = (keys: readonly string[] | null, after: string | null = null) =>
      ask<TrialPage>(server, TRIALS, {
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
    await checkSame(read, rival);
    const next = (await read([])).trials.pageInfo.endCursor;
    const [ours, lean, second, theirs]: [number[], number[], number[], number[]] = [[], [], [], []];
    // In turn, so that a noisy neighbour meets all.
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(...(await times(REQUESTS, () => read(null))));
      lean.push(...(await times(REQUESTS, () => read(['metric-3']))));
      second.push(...(await times(REQUESTS, () => read(null, next))));
      theirs.push(...(await times(RIVAL_REQUESTS, rival)));
    }
    const show = (all: readonly number[]) =>
      `p50 ${quantile(all, 0.5).toFixed(1)} p99 ${quantile(all, 0.99).toFixed(1)}`;
    console.error(
      `${size} trials, ${question.name}: all metrics ${show(ours)}, one metric ${show(lean)}, second page ${show(second)}; jsonb ${show(theirs)} ms`,
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

async function times(count: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 0; i < count + 2; i++) {
    const startedMs = performance.now();
    await work();
    if (i >= 2) all.push(performance.now() - startedMs);
  }
  return all;
}

async function checkSame(
  read: (keys: readonly string[] | null) => Promise<TrialPage>,
  rival: () => Promise<pg.QueryResult<{ number: number }>>,
): Promise<void> {
  const ours = (await read([])).trials.nodes.map(({ number }) => number);
  const theirs = (await rival()).rows.map(({ number }) => number);
  if (ours.join() !== theirs.join()) throw new Error(`we find ${ours.join()}; the rival finds ${theirs.join()}`);
}

/** Rows straight into the tables, and the same for the rival. */
async function fill(sql: pg.Client, experimentId: string, size: number): Promise<void> {
  const startedMs = performance.now();
  const run = (text: string, values: readonly unknown[] = []) => sql.query(text, [...values]);
  const names = Array.from({ length: COLUMNS }, (_, i) => `metric-${i}`);
  await run('DELETE FROM trial WHERE experiment_id = $1', [experimentId]);
  await run(
    'INSERT INTO metric_key (project_id, name) SELECT e.project_id, k FROM experiment e, unnest($2::text[]) k WHERE e.id = $1 ON CONFLICT DO NOTHING',
    [experimentId, names],
  );
  await run('SELECT setseed(0.5)');
  await run('SET session_replication_role = replica'); // no checks of foreign keys: these rows are sound
  await run(
    `INSERT INTO trial (id, project_id, experiment_id, number, state, params, tags, proposed_by, value, asked_at, started_at, ended_at)
    SELECT uuidv7(), e.project_id, e.id, n, CASE WHEN n % 10 < 8 THEN 'COMPLETED' ELSE 'FAILED' END,
      (SELECT json_object_agg('param-' || i, CASE i WHEN 0 THEN to_json((ARRAY['adam', 'sgd', 'lion', 'adagrad'])[1 + n % 4])
        WHEN 1 THEN to_json(1 + (n / 7) % 8) ELSE to_json(random() + 0 * n) END) FROM generate_series(0, $3 - 1) i),
      CASE WHEN n % 2 = 1 THEN '["odd"]'::jsonb ELSE '["even"]' END, 'random', random(), n, now(), now() + n * interval '1 second'
    FROM experiment e, generate_series(0, $2 - 1) n WHERE e.id = $1`,
    [experimentId, size, COLUMNS],
  );
  await run(
    `INSERT INTO trial_param (experiment_id, trial_id, name, number, text)
    SELECT t.experiment_id, t.id, p.key, CASE WHEN json_typeof(p.value) = 'number' THEN (p.value #>> '{}')::float8 END,
      CASE WHEN json_typeof(p.value) = 'string' THEN p.value #>> '{}' END
    FROM trial t, json_each(t.params) p WHERE t.experiment_id = $1`,
    [experimentId],
  );
  await run(
    `INSERT INTO metric_summary (experiment_id, trial_id, key_id, n, n_nonfinite, first, last, last_step, min, min_step, max, max_step, sum)
    SELECT t.experiment_id, t.id, k.id, 100, 0, random(), random(), 99, random(), 0, random(), 99, 50
    FROM trial t JOIN metric_key k ON k.project_id = t.project_id WHERE t.experiment_id = $1`,
    [experimentId],
  );
  await run(
    `CREATE TABLE IF NOT EXISTS bench_trial (id uuid PRIMARY KEY, experiment_id uuid NOT NULL, number integer, state text,
      value float8, params jsonb, tags jsonb, metrics jsonb)`,
  );
  await run('CREATE INDEX IF NOT EXISTS bench_trial_of ON bench_trial (experiment_id, number)');
  await run(
    `INSERT INTO bench_trial SELECT t.id, t.experiment_id, t.number, t.state, t.value, t.params::jsonb, t.tags,
      (SELECT jsonb_object_agg(k.name, jsonb_build_object('last', s.last, 'min', s.min, 'max', s.max))
       FROM metric_summary s JOIN metric_key k ON k.id = s.key_id WHERE s.trial_id = t.id)
    FROM trial t WHERE t.experiment_id = $1`,
    [experimentId],
  );
  await run('VACUUM ANALYZE trial, trial_param, metric_summary, bench_trial');
  console.error(`${size} trials made in ${Math.round((performance.now() - startedMs) / 1_000)} s`);
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

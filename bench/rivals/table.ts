/**
 * A page of 50 trials with 20 params and 20 metrics each, filtered and sorted by a metric: our GraphQL with metrics as
 * columns beside MLflow's runs/search. Rows go straight into the tables of both; both must find the same trials.
 */
import type pg from 'pg';
import { literal } from '../support/columns.js';
import { fillTrials } from '../support/fill-trials.js';
import { latency, quantile, type Result } from '../support/result.js';
import { ask, startTrials } from '../support/server.js';
import { ASK_LIMIT_MS, askMlflow, isTimeout } from './mlflow-api.js';
import { type Sides, withSql } from './sides.js';

const COLUMNS = 20;
const REQUESTS_PER_ROUND = 10;
const PAGE = 50;

const TRIALS = `query ($id: ID!, $where: String, $orderBy: TrialOrder) {
  trials(experimentId: $id, first: ${PAGE}, where: $where, orderBy: $orderBy) {
    nodes { id number state value params tags } summary { key count last min max mean }
    pageInfo { endCursor hasNextPage }
  }
}`;
const OURS = {
  where: 'metrics.metric-3.last > 0.5 AND params.param-0 = "adam"',
  orderBy: { by: 'METRIC_LAST', key: 'metric-3', direction: 'DESC' },
};
const THEIRS = {
  filter: `metrics."metric-3" > 0.5 AND params."param-0" = 'adam'`,
  order_by: ['metrics."metric-3" DESC'],
  max_results: PAGE,
};

/** Our rows, a run or a column of it each; strings without quotes or backslashes, so they fit an array literal. */
const READ_TRIALS = `SELECT replace(id::text, '-', '') AS id, number FROM trial WHERE experiment_id = $1 ORDER BY number`;
const READ_PARAMS = `SELECT replace(t.id::text, '-', '') AS id, p.key, p.value FROM trial t, json_each_text(t.params) p WHERE t.experiment_id = $1`;
const READ_METRICS = `SELECT replace(s.trial_id::text, '-', '') AS id, k.name AS key, s.last FROM metric_summary s
JOIN metric_key k ON k.id = s.key_id WHERE s.experiment_id = $1`;
const WRITE_RUNS = `INSERT INTO runs (run_uuid, name, user_id, source_type, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
SELECT id, 'trial-' || number, '', 'UNKNOWN', 'FINISHED', number, number + 1, 'active', 'mlflow-artifacts:/' || $3 || '/' || id, $3::int
FROM unnest($1::text[], $2::int[]) AS r(id, number)`;
const WRITE_NAMES = `INSERT INTO tags (key, value, run_uuid) SELECT 'mlflow.runName', name, run_uuid FROM runs WHERE experiment_id = $1`;
const WRITE_PARAMS =
  'INSERT INTO params (run_uuid, key, value) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])';
const WRITE_METRICS = `INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)
SELECT id, key, value, 0, 99, false FROM unnest($1::text[], $2::text[], $3::float8[]) AS m(id, key, value)`;

export async function compareTable(sides: Sides, trials: number): Promise<Result[]> {
  const { ours, mlflow, rival, rounds } = sides;
  const { experimentId } = await startTrials(ours, `rivals-table-${trials}`, 1);
  const created = await askMlflow<{ experiment_id: string }>(mlflow, 'api/2.0/mlflow/experiments/create', {
    name: `table-${trials}`,
  });
  const startedMs = performance.now();
  await fill(sides, experimentId, created.experiment_id, trials);
  console.error(`${trials} trials made on both sides in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);

  const askOurs = async () => {
    const page = await ask<{ trials: { nodes: readonly { readonly number: number }[] } }>(ours, TRIALS, {
      id: experimentId,
      ...OURS,
    });
    return page.trials.nodes.map(({ number }) => `trial-${number}`);
  };
  const askTheirs = async () => {
    const page = await askMlflow<{ runs?: readonly { readonly info: { readonly run_name: string } }[] }>(
      mlflow,
      'api/2.0/mlflow/runs/search',
      { experiment_ids: [created.experiment_id], ...THEIRS },
    );
    return (page.runs ?? []).map(({ info }) => info.run_name);
  };
  const name = `rivals, trials table, ${trials.toLocaleString('en')} trials, filter and sort by a metric`;
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < REQUESTS_PER_ROUND; i++) {
      const [ourPage, ourMs] = await timed(askOurs);
      let theirPage: readonly string[];
      let theirMs: number;
      try {
        [theirPage, theirMs] = await timed(askTheirs);
      } catch (error) {
        if (!isTimeout(error)) throw error;
        return [{ ...latency(`${name}, p50`, ourMs, rival, ASK_LIMIT_MS), rivalStopped: true }];
      }
      if (ourPage.length === 0 || ourPage.join() !== theirPage.join())
        throw new Error(`we find ${ourPage.join()}; MLflow finds ${theirPage.join()}`);
      if (round < 0) continue; // warm
      own.push(ourMs);
      theirs.push(theirMs);
    }
  }
  return [
    latency(`${name}, p50`, quantile(own, 0.5), rival, quantile(theirs, 0.5)),
    latency(`${name}, p99`, quantile(own, 0.99), rival, quantile(theirs, 0.99)),
  ];
}

async function timed<Value>(work: () => Promise<Value>): Promise<[Value, number]> {
  const startedMs = performance.now();
  const value = await work();
  return [value, performance.now() - startedMs];
}

async function fill({ ours, mlflow }: Sides, experimentId: string, mlflowId: string, trials: number): Promise<void> {
  await withSql(ours.databaseUrl, async (from) => {
    await fillTrials(from, { experimentId, trials, params: COLUMNS, metrics: COLUMNS });
    await withSql(mlflow.databaseUrl, async (to) => {
      const read = async (statement: string) =>
        (await from.query<Record<string, string | number>>(statement, [experimentId])).rows;
      const column = (rows: readonly Record<string, string | number>[], key: string) =>
        literal(rows.map((row) => row[key]) as unknown as ArrayLike<number>);
      const runs = await read(READ_TRIALS);
      await to.query(WRITE_RUNS, [column(runs, 'id'), column(runs, 'number'), mlflowId]);
      await to.query(WRITE_NAMES, [mlflowId]);
      await copy(await read(READ_PARAMS), 'value', to, WRITE_PARAMS, column);
      await copy(await read(READ_METRICS), 'last', to, WRITE_METRICS, column);
      await to.query('VACUUM ANALYZE runs, tags, params, latest_metrics');
    });
  });
}

async function copy(
  rows: readonly Record<string, string | number>[],
  value: string,
  to: pg.Client,
  statement: string,
  column: (rows: readonly Record<string, string | number>[], key: string) => string,
): Promise<void> {
  await to.query(statement, [column(rows, 'id'), column(rows, 'key'), column(rows, value)]);
}

/**
 * Trials straight into the tables, as training by scripts would leave them: params, summaries, leases and counters, but no
 * points, logs or events, which a table of trials does not read. Secondary indexes are built after the rows, so they
 * are as small as they get.
 */
import type pg from 'pg';

export interface FillOptions {
  readonly experimentId: string;
  readonly trials: number;
  readonly params: number;
  readonly metrics: number;
}

const TABLES = ['trial', 'trial_param', 'metric_summary'];
/** Trials per statement. */
const BATCH = 50_000;

/** The experiment's trials are replaced by `trials` new ones: the same for each size and seed. */
export async function fillTrials(
  sql: pg.Client,
  { experimentId, trials, params, metrics }: FillOptions,
): Promise<void> {
  const run = (text: string, values: readonly unknown[] = []) => sql.query(text, [...values]);
  await run('DELETE FROM trial WHERE experiment_id = $1', [experimentId]);
  await run(
    `INSERT INTO metric_key (project_id, name) SELECT e.project_id, 'metric-' || i FROM experiment e, generate_series(0, $2 - 1) i
    WHERE e.id = $1 ON CONFLICT DO NOTHING`,
    [experimentId, metrics],
  );
  await run('SELECT setseed(0.5)');
  await run(`SET session_replication_role = replica`); // no checks of foreign keys: these rows are sound
  await run(`SET maintenance_work_mem = '512MB'`);
  const { rows: indexes } = await sql.query<{ name: string; text: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY ($1::text[]::regclass[]) AND NOT i.indisunique`,
    [TABLES],
  );
  for (const { name } of indexes) await run(`DROP INDEX ${name}`);
  for (let from = 0; from < trials; from += BATCH) {
    await run(
      `WITH made AS (
        INSERT INTO trial (id, project_id, experiment_id, number, state, params, tags, proposed_by, value, attempt, asked_at, ended_sequence, started_at, ended_at)
        SELECT uuidv7(), e.project_id, e.id, n, CASE WHEN n % 10 < 8 THEN 'COMPLETED' ELSE 'FAILED' END,
          (SELECT json_object_agg('param-' || i, CASE i WHEN 0 THEN to_json((ARRAY['adam', 'sgd', 'lion', 'adagrad'])[1 + n % 4])
            WHEN 1 THEN to_json(1 + (n / 7) % 8) ELSE to_json(random() + 0 * n) END) FROM generate_series(0, $4 - 1) i),
          CASE WHEN n % 2 = 1 THEN '["odd"]'::jsonb ELSE '["even"]' END, 'user', random(), 1, n, n + 1, now(), now() + n * interval '1 second'
        FROM experiment e, generate_series($2::int, $3::int - 1) n WHERE e.id = $1 RETURNING id, project_id, experiment_id, number, params),
      lease AS (INSERT INTO trial_lease (trial_id, attempt, epoch) SELECT id, 1, 1 FROM made),
      param AS (INSERT INTO trial_param (experiment_id, trial_id, name, number, text)
        SELECT made.experiment_id, made.id, p.key, CASE WHEN json_typeof(p.value) = 'number' THEN (p.value #>> '{}')::float8 END,
          CASE WHEN json_typeof(p.value) = 'string' THEN p.value #>> '{}' END
        FROM made, json_each(made.params) p)
      INSERT INTO metric_summary (experiment_id, trial_id, key_id, n, n_nonfinite, first, last, last_step, min, min_step, max, max_step, sum)
      SELECT v.experiment_id, v.id, v.key_id, 100, 0, v.last, v.last, 99, v.last * v.low, 50, 1 - (1 - v.last) * v.high, 60, 100 * v.last
      FROM (SELECT made.experiment_id, made.id, k.id AS key_id, random() AS last, random() AS low, random() AS high
        FROM made JOIN metric_key k ON k.project_id = made.project_id ORDER BY made.number OFFSET 0) v`,
      [experimentId, from, Math.min(trials, from + BATCH), params],
    );
  }
  for (const { text } of indexes) await run(text);
  await run('UPDATE experiment SET next_number = $2, sequence = $2 + 1 WHERE id = $1', [experimentId, trials]);
  await run('VACUUM ANALYZE trial, trial_param, metric_summary, trial_lease');
}

/** What the tables and their indexes take on disk, in MiB. */
export async function sizesOf(sql: pg.Client): Promise<string> {
  const { rows } = await sql.query<{ name: string; mib: number }>(
    `SELECT c.relname AS name, round(pg_relation_size(c.oid) / 1048576.0)::int AS mib FROM pg_class c
    WHERE c.oid = ANY (SELECT unnest($1::text[])::regclass)
      OR c.oid = ANY (SELECT indexrelid FROM pg_index WHERE indrelid = ANY ($1::text[]::regclass[]))
    ORDER BY 2 DESC`,
    [TABLES],
  );
  return rows.map(({ name, mib }) => `${name} ${mib}`).join(', ');
}

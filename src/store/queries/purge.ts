/**
 * The second phase of deletion: removes what was moved out of sight, some rows at a time. Each statement follows an index
 * to rows of one deleted thing; none looks at anything that lives.
 */
import type { ArtifactId, ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { NOBODY } from './deletion.js';

/** Any number that nobody else locks: one purger at a time, so that none waits for rows of another. */
const LOCK = 7_110_042_001;

/** Whether this transaction may purge. */
export async function takePurgeTurn(tx: Sql): Promise<boolean> {
  const [row] = await tx.query<{ mine: boolean }>(`/* purge.turn */ SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`);
  return row?.mine === true;
}

const DELETED_PROJECTS = 'SELECT p.id FROM project p WHERE p.organization_id IS NULL';

/** Trials that were deleted, alone or with their experiment or project. */
export async function findDeletedTrials(sql: Sql, limit: number): Promise<TrialId[]> {
  const rows = await sql.query<{ id: TrialId }>(
    `/* purge.trials */
    SELECT t.id FROM (${DELETED_PROJECTS}) p JOIN experiment e ON e.project_id = p.id
    CROSS JOIN LATERAL (SELECT id FROM trial WHERE experiment_id = e.id ORDER BY number LIMIT $1) t LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/** Deleted experiments without trials. */
export async function findEmptyExperiments(sql: Sql, limit: number): Promise<ExperimentId[]> {
  const rows = await sql.query<{ id: ExperimentId }>(
    `/* purge.experiments */
    SELECT e.id FROM (${DELETED_PROJECTS}) p JOIN experiment e ON e.project_id = p.id
    WHERE e.id <> $1 AND NOT EXISTS (SELECT 1 FROM trial t WHERE t.experiment_id = e.id) LIMIT $2`,
    [NOBODY, limit],
  );
  return rows.map((row) => row.id);
}

/** Deleted projects without experiments. */
export async function findEmptyProjects(sql: Sql): Promise<ProjectId[]> {
  const rows = await sql.query<{ id: ProjectId }>(
    `/* purge.projects */
    SELECT p.id FROM (${DELETED_PROJECTS}) p
    WHERE p.id <> $1 AND NOT EXISTS (SELECT 1 FROM experiment e WHERE e.project_id = p.id)`,
    [NOBODY],
  );
  return rows.map((row) => row.id);
}

/** Where a trial's rows are, by table: what each row weighs decides how many go at once. */
const OF_STREAM = {
  metric_segment: { order: 'seq', of: 'metric_stream' },
  metric_rollup: { order: 'key_id, no', of: 'metric_stream' },
  metric_chunk: { order: 'key_id, no', of: 'metric_stream' },
  log_segment: { order: 'seq', of: 'log_stream' },
} as const;
export type StreamTable = keyof typeof OF_STREAM;

/** The streams that a trial has, of points or of lines. */
export async function findStreams(sql: Sql, trialId: TrialId, of: 'metric_stream' | 'log_stream'): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `/* purge.streams */ SELECT id FROM ${of} WHERE trial_id = $1 ORDER BY attempt, id`,
    [trialId],
  );
  return rows.map((row) => row.id);
}

/** Deletes the first rows of a stream; how many. The order is that of the primary key. */
export async function deleteOfStream(tx: Sql, table: StreamTable, streamId: number, limit: number): Promise<number> {
  const rows = await tx.query(
    `/* purge.${table.replace('_', '-')} */
    DELETE FROM ${table} WHERE stream_id = $1 AND ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE stream_id = $1 ORDER BY stream_id, ${OF_STREAM[table].order} LIMIT $2)) RETURNING 1 AS gone`,
    [streamId, limit],
  );
  return rows.length;
}

/** Deletes some of a trial's reports; how many. */
export async function deleteReports(tx: Sql, trialId: TrialId, limit: number): Promise<number> {
  const rows = await tx.query(
    `/* purge.reports */
    DELETE FROM trial_report WHERE trial_id = $1 AND ctid = ANY (ARRAY(
      SELECT ctid FROM trial_report WHERE trial_id = $1 ORDER BY trial_id, attempt, step LIMIT $2)) RETURNING 1 AS gone`,
    [trialId, limit],
  );
  return rows.length;
}

/** Some of a trial's artifacts. */
export async function findArtifactsOf(
  sql: Sql,
  trialId: TrialId,
  limit: number,
): Promise<{ readonly id: ArtifactId; readonly storageKey: string }[]> {
  return sql.query(
    `/* purge.artifacts */ SELECT id, storage_key AS "storageKey" FROM artifact WHERE trial_id = $1 ORDER BY trial_id, id LIMIT $2`,
    [trialId, limit],
  );
}

/** The row of a trial whose heavy parts are gone; what little is left goes with it. Also its tokens. */
export async function deleteEmptyTrial(tx: Sql, trialId: TrialId): Promise<void> {
  await tx.query(`/* purge.keys */ DELETE FROM api_key WHERE trial_id = $1`, [trialId]);
  await tx.query(`/* purge.trial */ DELETE FROM trial WHERE id = $1`, [trialId]);
}

export async function deleteEmptyExperiment(tx: Sql, id: ExperimentId): Promise<void> {
  await tx.query(
    `/* purge.experiment */ DELETE FROM experiment e WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM trial t WHERE t.experiment_id = e.id)`,
    [id],
  );
}

/** Deletes some of a project's events; how many. */
export async function deleteEvents(tx: Sql, id: ProjectId, limit: number): Promise<number> {
  const rows = await tx.query(
    `/* purge.events */
    DELETE FROM event WHERE project_id = $1 AND ctid = ANY (ARRAY(
      SELECT ctid FROM event WHERE project_id = $1 ORDER BY project_id, id LIMIT $2)) RETURNING 1 AS gone`,
    [id, limit],
  );
  return rows.length;
}

/** Deletes some of a project's metric names; how many. */
export async function deleteMetricKeys(tx: Sql, id: ProjectId, limit: number): Promise<number> {
  const rows = await tx.query(
    `/* purge.metric-keys */
    DELETE FROM metric_key WHERE project_id = $1 AND ctid = ANY (ARRAY(
      SELECT ctid FROM metric_key WHERE project_id = $1 ORDER BY project_id, name LIMIT $2)) RETURNING 1 AS gone`,
    [id, limit],
  );
  return rows.length;
}

/** The row of a project in which nothing is left but algorithms, datasets and members. */
export async function deleteEmptyProject(tx: Sql, id: ProjectId): Promise<void> {
  await tx.query(`/* purge.project */ DELETE FROM project WHERE id = $1 AND organization_id IS NULL`, [id]);
}

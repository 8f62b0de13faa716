/** Experiments: their rows, their counts and best trials. Verbs that change one lock its row first, before leases and trials. */
import {
  BUDGET_DEFAULTS,
  type Cost,
  type Experiment,
  type ExperimentState,
  type Resources,
  SEARCH_DEFAULTS,
  type Search,
} from '../../domain/experiment.js';
import type {
  AlgorithmVersionId,
  DatasetVersionId,
  ExperimentId,
  ProjectId,
  ResourcePoolId,
  TrialId,
} from '../../domain/ids.js';
import type { TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { joinCost } from './cost.js';
import { IS_BUSY, IS_PAUSED } from './pause.js';
import { joinVisible, type Scope, scopeParameters } from './scope.js';

/** SQL of a budget with what older ones lack. */
export const budgetOf = (budget: string): string => `('${JSON.stringify(BUDGET_DEFAULTS)}'::jsonb || ${budget})`;

/** SQL of the search with what older rows of it lack; NULL stays NULL. */
export const SEARCH_COLUMN = `'${JSON.stringify(SEARCH_DEFAULTS)}'::jsonb
  || jsonb_build_object('objectives', jsonb_build_array(e.search->'objective')) || e.search
  || jsonb_build_object('budget', ${budgetOf("(e.search->'budget')")}) AS search`;

export const EXPERIMENT_COLUMNS = `e.id, e.project_id AS "projectId", e.name, e.description, e.state, ${SEARCH_COLUMN},
  e.algorithm_version_id AS "algorithmVersionId", e.pool_id AS "poolId", e.resources, e.next_number AS "nextNumber",
  e.sequence, e.created_at AS "createdAt", e.ended_at AS "endedAt"`;

export interface NewExperiment {
  readonly id: ExperimentId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly description: string;
  readonly search: Search | null;
  readonly algorithmVersionId: AlgorithmVersionId | null;
  readonly poolId: ResourcePoolId | null;
  readonly resources: Resources;
}

/** Whether the name was free: false changes nothing. */
export async function insertExperiment(tx: Sql, row: NewExperiment): Promise<boolean> {
  const rows = await tx.query(
    `/* experiment.insert */
    INSERT INTO experiment (id, project_id, name, description, search, algorithm_version_id, pool_id, resources)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8::jsonb)
    ON CONFLICT (project_id, name) DO NOTHING RETURNING 1 AS inserted`,
    [
      row.id,
      row.projectId,
      row.name,
      row.description,
      row.search === null ? null : JSON.stringify(row.search),
      row.algorithmVersionId,
      row.poolId,
      JSON.stringify(row.resources),
    ],
  );
  return rows.length === 1;
}

/** Binds a dataset version of the same project to a channel; whether there is such a version. */
export async function insertExperimentDataset(
  tx: Sql,
  row: { projectId: ProjectId; experimentId: ExperimentId; datasetVersionId: DatasetVersionId; channel: string },
): Promise<boolean> {
  const rows = await tx.query(
    `/* experiment.insert-dataset */
    INSERT INTO experiment_dataset (project_id, experiment_id, dataset_version_id, channel)
    SELECT v.project_id, $2, v.id, $4 FROM dataset_version v WHERE v.project_id = $1 AND v.id = $3 RETURNING 1 AS inserted`,
    [row.projectId, row.experimentId, row.datasetVersionId, row.channel],
  );
  return rows.length === 1;
}

/** Whether the project has this version of an algorithm. */
export async function hasAlgorithmVersion(tx: Sql, projectId: ProjectId, id: AlgorithmVersionId): Promise<boolean> {
  const rows = await tx.query(
    `/* experiment.has-algorithm-version */ SELECT 1 AS found FROM algorithm_version WHERE project_id = $1 AND id = $2`,
    [projectId, id],
  );
  return rows.length === 1;
}

/** Visible experiments with these ids, in any order. */
export async function findExperiments(sql: Sql, scope: Scope, ids: readonly ExperimentId[]): Promise<Experiment[]> {
  return sql.query<Experiment>(
    `/* experiment.find */ SELECT ${EXPERIMENT_COLUMNS} FROM experiment e ${joinVisible('e.project_id', 2)} WHERE e.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
}

/** The visible experiment with this name in the project with this name. */
export async function findExperimentByName(
  sql: Sql,
  scope: Scope,
  project: string,
  name: string,
): Promise<Experiment | null> {
  const rows = await sql.query<Experiment>(
    `/* experiment.find-by-name */
    SELECT ${EXPERIMENT_COLUMNS} FROM experiment e ${joinVisible('e.project_id', 3)} WHERE p.name = $1 AND e.name = $2`,
    [project, name, ...scopeParameters(scope)],
  );
  return rows[0] ?? null;
}

/** The experiment of this name in a project. Trusts the caller's authorisation. */
export async function findExperimentIn(tx: Sql, projectId: ProjectId, name: string): Promise<ExperimentId | null> {
  const rows = await tx.query<{ id: ExperimentId }>(
    `/* experiment.find-in */ SELECT id FROM experiment WHERE project_id = $1 AND name = $2`,
    [projectId, name],
  );
  return rows[0]?.id ?? null;
}

/** Those of the names `base`, `base-2`, `base-3` … that are taken. */
export async function takenExperimentNames(sql: Sql, projectId: ProjectId, base: string): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `/* experiment.taken-names */
    SELECT name FROM experiment WHERE project_id = $1 AND (name = $2 OR left(name, length($2) + 1) = $2 || '-')`,
    [projectId, base],
  );
  return rows.map((row) => row.name);
}

/** The row, locked until the end of the transaction; null when it does not exist. Trusts the caller's authorisation. */
export async function lockExperiment(tx: Sql, id: ExperimentId): Promise<Experiment | null> {
  const rows = await tx.query<Experiment>(
    `/* experiment.lock */ SELECT ${EXPERIMENT_COLUMNS} FROM experiment e WHERE e.id = $1 FOR UPDATE`,
    [id],
  );
  return rows[0] ?? null;
}

/** The same for a caller who may see it, else null. */
export async function lockVisible(tx: Sql, scope: Scope, id: ExperimentId): Promise<Experiment | null> {
  const rows = await tx.query<Experiment>(
    `/* experiment.lock-visible */
    SELECT ${EXPERIMENT_COLUMNS} FROM experiment e ${joinVisible('e.project_id', 2)} WHERE e.id = $1 FOR UPDATE OF e`,
    [id, ...scopeParameters(scope)],
  );
  return rows[0] ?? null;
}

/** Sets the state; `ended_at` is set with COMPLETED and STOPPED, and cleared otherwise. With ACTIVE failures are counted anew. */
export async function setExperimentState(tx: Sql, id: ExperimentId, state: ExperimentState): Promise<void> {
  await tx.query(
    `/* experiment.set-state */
    UPDATE experiment SET state = $2, ended_at = CASE WHEN $2 IN ('COMPLETED', 'STOPPED') THEN clock_timestamp() END,
      failures_from = CASE WHEN $2 = 'ACTIVE' THEN sequence ELSE failures_from END WHERE id = $1`,
    [id, state],
  );
}

/** Takes the next trial number and position in the sequence. Call with the row locked. */
export async function advanceForTrial(tx: Sql, id: ExperimentId): Promise<{ number: number; sequence: number }> {
  const rows = await tx.query<{ number: number; sequence: number }>(
    `/* experiment.advance-for-trial */
    UPDATE experiment SET next_number = next_number + 1, sequence = sequence + 1 WHERE id = $1
    RETURNING next_number - 1 AS number, sequence`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`experiment ${id} vanished under its lock`);
  return row;
}

/** Takes the next position in the sequence. */
export async function advanceSequence(tx: Sql, id: ExperimentId): Promise<number> {
  const rows = await tx.query<{ sequence: number }>(
    `/* experiment.advance-sequence */ UPDATE experiment SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`experiment ${id} vanished under its lock`);
  return row.sequence;
}

export interface ExperimentLoad extends Cost {
  /** Trials that have not ended and are not paused. */
  readonly unfinished: number;
}

/** How busy an experiment is, and what it has cost by the database's clock: jobs are counted only where its budget limits them. */
export async function experimentLoad(tx: Sql, id: ExperimentId): Promise<ExperimentLoad> {
  const rows = await tx.query<ExperimentLoad>(
    `/* experiment.load */
    SELECT (SELECT count(*) FROM trial t WHERE t.experiment_id = e.id AND ${IS_BUSY}) AS unfinished,
      extract(epoch FROM clock_timestamp() - e.created_at)::float8 / 3600 AS hours,
      cost.gpu_hours AS "gpuHours", cost.slot_hours AS "slotHours"
    FROM experiment e ${joinCost("coalesce(e.search->'budget'->>'maxGpuHours', e.search->'budget'->>'maxSlotHours') IS NOT NULL")}
    WHERE e.id = $1`,
    [id],
  );
  return rows[0] ?? { unfinished: 0, hours: 0, gpuHours: 0, slotHours: 0 };
}

/** Searching experiments of a pool that may propose or resume and whose jobs fit, those with the fewest unfinished trials first. */
export async function findProposing(
  sql: Sql,
  pool: { readonly poolId: ResourcePoolId; readonly gpus: number; readonly slots: number },
): Promise<ExperimentId[]> {
  const rows = await sql.query<{ id: ExperimentId }>(
    `/* experiment.proposing */
    SELECT c.id FROM (
      SELECT e.id, e.created_at, e.search, e.next_number,
        (SELECT count(*) FROM trial t WHERE t.experiment_id = e.id AND ${IS_BUSY}) AS unfinished
      FROM experiment e
      WHERE e.pool_id = $1 AND e.state = 'ACTIVE' AND e.search IS NOT NULL AND e.algorithm_version_id IS NOT NULL
        AND (e.resources->>'gpus')::int <= $2 AND (e.resources->>'slots')::int <= $3) c
    WHERE c.unfinished = 0 OR (c.unfinished < (c.search->'budget'->>'maxParallel')::int
      AND (c.next_number < coalesce((c.search->'budget'->>'maxTrials')::int, c.next_number + 1)
        OR EXISTS (SELECT 1 FROM trial t WHERE t.experiment_id = c.id AND ${IS_PAUSED})))
    ORDER BY c.unfinished, c.created_at, c.id`,
    [pool.poolId, pool.gpus, pool.slots],
  );
  return rows.map((row) => row.id);
}

export interface StateCount {
  readonly experimentId: ExperimentId;
  readonly state: TrialState;
  readonly n: number;
}

/** Trials by state, for many experiments in one statement. Trusts the caller's authorisation. */
export async function countTrialsByState(sql: Sql, ids: readonly ExperimentId[]): Promise<StateCount[]> {
  return sql.query<StateCount>(
    `/* experiment.count-trials */
    SELECT t.experiment_id AS "experimentId", t.state, count(*) AS n FROM trial t
    WHERE t.experiment_id = ANY ($1::uuid[]) GROUP BY t.experiment_id, t.state`,
    [ids],
  );
}

const HAS_BOUNDS = `(e.search->'metricConstraints' IS NOT NULL AND e.search->'metricConstraints' <> '[]'::jsonb)`;
const HAS_REPLICATES = `((jsonb_typeof(e.search->'replicates') = 'object') IS TRUE)`;
const COUNTS = `t.experiment_id = e.id AND t.state = 'COMPLETED' AND abs(t.value) < 'Infinity'::float8
        AND (t.objective_values && '{Infinity,-Infinity}'::float8[]) IS NOT TRUE`;

/** The best of the first objective for one goal, with bounds or without: each can be served by an index of its own. */
function bestBranch(goal: 'minimize' | 'maximize', isBounded: boolean): string {
  return `(SELECT t.id, t.value FROM trial t
      WHERE e.search->'objective'->>'goal' = '${goal}' AND NOT ${HAS_REPLICATES} AND ${isBounded ? '' : 'NOT '}${HAS_BOUNDS}
        AND ${COUNTS}${isBounded ? ' AND t.violation = 0' : ''}
      ORDER BY t.value${goal === 'maximize' ? ' DESC' : ''}, t.number LIMIT 1)`;
}

/** With replicates: the first completed trial of the point with the best mean, points that have all their trials before others. */
const BEST_POINT = `(SELECT t.id, t.value FROM trial t
      WHERE ${HAS_REPLICATES} AND t.experiment_id = e.id AND t.number = (
        SELECT min(t.number) FROM trial t
        WHERE ${HAS_REPLICATES} AND ${COUNTS} AND t.point IS NOT NULL
        GROUP BY t.point HAVING coalesce(sum(t.violation), 0) = 0
        ORDER BY least(count(*), greatest((e.search->'replicates'->>'count')::int,
          (e.search->'replicates'->'confirm'->>'times')::int)) DESC,
          CASE WHEN e.search->'objective'->>'goal' = 'maximize' THEN -1 ELSE 1 END * avg(t.value::numeric), t.point LIMIT 1))`;

/**
 * The best trial of each experiment that has one: completed, feasible and finite in every objective, by the first of them;
 * ties go to the lower number.
 */
export async function findBestTrials(
  sql: Sql,
  ids: readonly ExperimentId[],
): Promise<{ experimentId: ExperimentId; trialId: TrialId; value: number }[]> {
  const branches = [
    bestBranch('minimize', false),
    bestBranch('maximize', false),
    bestBranch('minimize', true),
    bestBranch('maximize', true),
    BEST_POINT,
  ];
  return sql.query(
    `/* experiment.best-trials */
    SELECT e.id AS "experimentId", b.id AS "trialId", b.value FROM experiment e
    CROSS JOIN LATERAL (
      ${branches.join('\n      UNION ALL\n      ')}) b
    WHERE e.id = ANY ($1::uuid[]) AND e.search IS NOT NULL`,
    [ids],
  );
}

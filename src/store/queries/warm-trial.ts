/** Trials of other experiments that a search began with, or was given later: copies, made once and never changed. */
import type { MetricConstraint, Objective } from '../../domain/experiment.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Params, TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';

export interface WarmTrialRow {
  /** -1, -2 … back from the newest of those that came together. */
  readonly number: number;
  /** Position in the experiment's sequence from which it is known; null of one that the search began with. */
  readonly adoptedAt: number | null;
  readonly params: Params;
  readonly state: Extract<TrialState, 'COMPLETED' | 'PRUNED'>;
  /** Of the objective, the first of several; null unless it is COMPLETED. */
  readonly value: number | null;
  /** Of several objectives, and what was observed of metrics with bounds; null unless it is COMPLETED. */
  readonly objectiveValues: readonly number[] | null;
  readonly constraintValues: readonly number[] | null;
  /** Of the objective, in order of arrival; equal lengths. */
  readonly steps: readonly number[];
  readonly reports: readonly number[];
  readonly seconds: number | null;
}

/** Where trials are copied from. */
export interface WarmSources {
  /** All of these, in this order. */
  readonly experiments: readonly ExperimentId[];
  readonly trials: readonly TrialId[];
}

/** What they are copied into. */
export interface WarmInto {
  readonly experimentId: ExperimentId;
  readonly projectId: ProjectId;
  readonly objectives: readonly Objective[];
  readonly metricConstraints: readonly MetricConstraint[];
  /** As in `WarmTrialRow`. */
  readonly adoptedAt: number | null;
  /** The params that are copied; null for all. */
  readonly names: readonly string[] | null;
}

/** A copy that was made. */
export interface CopiedTrial {
  readonly sourceTrialId: TrialId;
  readonly params: Params;
}

/**
 * How many trials of these sources have completed or were pruned, and were not copied before; stops counting beyond `limit`.
 * Call with the experiment locked, or just made.
 */
export async function countWarmCandidates(
  tx: Sql,
  { experimentId }: Pick<WarmInto, 'experimentId'>,
  sources: WarmSources,
  limit: number,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `/* warm-trial.count */
    SELECT count(*)::int AS n FROM (SELECT 1 FROM trial t
      WHERE (t.experiment_id = ANY ($2::uuid[]) OR t.id = ANY ($3::uuid[])) AND t.state IN ('COMPLETED', 'PRUNED')
        AND NOT EXISTS (SELECT 1 FROM warm_trial w WHERE w.experiment_id = $1 AND w.source_trial_id = t.id)
      LIMIT $4) c`,
    [experimentId, sources.experiments, sources.trials, limit + 1],
  );
  return row?.n ?? 0;
}

/**
 * Copies what the given trials know of some objectives and bounds, and says of which: completed ones with a value of each, and
 * pruned ones that reported the first objective. A trial's own value counts where its search had the same objective, else what
 * it reported of the metric. Those that were copied before are left. Call with the experiment locked, or just made.
 */
export async function copyWarmTrials(tx: Sql, into: WarmInto, sources: WarmSources): Promise<CopiedTrial[]> {
  return tx.query<CopiedTrial>(
    `/* warm-trial.copy */
    INSERT INTO warm_trial
      (experiment_id, number, project_id, source_trial_id, params, state, value, objective_values, constraint_values,
        steps, reports, seconds, adopted_at)
    SELECT $1, (SELECT coalesce(min(w.number), 0) FROM warm_trial w WHERE w.experiment_id = $1)
        + row_number() OVER (ORDER BY c.place, c.number, c.id) - 1 - count(*) OVER (),
      $2, c.id, CASE WHEN $7::text[] IS NULL THEN c.params ELSE coalesce((SELECT json_object_agg(p.key, p.value)
        FROM json_each(c.params) p WHERE p.key = ANY ($7::text[])), '{}') END, c.state,
      c.values[1], CASE WHEN cardinality(c.values) > 1 THEN c.values END, c.bounded,
      coalesce(c.steps, '{}'), coalesce(c.reports, '{}'), c.seconds, $8::int
    FROM (
      SELECT t.id, t.number, t.params, t.state, r.steps, r.reports, array_position($5::uuid[], t.experiment_id) AS place,
        extract(epoch FROM t.ended_at - t.started_at)::float8 AS seconds, o.values, b.bounded
      FROM trial t JOIN experiment e ON e.id = t.experiment_id
      LEFT JOIN LATERAL (
        SELECT array_agg(CASE WHEN own.place IS NOT NULL THEN (coalesce(t.objective_values, ARRAY[t.value]))[own.place]
          WHEN w.one->>'take' = 'last' THEN s.last
          ELSE coalesce(CASE WHEN w.one->>'goal' = 'maximize' THEN s.max ELSE s.min END, s.last) END ORDER BY w.place) AS values
        FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS w(one, place)
        LEFT JOIN LATERAL (SELECT h.place FROM jsonb_array_elements(
          coalesce(e.search->'objectives', jsonb_build_array(e.search->'objective'))) WITH ORDINALITY AS h(one, place)
          WHERE h.one = w.one) own ON true
        LEFT JOIN metric_key k ON k.project_id = t.project_id AND k.name = w.one->>'metric'
        LEFT JOIN metric_summary s ON s.trial_id = t.id AND s.key_id = k.id) o ON t.state = 'COMPLETED'
      LEFT JOIN LATERAL (
        SELECT array_agg(CASE WHEN w.one->>'take' = 'last' THEN s.last
          ELSE coalesce(CASE WHEN w.one->>'atMost' IS NULL THEN s.min ELSE s.max END, s.last) END ORDER BY w.place) AS bounded
        FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS w(one, place)
        LEFT JOIN metric_key k ON k.project_id = t.project_id AND k.name = w.one->>'metric'
        LEFT JOIN metric_summary s ON s.trial_id = t.id AND s.key_id = k.id) b ON t.state = 'COMPLETED'
      LEFT JOIN LATERAL (
        SELECT array_agg(p.step ORDER BY p.position, p.attempt, p.step) AS steps,
          array_agg(p.value ORDER BY p.position, p.attempt, p.step) AS reports
        FROM trial_report p WHERE p.trial_id = t.id AND p.position < t.ended_sequence
          AND e.search->'objective'->'metric' = $3::jsonb->0->'metric'
          AND e.search->'objective'->'goal' = $3::jsonb->0->'goal') r ON true
      WHERE (t.experiment_id = ANY ($5::uuid[]) OR t.id = ANY ($6::uuid[])) AND t.state IN ('COMPLETED', 'PRUNED')) c
    WHERE CASE WHEN c.state = 'COMPLETED'
      THEN array_position(c.values, NULL) IS NULL AND 'NaN'::float8 <> ALL (c.values) AND array_position(c.bounded, NULL) IS NULL
      ELSE c.reports IS NOT NULL END
      AND NOT EXISTS (SELECT 1 FROM warm_trial w WHERE w.experiment_id = $1 AND w.source_trial_id = c.id)
    RETURNING source_trial_id AS "sourceTrialId", params`,
    [
      into.experimentId,
      into.projectId,
      JSON.stringify(into.objectives),
      JSON.stringify(into.metricConstraints),
      sources.experiments,
      sources.trials,
      into.names,
      into.adoptedAt,
    ],
  );
}

/** Those of the trials of which an experiment has copies. */
export async function findCopied(
  sql: Sql,
  experimentId: ExperimentId,
  trialIds: readonly TrialId[],
): Promise<TrialId[]> {
  const rows = await sql.query<{ id: TrialId }>(
    `/* warm-trial.copied */
    SELECT w.source_trial_id AS id FROM warm_trial w WHERE w.experiment_id = $1 AND w.source_trial_id = ANY ($2::uuid[])`,
    [experimentId, trialIds],
  );
  return rows.map((row) => row.id);
}

/** Visible trials by what people call them: `project/experiment/number`. */
export async function findTrialPaths(
  sql: Sql,
  scope: Scope,
  ids: readonly TrialId[],
): Promise<{ readonly id: TrialId; readonly path: string }[]> {
  return sql.query(
    `/* warm-trial.paths */
    SELECT t.id, p.name || '/' || ve.name || '/' || t.number AS path FROM trial t ${joinVisibleTrial('t', 2)}
    WHERE t.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
}

/** All of an experiment, by number. Trusts the caller's authorisation. */
export async function listWarmTrials(sql: Sql, experimentId: ExperimentId): Promise<WarmTrialRow[]> {
  return sql.query<WarmTrialRow>(
    `/* warm-trial.list */
    SELECT w.number, w.adopted_at AS "adoptedAt", w.params, w.state, w.value, w.objective_values AS "objectiveValues",
      w.constraint_values AS "constraintValues", w.steps, w.reports, w.seconds
    FROM warm_trial w WHERE w.experiment_id = $1 ORDER BY w.number`,
    [experimentId],
  );
}

/** Notes on the search how many trials of others it knows. Call with the experiment locked, or just made. */
export async function setWarmTrials(tx: Sql, id: ExperimentId, warmTrials: number): Promise<void> {
  await tx.query(`/* warm-trial.note */ UPDATE experiment SET search = search || $2::jsonb WHERE id = $1`, [
    id,
    JSON.stringify({ warmTrials }),
  ]);
}

/** Trials: their rows and how they change. A trial changes its state only under the lock of its lease. */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { FailureCause, Params, StopReason, Trial, TrialExplanation, TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { numberArray } from '../streams/arrays.js';
import { IS_NOT_PAUSED } from './pause.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';

export const TRIAL_COLUMNS = `t.id, t.project_id AS "projectId", t.experiment_id AS "experimentId", t.number, t.name, t.state,
  t.params, t.tags, t.proposed_by AS "proposedBy", t.value, t.objective_values AS "objectiveValues",
  t.constraint_values AS "constraintValues", t.violation, t.point, t.replicate, t.seed, t.cause, t.message, t.stop_reason AS "stopReason",
  t.stop_message AS "stopMessage", t.pausing, t.pause_obeyed AS "pauseObeyed", t.paused_at AS "pausedAt",
  t.resumed_at AS "resumedAt", t.parent_number AS "parentNumber", t.attempt, t.asked_at AS "askedAt", t.ended_sequence AS "endedSequence",
  t.created_at AS "createdAt", t.started_at AS "startedAt", t.ended_at AS "endedAt", t.contact_at AS "contactAt", t.dropped,
  t.points_expired_at AS "pointsExpiredAt", t.logs_expired_at AS "logsExpiredAt"`;

export interface NewTrial {
  readonly id: TrialId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly number: number;
  readonly name: string | null;
  readonly params: Params;
  readonly tags: readonly string[];
  readonly proposedBy: string;
  readonly explanation: TrialExplanation | null;
  readonly askedAt: number;
  /** Where it stands among the trials of its point; absent without replicates. */
  readonly place?: TrialPlace | null;
}

export interface TrialPlace {
  readonly point: number;
  readonly replicate: number;
  readonly seed: number;
}

/** A WAITING trial with its typed params and its lease row. Booleans are the texts `true` and `false`. */
export async function insertTrial(tx: Sql, row: NewTrial): Promise<void> {
  await tx.query(
    `/* trial.insert */
    WITH made AS (
      INSERT INTO trial (id, project_id, experiment_id, number, name, state, params, tags, proposed_by, asked_at, explanation,
        point, replicate, seed)
      VALUES ($1, $2, $3, $4, $5, 'WAITING', $6::json, $7::jsonb, $8, $9, $10::jsonb, $11, $12, $13)
      RETURNING id, experiment_id, params),
    lease AS (INSERT INTO trial_lease (trial_id) SELECT id FROM made)
    INSERT INTO trial_param (experiment_id, trial_id, name, number, text)
    SELECT made.experiment_id, made.id, p.key,
      CASE WHEN json_typeof(p.value) = 'number' THEN (p.value #>> '{}')::float8 END,
      CASE WHEN json_typeof(p.value) IN ('string', 'boolean') THEN p.value #>> '{}' END
    FROM made, json_each(made.params) AS p`,
    [
      row.id,
      row.projectId,
      row.experimentId,
      row.number,
      row.name,
      JSON.stringify(row.params),
      JSON.stringify(row.tags),
      row.proposedBy,
      row.askedAt,
      row.explanation === null ? null : JSON.stringify(row.explanation),
      row.place?.point ?? null,
      row.place?.replicate ?? null,
      row.place?.seed ?? null,
    ],
  );
}

/** The point of the trial with this number and the next place there; null when there is no such trial. */
export async function findNextPlace(
  tx: Sql,
  experimentId: ExperimentId,
  number: number,
): Promise<Pick<TrialPlace, 'point' | 'replicate'> | null> {
  const rows = await tx.query<Pick<TrialPlace, 'point' | 'replicate'>>(
    `/* trial.next-place */
    SELECT t.point, max(t.replicate) + 1 AS replicate
    FROM trial f JOIN trial t ON t.experiment_id = f.experiment_id AND t.point = f.point
    WHERE f.experiment_id = $1 AND f.number = $2 GROUP BY t.point`,
    [experimentId, number],
  );
  return rows[0] ?? null;
}

/** The point of the trials with these params and the next place there; null when there are none. Reads the whole experiment. */
export async function findPlace(
  tx: Sql,
  experimentId: ExperimentId,
  params: Params,
): Promise<Pick<TrialPlace, 'point' | 'replicate'> | null> {
  const rows = await tx.query<{ point: number | null; replicate: number | null }>(
    `/* trial.place */
    SELECT min(t.point) AS point, max(t.replicate) + 1 AS replicate FROM trial t
    WHERE t.experiment_id = $1 AND t.params::jsonb = $2::jsonb`,
    [experimentId, JSON.stringify(params)],
  );
  const { point = null, replicate = null } = rows[0] ?? {};
  return point === null || replicate === null ? null : { point, replicate };
}

/** What the completed trials at some points came to: finite values only, by point and number. Trusts the caller. */
export async function listPointValues(
  sql: Sql,
  points: readonly { readonly experimentId: ExperimentId; readonly point: number }[],
): Promise<{ experimentId: ExperimentId; point: number; value: number }[]> {
  return sql.query(
    `/* trial.point-values */
    SELECT t.experiment_id AS "experimentId", t.point, t.value FROM unnest($1::uuid[], $2::int[]) AS k(id, point)
    JOIN trial t ON t.experiment_id = k.id AND t.point = k.point
    WHERE t.state = 'COMPLETED' AND abs(t.value) < 'Infinity'::float8 ORDER BY t.experiment_id, t.number`,
    [points.map(({ experimentId }) => experimentId), points.map(({ point }) => point)],
  );
}

/** Visible trials with these ids, in any order. */
export async function findTrials(sql: Sql, scope: Scope, ids: readonly TrialId[]): Promise<Trial[]> {
  return sql.query<Trial>(
    `/* trial.find */ SELECT ${TRIAL_COLUMNS} FROM trial t ${joinVisibleTrial('t', 2)} WHERE t.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
}

/** The visible trial with this number in the experiment and project of these names. */
export async function findTrialByPath(
  sql: Sql,
  scope: Scope,
  path: { readonly project: string; readonly experiment: string; readonly number: number },
): Promise<Trial | null> {
  const rows = await sql.query<Trial>(
    `/* trial.find-by-path */
    SELECT ${TRIAL_COLUMNS} FROM trial t ${joinVisibleTrial('t', 4)}
    WHERE p.name = $1 AND ve.name = $2 AND t.number = $3`,
    [path.project, path.experiment, path.number, ...scopeParameters(scope)],
  );
  return rows[0] ?? null;
}

/** Why visible trials were proposed, in any order; those without an explanation are left out. */
export async function findExplanations(
  sql: Sql,
  scope: Scope,
  ids: readonly TrialId[],
): Promise<{ id: TrialId; explanation: TrialExplanation }[]> {
  return sql.query(
    `/* trial.explanations */
    SELECT t.id, t.explanation FROM trial t ${joinVisibleTrial('t', 2)}
    WHERE t.id = ANY ($1::uuid[]) AND t.explanation IS NOT NULL`,
    [ids, ...scopeParameters(scope)],
  );
}

/** The trials with these numbers of these experiments, pair by pair; by experiment and number. Trusts the caller. */
export async function readTrialsByNumber(
  sql: Sql,
  pairs: readonly { readonly experimentId: ExperimentId; readonly number: number }[],
): Promise<Trial[]> {
  return sql.query<Trial>(
    `/* trial.read-by-number */
    SELECT ${TRIAL_COLUMNS} FROM unnest($1::uuid[], $2::int[]) AS k(id, n)
    JOIN trial t ON t.experiment_id = k.id AND t.number = k.n ORDER BY t.experiment_id, t.number`,
    [pairs.map(({ experimentId }) => experimentId), pairs.map(({ number }) => number)],
  );
}

/** Rows as they are now, in any order. Trusts the caller's authorisation. */
export async function readTrials(sql: Sql, ids: readonly TrialId[]): Promise<Trial[]> {
  return sql.query<Trial>(`/* trial.read-many */ SELECT ${TRIAL_COLUMNS} FROM trial t WHERE t.id = ANY ($1::uuid[])`, [
    ids,
  ]);
}

/** The row as it is now. Trusts the caller's authorisation. */
export async function readTrial(sql: Sql, id: TrialId): Promise<Trial | null> {
  const rows = await sql.query<Trial>(`/* trial.read */ SELECT ${TRIAL_COLUMNS} FROM trial t WHERE t.id = $1`, [id]);
  return rows[0] ?? null;
}

/** The row, locked. Call with the lease locked. */
export async function lockTrial(tx: Sql, id: TrialId): Promise<Trial | null> {
  const rows = await tx.query<Trial>(
    `/* trial.lock */ SELECT ${TRIAL_COLUMNS} FROM trial t WHERE t.id = $1 FOR UPDATE`,
    [id],
  );
  return rows[0] ?? null;
}

/** Trials of an experiment that have not ended, by id. Call with the leases locked. */
export async function listOpenTrials(tx: Sql, experimentId: ExperimentId): Promise<Trial[]> {
  return tx.query<Trial>(
    `/* trial.open */
    SELECT ${TRIAL_COLUMNS} FROM trial t WHERE t.experiment_id = $1 AND t.state IN ('WAITING', 'RUNNING') ORDER BY t.id`,
    [experimentId],
  );
}

/** The oldest waiting trial that is not paused and for which no job is queued: one that a script may take. */
export async function findWaitingForScript(tx: Sql, experimentId: ExperimentId): Promise<TrialId | null> {
  const rows = await tx.query<{ id: TrialId }>(
    `/* trial.waiting-for-script */
    SELECT t.id FROM trial t WHERE t.experiment_id = $1 AND t.state = 'WAITING' AND ${IS_NOT_PAUSED}
      AND NOT EXISTS (SELECT 1 FROM training_job j WHERE j.trial_id = t.id AND j.state IN ('PENDING', 'STARTING', 'RUNNING', 'TERMINATING'))
    ORDER BY t.number LIMIT 1`,
    [experimentId],
  );
  return rows[0]?.id ?? null;
}

/** A pruner's verdict on a running attempt; one that was asked to stop, or does not run any more, is left. Whether this call did it. */
export async function requestPrune(tx: Sql, id: TrialId, attempt: number, message: string): Promise<boolean> {
  const rows = await tx.query(
    `/* trial.request-prune */
    UPDATE trial SET stop_reason = 'PRUNER', stop_message = $3
    WHERE id = $1 AND attempt = $2 AND stop_reason IS NULL AND state = 'RUNNING' RETURNING 1 AS asked`,
    [id, attempt, message],
  );
  return rows.length === 1;
}

/** A new attempt runs: what an earlier one left is cleared, except when it first started. */
export async function markTrialRunning(tx: Sql, id: TrialId, attempt: number): Promise<void> {
  await tx.query(
    `/* trial.run */
    UPDATE trial SET state = 'RUNNING', attempt = $2, started_at = coalesce(started_at, clock_timestamp()),
      contact_at = clock_timestamp(), value = NULL, objective_values = NULL, cause = NULL, message = NULL, pausing = NULL, pause_obeyed = false
    WHERE id = $1`,
    [id, attempt],
  );
}

export interface TrialEnding {
  readonly id: TrialId;
  readonly state: TrialState;
  /** NaN and infinities may be stored. */
  readonly value: number | null;
  /** Of several objectives; NaN and infinities may be stored, here and below. */
  readonly objectiveValues?: readonly (number | null)[] | null;
  readonly constraintValues?: readonly number[] | null;
  readonly violation?: number | null;
  readonly cause: FailureCause | null;
  readonly message: string | null;
  readonly endedSequence: number;
}

export async function endTrial(tx: Sql, ending: TrialEnding): Promise<void> {
  await tx.query(
    `/* trial.end */
    UPDATE trial SET state = $2, value = $3, cause = $4, message = $5, ended_sequence = $6, ended_at = clock_timestamp(),
      objective_values = $7::float8[], constraint_values = $8::float8[], violation = $9 WHERE id = $1`,
    [
      ending.id,
      ending.state,
      float8(ending.value),
      ending.cause,
      ending.message,
      ending.endedSequence,
      floatArray(ending.objectiveValues),
      floatArray(ending.constraintValues),
      float8(ending.violation ?? null),
    ],
  );
}

/** An attempt ended by no fault of the code: the trial waits for the next one. */
export async function requeueTrial(tx: Sql, id: TrialId, message: string | null): Promise<void> {
  await tx.query(
    `/* trial.requeue */
    UPDATE trial SET state = 'WAITING', contact_at = NULL, value = NULL, objective_values = NULL, message = $2, pausing = NULL, pause_obeyed = false
    WHERE id = $1`,
    [id, message],
  );
}

/** What a script says about a trial that a runner executes. Null leaves what is there. */
export async function noteTold(
  tx: Sql,
  id: TrialId,
  told: {
    readonly value: number | null;
    readonly objectiveValues: readonly (number | null)[] | null;
    readonly message: string | null;
  },
): Promise<void> {
  await tx.query(
    `/* trial.note-told */
    UPDATE trial SET value = coalesce($2, value), objective_values = coalesce($3::float8[], objective_values),
      message = coalesce($4, message) WHERE id = $1`,
    [id, float8(told.value), floatArray(told.objectiveValues), told.message],
  );
}

/** Asks an unfinished trial to end, unless it was asked before. Whether this call did it. */
export async function requestStop(tx: Sql, id: TrialId, reason: StopReason, message: string | null): Promise<boolean> {
  const rows = await tx.query(
    `/* trial.request-stop */
    UPDATE trial SET stop_reason = $2, stop_message = $3
    WHERE id = $1 AND stop_reason IS NULL AND state IN ('WAITING', 'RUNNING') RETURNING 1 AS asked`,
    [id, reason, message],
  );
  return rows.length === 1;
}

/** Undefined leaves the column as it is. */
export async function renameTrial(
  tx: Sql,
  id: TrialId,
  change: { readonly name?: string | null | undefined; readonly tags?: readonly string[] | undefined },
): Promise<void> {
  await tx.query(
    `/* trial.rename */
    UPDATE trial SET name = CASE WHEN $2 THEN $3 ELSE name END, tags = coalesce($4::jsonb, tags) WHERE id = $1`,
    [
      id,
      change.name !== undefined,
      change.name ?? null,
      change.tags === undefined ? null : JSON.stringify(change.tags),
    ],
  );
}

/** What a trial has reported of some metrics, by name. Minimum and maximum are over finite values. */
export async function findObserved(
  tx: Sql,
  trialId: TrialId,
  metrics: readonly string[],
): Promise<ReadonlyMap<string, { last: number; min: number | null; max: number | null }>> {
  const rows = await tx.query<{ name: string; last: number; min: number | null; max: number | null }>(
    `/* trial.objective */
    SELECT k.name, s.last, s.min, s.max FROM metric_summary s JOIN metric_key k ON k.id = s.key_id
    WHERE s.trial_id = $1 AND k.name = ANY ($2::text[])`,
    [trialId, metrics],
  );
  return new Map(rows.map(({ name, ...observed }) => [name, observed]));
}

/** The best value among the other trials of an experiment: completed and finite only, and where there are bounds feasible. */
export async function bestValueBeside(
  tx: Sql,
  experimentId: ExperimentId,
  trialId: TrialId,
  goal: 'minimize' | 'maximize',
  isBounded: boolean,
): Promise<number | null> {
  const rows = await tx.query<{ value: number }>(
    `/* trial.best-beside */
    SELECT t.value FROM trial t
    WHERE t.experiment_id = $1 AND t.id <> $2 AND t.state = 'COMPLETED' AND abs(t.value) < 'Infinity'::float8
      ${isBounded ? 'AND t.violation = 0' : ''}
    ORDER BY t.value ${goal === 'maximize' ? 'DESC' : 'ASC'} LIMIT 1`,
    [experimentId, trialId],
  );
  return rows[0]?.value ?? null;
}

function floatArray(values: readonly (number | null)[] | null | undefined): string | null {
  return values === null || values === undefined ? null : numberArray(values);
}

/** pg writes numbers by `toString`, which loses the sign of zero. */
function float8(value: number | null): number | string | null {
  return Object.is(value, -0) ? '-0' : value;
}

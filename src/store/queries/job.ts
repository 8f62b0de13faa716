/** Training jobs: attempts of trials on runners. A job changes its state only under the lock of its trial's lease. */
import type {
  AlgorithmVersionId,
  ExperimentId,
  ProjectId,
  ResourcePoolId,
  RunnerId,
  TrainingJobId,
  TrialId,
} from '../../domain/ids.js';
import type { TrainingJob, TrainingJobState } from '../../domain/training-job.js';
import type { FailureCause } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';

const COLUMNS = `j.id, j.project_id AS "projectId", j.experiment_id AS "experimentId", j.trial_id AS "trialId",
  j.pool_id AS "poolId", j.attempt, j.state, j.epoch, j.runner_id AS "runnerId", j.command, j.gpus, j.slots,
  j.timeout_seconds AS "timeoutSeconds", j.priority, j.cause, j.message, j.exit_code AS "exitCode", j.signal,
  j.created_at AS "createdAt", j.started_at AS "startedAt", j.ended_at AS "endedAt"`;

export interface NewJob {
  readonly id: TrainingJobId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly poolId: ResourcePoolId;
  readonly attempt: number;
  /** Whose command it runs. */
  readonly algorithmVersionId: AlgorithmVersionId;
  readonly gpus: number;
  readonly slots: number;
  readonly timeoutSeconds: number | null;
  readonly priority: number;
}

/** A PENDING job with the command that the algorithm's version has. */
export async function insertJob(tx: Sql, row: NewJob): Promise<void> {
  await tx.query(
    `/* job.insert */
    INSERT INTO training_job (id, project_id, experiment_id, trial_id, pool_id, attempt, state, command, gpus, slots, timeout_seconds, priority)
    SELECT $1, $2, $3, $4, $5, $6, 'PENDING', v.command, $8, $9, $10, $11 FROM algorithm_version v WHERE v.id = $7`,
    [
      row.id,
      row.projectId,
      row.experimentId,
      row.trialId,
      row.poolId,
      row.attempt,
      row.algorithmVersionId,
      row.gpus,
      row.slots,
      row.timeoutSeconds,
      row.priority,
    ],
  );
}

/** Visible jobs with these ids, in any order. */
export async function findJobs(sql: Sql, scope: Scope, ids: readonly TrainingJobId[]): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.find */ SELECT ${COLUMNS} FROM training_job j ${joinVisibleTrial('j', 2)} WHERE j.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
}

/** Jobs by id that were leased by a runner of this key. */
export async function findJobsOfRunnerKey(
  sql: Sql,
  keyId: string,
  ids: readonly TrainingJobId[],
): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.find-of-runner-key */
    SELECT ${COLUMNS} FROM training_job j JOIN runner r ON r.id = j.runner_id AND r.key_id = $1 WHERE j.id = ANY ($2::uuid[])`,
    [keyId, ids],
  );
}

/** Rows as they are now, in any order. Trusts the caller's authorisation. */
export async function readJobs(sql: Sql, ids: readonly TrainingJobId[]): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.read-many */ SELECT ${COLUMNS} FROM training_job j WHERE j.id = ANY ($1::uuid[])`,
    [ids],
  );
}

export interface CommandRow {
  readonly jobId: TrainingJobId;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | null;
}

/** Where and with what environment the jobs' commands run, by their experiment's algorithm. */
export async function findCommands(sql: Sql, ids: readonly TrainingJobId[]): Promise<CommandRow[]> {
  return sql.query<CommandRow>(
    `/* job.commands */
    SELECT j.id AS "jobId", v.environment, v.working_directory AS "workingDirectory" FROM training_job j
    JOIN experiment e ON e.id = j.experiment_id JOIN algorithm_version v ON v.id = e.algorithm_version_id
    WHERE j.id = ANY ($1::uuid[])`,
    [ids],
  );
}

/** The newest job of a trial that has not ended, locked; null when there is none. Call with the lease locked. */
export async function lockOpenJob(tx: Sql, trialId: TrialId): Promise<TrainingJob | null> {
  const rows = await tx.query<TrainingJob>(
    `/* job.lock-open */
    SELECT ${COLUMNS} FROM training_job j
    WHERE j.trial_id = $1 AND j.state IN ('PENDING', 'STARTING', 'RUNNING', 'TERMINATING') ORDER BY j.attempt DESC LIMIT 1 FOR UPDATE`,
    [trialId],
  );
  return rows[0] ?? null;
}

/** All jobs of visible trials, by attempt. */
export async function listJobsOfTrials(sql: Sql, scope: Scope, trialIds: readonly TrialId[]): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.of-trials */
    SELECT ${COLUMNS} FROM training_job j ${joinVisibleTrial('j', 2)}
    WHERE j.trial_id = ANY ($1::uuid[]) ORDER BY j.trial_id, j.attempt`,
    [trialIds, ...scopeParameters(scope)],
  );
}

/** Visible jobs that runners hold and have not ended. */
export async function listOpenJobsOfRunners(
  sql: Sql,
  scope: Scope,
  runnerIds: readonly RunnerId[],
): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.open-of-runners */
    SELECT ${COLUMNS} FROM training_job j ${joinVisibleTrial('j', 2)}
    WHERE j.runner_id = ANY ($1::uuid[]) AND j.state IN ('STARTING', 'RUNNING', 'TERMINATING') ORDER BY j.id`,
    [runnerIds, ...scopeParameters(scope)],
  );
}

export interface JobFilter {
  readonly projectId: ProjectId | null;
  readonly poolId: ResourcePoolId | null;
  readonly trialId: TrialId | null;
  readonly states: readonly TrainingJobState[] | null;
}

const LISTED = `FROM training_job j ${joinVisibleTrial('j', 1)}
    WHERE ($3::uuid IS NULL OR j.project_id = $3) AND ($4::uuid IS NULL OR j.pool_id = $4)
      AND ($5::uuid IS NULL OR j.trial_id = $5) AND ($6::text[] IS NULL OR j.state = ANY ($6))`;

function listParameters(scope: Scope, filter: JobFilter): unknown[] {
  return [...scopeParameters(scope), filter.projectId, filter.poolId, filter.trialId, filter.states];
}

/** Newest first. */
export async function listJobs(
  sql: Sql,
  scope: Scope,
  filter: JobFilter,
  keyset: { readonly limit: number; readonly afterId: string | null },
): Promise<TrainingJob[]> {
  return sql.query<TrainingJob>(
    `/* job.list */ SELECT ${COLUMNS} ${LISTED} AND ($7::uuid IS NULL OR j.id < $7) ORDER BY j.id DESC LIMIT $8`,
    [...listParameters(scope, filter), keyset.afterId, keyset.limit],
  );
}

export async function countJobs(sql: Sql, scope: Scope, filter: JobFilter): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* job.count */ SELECT count(*) AS n ${LISTED}`,
    listParameters(scope, filter),
  );
  return rows[0]?.n ?? 0;
}

export interface Capacity {
  readonly poolId: ResourcePoolId;
  readonly gpus: number;
  readonly slots: number;
}

/** Pending jobs of active experiments that fit; counts no further than `limit`. Not locked. */
export async function countFitting(sql: Sql, capacity: Capacity, limit: number): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* job.count-fitting */
    SELECT count(*) AS n FROM (
      SELECT 1 FROM training_job j JOIN experiment e ON e.id = j.experiment_id
      WHERE j.pool_id = $1 AND j.state = 'PENDING' AND j.gpus <= $2 AND j.slots <= $3 AND e.state = 'ACTIVE' LIMIT $4) c`,
    [capacity.poolId, capacity.gpus, capacity.slots, limit],
  );
  return rows[0]?.n ?? 0;
}

export interface Leasing extends Capacity {
  readonly runnerId: RunnerId;
  readonly leaseSeconds: number;
}

export interface LeasedRow {
  readonly jobId: TrainingJobId;
  readonly trialId: TrialId;
  readonly experimentId: ExperimentId;
  readonly projectId: ProjectId;
  readonly attempt: number;
  readonly epoch: number;
  readonly gpus: number;
  readonly slots: number;
}

/**
 * Leases the next pending job that fits: by priority, then of the experiment that has the fewest jobs on runners, then the
 * oldest. Lease and job are locked together and never waited for, so this cannot be part of a deadlock; what another
 * transaction holds is passed over. Null: there is none.
 */
export async function leaseNext(tx: Sql, leasing: Leasing): Promise<LeasedRow | null> {
  const rows = await tx.query<LeasedRow>(
    `/* job.lease */
    WITH share AS MATERIALIZED (
      SELECT experiment_id, count(*) AS held FROM training_job
      WHERE pool_id = $1 AND state IN ('STARTING', 'RUNNING', 'TERMINATING') GROUP BY experiment_id),
    next AS MATERIALIZED (
      SELECT j.id, j.trial_id, j.attempt FROM training_job j
      JOIN experiment e ON e.id = j.experiment_id AND e.state = 'ACTIVE'
      JOIN trial_lease l ON l.trial_id = j.trial_id
      LEFT JOIN share s ON s.experiment_id = j.experiment_id
      WHERE j.pool_id = $1 AND j.state = 'PENDING' AND j.gpus <= $2 AND j.slots <= $3
      ORDER BY j.priority DESC, coalesce(s.held, 0), j.created_at, j.id LIMIT 1 FOR UPDATE OF l, j SKIP LOCKED),
    fence AS (
      UPDATE trial_lease l SET epoch = l.epoch + 1, attempt = next.attempt, runner_id = $4,
        lease_until = clock_timestamp() + make_interval(secs => $5)
      FROM next WHERE l.trial_id = next.trial_id RETURNING l.trial_id, l.epoch),
    begun AS (
      UPDATE trial t SET state = 'RUNNING', attempt = next.attempt, started_at = coalesce(t.started_at, clock_timestamp()),
        contact_at = clock_timestamp(), value = NULL, objective_values = NULL, cause = NULL, message = NULL
      FROM next WHERE t.id = next.trial_id RETURNING t.id)
    UPDATE training_job j SET state = 'STARTING', epoch = fence.epoch, runner_id = $4, leased_at = clock_timestamp()
    FROM next JOIN fence ON fence.trial_id = next.trial_id JOIN begun ON begun.id = next.trial_id
    WHERE j.id = next.id
    RETURNING j.id AS "jobId", j.trial_id AS "trialId", j.experiment_id AS "experimentId", j.project_id AS "projectId",
      j.attempt, j.epoch, j.gpus, j.slots`,
    [leasing.poolId, leasing.gpus, leasing.slots, leasing.runnerId, leasing.leaseSeconds],
  );
  return rows[0] ?? null;
}

/** What a runner holds by our books. */
export async function heldResources(tx: Sql, runnerId: RunnerId): Promise<{ gpus: number; slots: number }> {
  const rows = await tx.query<{ gpus: number; slots: number }>(
    `/* job.held-resources */
    SELECT coalesce(sum(gpus), 0)::int AS gpus, coalesce(sum(slots), 0)::int AS slots FROM training_job
    WHERE runner_id = $1 AND state IN ('STARTING', 'RUNNING', 'TERMINATING')`,
    [runnerId],
  );
  return rows[0] ?? { gpus: 0, slots: 0 };
}

/** STARTING becomes RUNNING; other states are left. */
export async function markJobStarted(tx: Sql, id: TrainingJobId): Promise<boolean> {
  const rows = await tx.query(
    `/* job.start */
    UPDATE training_job SET state = 'RUNNING', started_at = clock_timestamp() WHERE id = $1 AND state = 'STARTING' RETURNING 1 AS started`,
    [id],
  );
  return rows.length === 1;
}

/** A job that a runner holds is to end: the order travels with the next heartbeat. */
export async function markJobTerminating(tx: Sql, id: TrainingJobId): Promise<void> {
  await tx.query(
    `/* job.terminate */ UPDATE training_job SET state = 'TERMINATING' WHERE id = $1 AND state IN ('STARTING', 'RUNNING')`,
    [id],
  );
}

export interface JobEnding {
  readonly id: TrainingJobId;
  readonly state: TrainingJobState;
  readonly cause: FailureCause | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly runnerDied: boolean;
}

export async function endJob(tx: Sql, ending: JobEnding): Promise<void> {
  await tx.query(
    `/* job.end */
    UPDATE training_job SET state = $2, cause = $3, message = $4, exit_code = $5, signal = $6, runner_died = $7, ended_at = clock_timestamp()
    WHERE id = $1`,
    [ending.id, ending.state, ending.cause, ending.message, ending.exitCode, ending.signal, ending.runnerDied],
  );
}

/** How often each cause ended earlier attempts of the trial on runners. POISON: deaths of runners, counted there only. */
export async function countCauses(
  tx: Sql,
  trialId: TrialId,
  beforeAttempt: number,
): Promise<Partial<Record<FailureCause, number>>> {
  const rows = await tx.query<{ cause: FailureCause; n: number }>(
    `/* job.count-causes */
    SELECT CASE WHEN runner_died THEN 'POISON' ELSE cause END AS cause, count(*) AS n FROM training_job
    WHERE trial_id = $1 AND attempt < $2 AND cause IS NOT NULL GROUP BY 1`,
    [trialId, beforeAttempt],
  );
  return Object.fromEntries(rows.map((row) => [row.cause, row.n]));
}

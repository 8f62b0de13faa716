/**
 * Leases: who may write for a trial. The epoch only rises. Lease time is the database's `clock_timestamp()`, never `now()`,
 * which is the start of the transaction. The row is locked after the experiment's and before the trial's and the job's.
 */
import type { ExperimentId, RunnerId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { TrainingJobState } from '../../domain/training-job.js';
import type { StopReason } from '../../domain/trial.js';
import type { Sql } from '../database.js';

export interface Lease {
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
  readonly runnerId: RunnerId | null;
}

const COLUMNS = `l.trial_id AS "trialId", l.attempt, l.epoch, l.runner_id AS "runnerId"`;

/** The row, locked until the end of the transaction. */
export async function lockLease(tx: Sql, trialId: TrialId): Promise<Lease | null> {
  const rows = await tx.query<Lease>(
    `/* lease.lock */ SELECT ${COLUMNS} FROM trial_lease l WHERE l.trial_id = $1 FOR UPDATE`,
    [trialId],
  );
  return rows[0] ?? null;
}

/** The rows of an experiment's open trials, locked in the order of trials. Call with the experiment locked: no trial is added. */
export async function lockLeasesOf(tx: Sql, experimentId: ExperimentId): Promise<Lease[]> {
  return tx.query<Lease>(
    `/* lease.lock-experiment */
    SELECT ${COLUMNS} FROM trial_lease l WHERE l.trial_id IN (SELECT id FROM trial WHERE experiment_id = $1 AND state IN ('WAITING', 'RUNNING'))
    ORDER BY l.trial_id FOR UPDATE`,
    [experimentId],
  );
}

/** A new attempt without a runner: it is never reclaimed. Says the new attempt and epoch. */
export async function startOwnAttempt(tx: Sql, trialId: TrialId): Promise<Lease> {
  const rows = await tx.query<Lease>(
    `/* lease.start-own */
    UPDATE trial_lease l SET epoch = l.epoch + 1, attempt = l.attempt + 1, runner_id = NULL, lease_until = NULL
    WHERE l.trial_id = $1 RETURNING ${COLUMNS}`,
    [trialId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`trial ${trialId} has no lease row`);
  return row;
}

/** Ends the hold of a runner. `fence` also raises the epoch, so that the old holder's writes are refused. */
export async function releaseLease(tx: Sql, trialId: TrialId, options: { readonly fence: boolean }): Promise<void> {
  await tx.query(
    `/* lease.release */
    UPDATE trial_lease SET runner_id = NULL, lease_until = NULL, epoch = epoch + CASE WHEN $2 THEN 1 ELSE 0 END WHERE trial_id = $1`,
    [trialId, options.fence],
  );
}

export interface RenewedLease {
  readonly jobId: TrainingJobId;
  readonly trialId: TrialId;
  readonly stopReason: StopReason | null;
  readonly stopMessage: string | null;
  readonly jobState: TrainingJobState;
}

/**
 * Renews the leases that this runner still holds under the given epochs: it asks for the epoch, not for the time, so that
 * an outage of ours fences nobody. Jobs that do not come back are fenced. Rows are locked in the order of trials.
 */
export async function renewLeaseRows(
  tx: Sql,
  runnerId: RunnerId,
  held: readonly { readonly jobId: TrainingJobId; readonly epoch: number }[],
  leaseSeconds: number,
): Promise<RenewedLease[]> {
  return tx.query<RenewedLease>(
    `/* lease.renew */
    WITH asked AS (SELECT * FROM unnest($2::uuid[], $3::int[]) AS a (job_id, epoch)),
    locked AS (
      SELECT l.trial_id, a.job_id FROM asked a
      JOIN training_job j ON j.id = a.job_id AND j.epoch = a.epoch
      JOIN trial_lease l ON l.trial_id = j.trial_id
      WHERE l.epoch = a.epoch AND l.attempt = j.attempt AND l.runner_id = $1
      ORDER BY l.trial_id FOR UPDATE OF l),
    renewed AS (
      UPDATE trial_lease l SET lease_until = clock_timestamp() + make_interval(secs => $4) FROM locked
      WHERE l.trial_id = locked.trial_id RETURNING l.trial_id),
    heard AS (
      UPDATE trial t SET contact_at = clock_timestamp() FROM renewed WHERE t.id = renewed.trial_id
      RETURNING t.id, t.stop_reason, t.stop_message)
    SELECT locked.job_id AS "jobId", heard.id AS "trialId", heard.stop_reason AS "stopReason", heard.stop_message AS "stopMessage",
      j.state AS "jobState"
    FROM heard JOIN locked ON locked.trial_id = heard.id JOIN training_job j ON j.id = locked.job_id`,
    [runnerId, held.map((lease) => lease.jobId), held.map((lease) => lease.epoch), leaseSeconds],
  );
}

/**
 * Notes that leases are being looked through now. Where the note before is older than half a lease (and 2 s), nobody was
 * there to renew with: those leases are first extended by one, and their number is returned.
 */
export async function stampReclaim(tx: Sql): Promise<number> {
  const last = await tx.query<{ age: number }>(
    `/* lease.last-reclaim */ SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS age FROM reclaim_tick FOR UPDATE`,
  );
  const extended = await tx.query(
    `/* lease.extend-late */
    WITH late AS (
      SELECT l.trial_id, p.lease_seconds FROM trial_lease l JOIN runner r ON r.id = l.runner_id JOIN resource_pool p ON p.id = r.pool_id
      WHERE l.runner_id IS NOT NULL AND $1::float8 > greatest(p.lease_seconds / 2.0, 2) ORDER BY l.trial_id FOR UPDATE OF l)
    UPDATE trial_lease l SET lease_until = clock_timestamp() + make_interval(secs => late.lease_seconds) FROM late
    WHERE l.trial_id = late.trial_id RETURNING 1 AS extended`,
    [last[0]?.age ?? Number.POSITIVE_INFINITY],
  );
  await tx.query(
    `/* lease.stamp-reclaim */
    INSERT INTO reclaim_tick (at) VALUES (clock_timestamp()) ON CONFLICT (single) DO UPDATE SET at = excluded.at`,
  );
  return extended.length;
}

export interface HeldLease extends Lease {
  readonly experimentId: ExperimentId;
}

/** Leases that have lapsed, oldest first. Not locked: lock and look again before acting. */
export async function findLapsed(sql: Sql, limit: number): Promise<HeldLease[]> {
  return sql.query<HeldLease>(
    `/* lease.lapsed */
    SELECT ${COLUMNS}, t.experiment_id AS "experimentId" FROM trial_lease l JOIN trial t ON t.id = l.trial_id
    WHERE l.runner_id IS NOT NULL AND l.lease_until <= clock_timestamp() ORDER BY l.lease_until LIMIT $1`,
    [limit],
  );
}

/** The row, locked, if it is still held under this epoch and has lapsed; the lock decides between renewing and reclaiming. */
export async function lockLapsed(tx: Sql, lease: Lease): Promise<Lease | null> {
  const rows = await tx.query<Lease>(
    `/* lease.lock-lapsed */
    SELECT ${COLUMNS} FROM trial_lease l
    WHERE l.trial_id = $1 AND l.epoch = $2 AND l.runner_id IS NOT NULL AND l.lease_until <= clock_timestamp() FOR UPDATE`,
    [lease.trialId, lease.epoch],
  );
  return rows[0] ?? null;
}

/** What a runner holds. Not locked. */
export async function findHeldBy(sql: Sql, runnerIds: readonly RunnerId[]): Promise<HeldLease[]> {
  return sql.query<HeldLease>(
    `/* lease.held-by */
    SELECT ${COLUMNS}, t.experiment_id AS "experimentId" FROM trial_lease l JOIN trial t ON t.id = l.trial_id
    WHERE l.runner_id = ANY ($1::uuid[]) ORDER BY l.trial_id`,
    [runnerIds],
  );
}

/** Whether a mutation of this principal with this request id has been answered: its retry needs no preparation. */
export async function wasAnswered(sql: Sql, principal: string, requestId: string | null): Promise<boolean> {
  if (requestId === null) return false;
  const rows = await sql.query(
    `/* lease.was-answered */ SELECT 1 AS answered FROM client_request WHERE principal = $1 AND request_id = $2`,
    [principal, requestId],
  );
  return rows.length === 1;
}

/**
 * Trials that a scheduler paused and resumed, and what starts from the checkpoint of another. Positions are the experiment's:
 * call what writes with the experiment, the lease and the trial locked.
 */
import type { ArtifactId, ExperimentId, TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../database.js';

/** SQL of a trial `t`: it is WAITING until a scheduler resumes it. */
export const IS_PAUSED = `(t.state = 'WAITING' AND cardinality(t.paused_at) > cardinality(t.resumed_at))`;
/** Of a trial that has not ended. */
export const IS_NOT_PAUSED = 'cardinality(t.paused_at) = cardinality(t.resumed_at)';
/** It runs, or is to run as soon as there is a place: spelled as the index `trial_busy`. */
export const IS_BUSY = `t.state IN ('WAITING', 'RUNNING') AND ${IS_NOT_PAUSED}`;

/** SQL of the id of the newest checkpoint that a trial has committed. `trialId` is text of ours. */
export function newestCheckpoint(trialId: string): string {
  return `SELECT f.id FROM artifact f WHERE f.trial_id = ${trialId} AND f.kind = 'checkpoint' AND f.state = 'COMMITTED'
      ORDER BY f.attempt DESC, f.id DESC LIMIT 1`;
}

/** Asks a running attempt to pause, unless it was asked to pause or to stop before. Whether this call did it. */
export async function requestPause(tx: Sql, id: TrialId, attempt: number, reason: string): Promise<boolean> {
  const rows = await tx.query(
    `/* pause.request */
    UPDATE trial SET pausing = $3
    WHERE id = $1 AND attempt = $2 AND pausing IS NULL AND stop_reason IS NULL AND state = 'RUNNING' RETURNING 1 AS asked`,
    [id, attempt, reason],
  );
  return rows.length === 1;
}

/** Notes that the program of an attempt that was asked to pause says it does. Whether it was asked. */
export async function notePauseObeyed(tx: Sql, id: TrialId): Promise<boolean> {
  const rows = await tx.query(
    `/* pause.obeyed */ UPDATE trial SET pause_obeyed = true WHERE id = $1 AND pausing IS NOT NULL RETURNING 1 AS noted`,
    [id],
  );
  return rows.length === 1;
}

/** The trial waits from this position on; its message says why. */
export async function markPaused(tx: Sql, id: TrialId, position: number): Promise<void> {
  await tx.query(
    `/* pause.paused */
    UPDATE trial SET state = 'WAITING', paused_at = paused_at || $2::int, contact_at = NULL, value = NULL,
      objective_values = NULL, message = pausing, pausing = NULL, pause_obeyed = false WHERE id = $1`,
    [id, position],
  );
}

/** The trial may run again from this position on. */
export async function markResumed(tx: Sql, id: TrialId, position: number): Promise<void> {
  await tx.query(
    `/* pause.resumed */ UPDATE trial SET resumed_at = resumed_at || $2::int, message = NULL WHERE id = $1`,
    [id, position],
  );
}

/** The newest checkpoint that a trial has committed. */
export async function findNewestCheckpoint(sql: Sql, id: TrialId): Promise<ArtifactId | null> {
  const rows = await sql.query<{ id: ArtifactId }>(`/* pause.checkpoint */ ${newestCheckpoint('$1::uuid')}`, [id]);
  return rows[0]?.id ?? null;
}

/** Whether a trial of the experiment is paused. */
export async function hasPausedTrial(sql: Sql, experimentId: ExperimentId): Promise<boolean> {
  const rows = await sql.query(
    `/* pause.any */ SELECT 1 AS paused FROM trial t WHERE t.experiment_id = $1 AND ${IS_PAUSED} LIMIT 1`,
    [experimentId],
  );
  return rows.length === 1;
}

/** When those that have not ended and are not paused were last heard from. */
export async function listBusyTrials(
  sql: Sql,
  experimentId: ExperimentId,
): Promise<Pick<Trial, 'state' | 'contactAt' | 'startedAt'>[]> {
  return sql.query(
    `/* pause.busy */
    SELECT t.state, t.contact_at AS "contactAt", t.started_at AS "startedAt" FROM trial t
    WHERE t.experiment_id = $1 AND ${IS_BUSY}`,
    [experimentId],
  );
}

/** The trial of this number in the experiment. Trusts the caller's authorisation. */
export async function findTrialByNumber(sql: Sql, experimentId: ExperimentId, number: number): Promise<TrialId | null> {
  const rows = await sql.query<{ id: TrialId }>(
    `/* pause.by-number */ SELECT t.id FROM trial t WHERE t.experiment_id = $1 AND t.number = $2`,
    [experimentId, number],
  );
  return rows[0]?.id ?? null;
}

/** Makes a trial the offspring of another, which begins with the newest checkpoint that the other has committed, if any. */
export async function markOffspring(
  tx: Sql,
  id: TrialId,
  parent: { readonly id: TrialId | null; readonly number: number },
): Promise<ArtifactId | null> {
  const rows = await tx.query<{ checkpointId: ArtifactId | null }>(
    `/* pause.offspring */
    UPDATE trial t SET parent_number = $3, parent_checkpoint_id = (${newestCheckpoint('$2::uuid')})
    WHERE t.id = $1 RETURNING t.parent_checkpoint_id AS "checkpointId"`,
    [id, parent.id, parent.number],
  );
  return rows[0]?.checkpointId ?? null;
}

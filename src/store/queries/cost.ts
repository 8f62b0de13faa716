/** What experiments have cost: the hours for which runners held their jobs, by the database's clock. */
import type { Cost } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';

/** Hours for which a runner has held a job `j`; NULL while none has taken it. */
const HELD = `extract(epoch FROM coalesce(j.ended_at, clock_timestamp()) - coalesce(j.leased_at, j.started_at))::float8 / 3600`;

/**
 * SQL that joins `cost (gpu_hours, slot_hours)` to each experiment `e`. Where `isCounted` does not hold its jobs are not read,
 * and are not in it. Linear in the number of its jobs.
 */
export function joinCost(isCounted: string): string {
  return `CROSS JOIN LATERAL (
      SELECT e.deleted_gpu_hours + coalesce(sum(j.gpus * ${HELD}), 0) AS gpu_hours,
        e.deleted_slot_hours + coalesce(sum(j.slots * ${HELD}), 0) AS slot_hours
      FROM training_job j WHERE j.experiment_id = e.id AND ${isCounted}) cost`;
}

/** Keeps what a trial has cost, which is about to be deleted with its jobs. Call with the experiment locked. */
export async function keepCost(tx: Sql, trialId: TrialId): Promise<void> {
  await tx.query(
    `/* cost.keep */
    UPDATE experiment e SET deleted_gpu_hours = e.deleted_gpu_hours + jobs.gpu_hours,
      deleted_slot_hours = e.deleted_slot_hours + jobs.slot_hours
    FROM (SELECT j.experiment_id, coalesce(sum(j.gpus * ${HELD}), 0) AS gpu_hours, coalesce(sum(j.slots * ${HELD}), 0) AS slot_hours
      FROM training_job j WHERE j.trial_id = $1 GROUP BY j.experiment_id) jobs
    WHERE e.id = jobs.experiment_id`,
    [trialId],
  );
}

/** Of these experiments in any order; the hours of one that has ended are those until its end. Trusts the caller's authorisation. */
export async function findCosts(
  sql: Sql,
  ids: readonly ExperimentId[],
): Promise<(Cost & { readonly experimentId: ExperimentId })[]> {
  return sql.query(
    `/* cost.find */
    SELECT e.id AS "experimentId", extract(epoch FROM coalesce(e.ended_at, clock_timestamp()) - e.created_at)::float8 / 3600 AS hours,
      cost.gpu_hours AS "gpuHours", cost.slot_hours AS "slotHours"
    FROM experiment e ${joinCost('true')} WHERE e.id = ANY ($1::uuid[])`,
    [ids],
  );
}

/** Experiments that may have to end their trials when their budget is spent. */
export async function findStopping(sql: Sql): Promise<ExperimentId[]> {
  const rows = await sql.query<{ id: ExperimentId }>(
    `/* cost.stopping */
    SELECT e.id FROM experiment e
    WHERE e.state IN ('ACTIVE', 'PAUSED') AND e.search->'budget'->>'whenSpent' = 'stop'
      AND EXISTS (SELECT 1 FROM trial t WHERE t.experiment_id = e.id AND t.state IN ('WAITING', 'RUNNING'))`,
  );
  return rows.map((row) => row.id);
}

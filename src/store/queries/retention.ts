/** What of ended trials is kept for how long: settings of projects, and what they make due. */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { Sql } from '../database.js';
import { PROJECT_COLUMNS } from './project.js';

/** Points of metrics, or lines of logs. */
export type Kept = 'points' | 'logs';

const NAMES = {
  points: { days: 'metric_retention_days', expiredAt: 'points_expired_at', stream: 'metric_stream' },
  logs: { days: 'log_retention_days', expiredAt: 'logs_expired_at', stream: 'log_stream' },
} as const;

/** The project with its new settings; null days: for ever. Trusts the caller's authorisation. */
export async function setRetentionDays(
  tx: Sql,
  id: ProjectId,
  days: { readonly points: number | null; readonly logs: number | null },
): Promise<Project | null> {
  const rows = await tx.query<Project>(
    `/* retention.set */
    UPDATE project p SET metric_retention_days = $2, log_retention_days = $3 WHERE p.id = $1 RETURNING ${PROJECT_COLUMNS}`,
    [id, days.points, days.logs],
  );
  return rows[0] ?? null;
}

export interface DueTrial {
  readonly id: TrialId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
}

/** Trials that ended longer ago than their project keeps what they have; the longest ago first in each project. A day lasts `dayMs`. */
export async function findDue(
  sql: Sql,
  kept: Kept,
  { now, dayMs, limit }: { readonly now: Date; readonly dayMs: number; readonly limit: number },
): Promise<DueTrial[]> {
  const { days, expiredAt } = NAMES[kept];
  return sql.query<DueTrial>(
    `/* retention.due-${kept} */
    SELECT t.id, t.project_id AS "projectId", t.experiment_id AS "experimentId" FROM project p
    CROSS JOIN LATERAL (SELECT id, project_id, experiment_id FROM trial
      WHERE project_id = p.id AND ended_at IS NOT NULL AND ${expiredAt} IS NULL
        AND ended_at < $1::timestamptz - p.${days} * $3::float8 * interval '1 millisecond'
      ORDER BY ended_at LIMIT $2) t
    WHERE p.${days} IS NOT NULL AND p.organization_id IS NOT NULL LIMIT $2`,
    [now, limit, dayMs],
  );
}

/** Says of a trial that its points or lines are gone: from now on no read looks for them. Whether it was not said before. */
export async function markExpired(tx: Sql, kept: Kept, id: TrialId, now: Date): Promise<boolean> {
  const { expiredAt, stream } = NAMES[kept];
  const marked = await tx.query(
    `/* retention.mark-${kept} */
    UPDATE trial SET ${expiredAt} = $2 WHERE id = $1 AND ${expiredAt} IS NULL AND state NOT IN ('WAITING', 'RUNNING') RETURNING 1 AS marked`,
    [id, now],
  );
  if (marked.length === 0) return false;
  await tx.query(
    `/* retention.hide-${kept} */ UPDATE ${stream} SET emptied = false WHERE trial_id = $1 AND emptied IS NULL`,
    [id],
  );
  return true;
}

/** Streams that are hidden and not emptied yet. */
export async function findEmptying(sql: Sql, kept: Kept, limit: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `/* retention.emptying-${kept} */ SELECT id FROM ${NAMES[kept].stream} WHERE NOT emptied ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

export async function markEmptied(tx: Sql, kept: Kept, streamId: number): Promise<void> {
  await tx.query(`/* retention.emptied-${kept} */ UPDATE ${NAMES[kept].stream} SET emptied = true WHERE id = $1`, [
    streamId,
  ]);
}

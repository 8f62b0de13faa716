/** Events and the rows of the change feed: SQL and typed reads. */
import type { Event } from '../../domain/event.js';
import type { ExperimentId, OrganizationId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { joinVisible, type Scope, scopeParameters } from './scope.js';

export const EVENT_COLUMNS = `e.id, e.project_id AS "projectId", e.experiment_id AS "experimentId", e.trial_id AS "trialId",
  e.job_id AS "jobId", e.kind, e.message, e.data, e.at`;

export type ChangeKind = 'experiment' | 'trial' | 'job' | 'event' | 'artifact';

export interface ChangeRow {
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId | null;
  readonly kind: ChangeKind;
  readonly subjectId: string;
}

/** Whose events: exactly one of the three. */
export interface EventSubject {
  readonly projectId?: ProjectId;
  readonly experimentId?: ExperimentId;
  readonly trialId?: TrialId;
}

export async function insertEvent(tx: Sql, event: Event): Promise<void> {
  await tx.query(
    `/* event.insert */ INSERT INTO event (id, project_id, experiment_id, trial_id, job_id, kind, message, data, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)`,
    [
      event.id,
      event.projectId,
      event.experimentId,
      event.trialId,
      event.jobId,
      event.kind,
      event.message,
      JSON.stringify(event.data),
      event.at,
    ],
  );
}

/** Several at once: one statement for a verb that touches many rows. */
export async function insertChanges(tx: Sql, changes: readonly ChangeRow[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `/* change.insert */ INSERT INTO change (project_id, experiment_id, kind, subject_id)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])`,
    [
      changes.map((change) => change.projectId),
      changes.map((change) => change.experimentId),
      changes.map((change) => change.kind),
      changes.map((change) => change.subjectId),
    ],
  );
}

/** Newest first. */
export async function readEventPage(
  sql: Sql,
  scope: Scope,
  subject: EventSubject,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<Event[]> {
  const { where, id } = subjectFilter(subject);
  return sql.query<Event>(
    `/* event.read-page */ SELECT ${EVENT_COLUMNS} FROM event e ${joinVisible('e.project_id', 1)}
    WHERE ${where} AND ($4::uuid IS NULL OR e.id < $4::uuid) ORDER BY e.id DESC LIMIT $5`,
    [...scopeParameters(scope), id, page.afterId, page.limit],
  );
}

export async function countEvents(sql: Sql, scope: Scope, subject: EventSubject): Promise<number> {
  const { where, id } = subjectFilter(subject);
  const rows = await sql.query<{ n: number }>(
    `/* event.count */ SELECT count(*) AS n FROM event e ${joinVisible('e.project_id', 1)} WHERE ${where}`,
    [...scopeParameters(scope), id],
  );
  return rows[0]?.n ?? 0;
}

/** The visible ones among `ids`, oldest first. */
export async function readEventsById(sql: Sql, scope: Scope, ids: readonly string[]): Promise<Event[]> {
  return sql.query<Event>(
    `/* event.read-by-id */ SELECT ${EVENT_COLUMNS} FROM event e ${joinVisible('e.project_id', 1)}
    WHERE e.id = ANY ($3::uuid[]) ORDER BY e.id`,
    [...scopeParameters(scope), ids],
  );
}

/** The project that an experiment or trial of the organization belongs to, null when there is none. */
export async function findSubjectProject(
  sql: Sql,
  organizationId: OrganizationId,
  subject: EventSubject,
): Promise<ProjectId | null> {
  const table = subject.experimentId !== undefined ? 'experiment' : 'trial';
  const rows = await sql.query<{ projectId: ProjectId }>(
    `/* event.find-subject-project */ SELECT s.project_id AS "projectId" FROM ${table} s
    JOIN project p ON p.id = s.project_id AND p.organization_id = $1 WHERE s.id = $2`,
    [organizationId, subject.experimentId ?? subject.trialId],
  );
  return rows[0]?.projectId ?? null;
}

function subjectFilter(subject: EventSubject): { where: string; id: string } {
  if (subject.experimentId !== undefined) return { where: 'e.experiment_id = $3', id: subject.experimentId };
  if (subject.trialId !== undefined) return { where: 'e.trial_id = $3', id: subject.trialId };
  return { where: 'e.project_id = $3', id: subject.projectId ?? '' };
}

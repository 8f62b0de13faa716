/** Events and the rows of the change feed: SQL and typed reads. */
import type { Event } from '../../domain/event.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import type { ParentCount } from './bound.js';
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

/** What events are listed of. */
export type SubjectKind = 'project' | 'experiment' | 'trial';
export type SubjectId = ProjectId | ExperimentId | TrialId;

/** Keeps an event, and what changed with it in the feed. */
export async function insertEvent(tx: Sql, event: Event, changes: readonly ChangeRow[]): Promise<void> {
  await tx.query(
    `/* event.insert */
    WITH said AS (
      INSERT INTO event (id, project_id, experiment_id, trial_id, job_id, kind, message, data, at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9))
    INSERT INTO change (project_id, experiment_id, kind, subject_id)
    SELECT * FROM unnest($10::uuid[], $11::uuid[], $12::text[], $13::uuid[])`,
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
      ...columnsOf(changes),
    ],
  );
}

/** Several at once: one statement for a verb that touches many rows. */
export async function insertChanges(tx: Sql, changes: readonly ChangeRow[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `/* change.insert */ INSERT INTO change (project_id, experiment_id, kind, subject_id)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])`,
    columnsOf(changes),
  );
}

function columnsOf(changes: readonly ChangeRow[]): unknown[] {
  return [
    changes.map((change) => change.projectId),
    changes.map((change) => change.experimentId),
    changes.map((change) => change.kind),
    changes.map((change) => change.subjectId),
  ];
}

/** One page of each subject, newest first. A subject's events are all of its project, so a page is cut before it is judged. */
export async function readEventPages(
  sql: Sql,
  scope: Scope,
  kind: SubjectKind,
  ids: readonly SubjectId[],
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<Event[]> {
  return sql.query<Event>(
    `/* event.read-pages */ SELECT l.* FROM unnest($3::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${EVENT_COLUMNS} FROM event e
      WHERE ${SUBJECT_COLUMNS[kind]} = parent.id AND ($4::uuid IS NULL OR e.id < $4::uuid) ORDER BY e.id DESC LIMIT $5) l
    ${joinVisible('l."projectId"', 1)} ORDER BY l.id DESC`,
    [...scopeParameters(scope), ids, page.afterId, page.limit],
  );
}

/** How many events each subject has; one without any is left out. */
export async function countEvents(
  sql: Sql,
  scope: Scope,
  kind: SubjectKind,
  ids: readonly SubjectId[],
): Promise<ParentCount<SubjectId>[]> {
  const column = SUBJECT_COLUMNS[kind];
  return sql.query<ParentCount<SubjectId>>(
    `/* event.count */ SELECT ${column} AS id, count(*) AS n FROM event e ${joinVisible('e.project_id', 1)}
    WHERE ${column} = ANY ($3::uuid[]) GROUP BY ${column}`,
    [...scopeParameters(scope), ids],
  );
}

/** The visible ones among `ids`, oldest first. */
export async function readEventsById(sql: Sql, scope: Scope, ids: readonly string[]): Promise<Event[]> {
  return sql.query<Event>(
    `/* event.read-by-id */ SELECT ${EVENT_COLUMNS} FROM event e ${joinVisible('e.project_id', 1)}
    WHERE e.id = ANY ($3::uuid[]) ORDER BY e.id`,
    [...scopeParameters(scope), ids],
  );
}

/** Those of the subjects that exist and are visible. */
export async function visibleSubjects(
  sql: Sql,
  scope: Scope,
  kind: SubjectKind,
  ids: readonly SubjectId[],
): Promise<SubjectId[]> {
  const rows = await sql.query<{ id: SubjectId }>(
    `/* event.visible-subjects */ SELECT s.id FROM ${kind} s
    ${joinVisible(kind === 'project' ? 's.id' : 's.project_id', 1)} WHERE s.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
  return rows.map((row) => row.id);
}

const SUBJECT_COLUMNS: Readonly<Record<SubjectKind, string>> = {
  project: 'e.project_id',
  experiment: 'e.experiment_id',
  trial: 'e.trial_id',
};

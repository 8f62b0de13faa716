/** Revisions of searches. A search that never changed has no rows: it is its own first revision. */
import type { SearchRevision } from '../../domain/experiment.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { budgetOf } from './experiment.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';

const REVISION_COLUMNS = `r.experiment_id AS "experimentId", r.number, r.from_sequence AS "fromSequence",
  r.from_trial AS "fromTrial", r.space, ${budgetOf('r.budget')} AS budget, r.created_by AS "createdBy", r.created_at AS "createdAt"`;

/** Keeps a revision; one that is there already stays as it is. Call with the experiment locked. */
export async function insertRevision(
  tx: Sql,
  row: Omit<SearchRevision, 'createdAt'> & { readonly projectId: ProjectId; readonly createdAt: Date | null },
): Promise<void> {
  await tx.query(
    `/* search-revision.insert */
    INSERT INTO search_revision
      (experiment_id, number, project_id, from_sequence, from_trial, space, budget, created_by, created_at)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, coalesce($9, clock_timestamp())) ON CONFLICT DO NOTHING`,
    [
      row.experimentId,
      row.number,
      row.projectId,
      row.fromSequence,
      row.fromTrial,
      JSON.stringify(row.space),
      JSON.stringify(row.budget),
      row.createdBy,
      row.createdAt,
    ],
  );
}

/** Makes the search what the revision says. Call with the experiment locked. */
export async function applyRevision(
  tx: Sql,
  { experimentId, number, space, budget }: Pick<SearchRevision, 'experimentId' | 'number' | 'space' | 'budget'>,
): Promise<void> {
  await tx.query(`/* search-revision.apply */ UPDATE experiment SET search = search || $2::jsonb WHERE id = $1`, [
    experimentId,
    JSON.stringify({ space, budget, revision: number }),
  ]);
}

/** Revisions of these experiments, each one's by number. Trusts the caller's authorisation. */
export async function listRevisions(sql: Sql, experimentIds: readonly ExperimentId[]): Promise<SearchRevision[]> {
  return sql.query<SearchRevision>(
    `/* search-revision.list */
    SELECT ${REVISION_COLUMNS} FROM search_revision r
    WHERE r.experiment_id = ANY ($1::uuid[]) ORDER BY r.experiment_id, r.number`,
    [experimentIds],
  );
}

/** Of which revision visible trials are, null without a search; in any order. */
export async function findTrialRevisions(
  sql: Sql,
  scope: Scope,
  ids: readonly TrialId[],
): Promise<{ id: TrialId; revision: number | null }[]> {
  return sql.query(
    `/* search-revision.of-trials */
    SELECT t.id, CASE WHEN ve.search IS NOT NULL THEN greatest(1, (SELECT count(*) FROM search_revision r
      WHERE r.experiment_id = t.experiment_id AND r.from_sequence < t.asked_at)) END AS revision
    FROM trial t ${joinVisibleTrial('t', 2)} WHERE t.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
}

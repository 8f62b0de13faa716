/** Where trials, experiments and jobs belong: what authorisation of the busiest verbs asks for, and no more. */
import type { ExperimentId, OrganizationId, ProjectId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';

/** Never changes while the row exists. */
export interface Place<Id extends string> {
  readonly id: Id;
  readonly projectId: ProjectId;
  readonly organizationId: OrganizationId;
}

export async function findTrialPlaces(sql: Sql, ids: readonly TrialId[]): Promise<Place<TrialId>[]> {
  return sql.query<Place<TrialId>>(
    `/* place.trials */ SELECT t.id, t.project_id AS "projectId", p.organization_id AS "organizationId"
    FROM trial t JOIN experiment e ON e.id = t.experiment_id AND e.project_id = t.project_id
    JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL WHERE t.id = ANY ($1::uuid[])`,
    [ids],
  );
}

export async function findExperimentPlaces(sql: Sql, ids: readonly ExperimentId[]): Promise<Place<ExperimentId>[]> {
  return sql.query<Place<ExperimentId>>(
    `/* place.experiments */ SELECT e.id, e.project_id AS "projectId", p.organization_id AS "organizationId"
    FROM experiment e JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL WHERE e.id = ANY ($1::uuid[])`,
    [ids],
  );
}

/** The attempt that a job executes. */
export async function findJobAttempt(
  sql: Sql,
  id: TrainingJobId,
): Promise<{ trialId: TrialId; attempt: number } | null> {
  const text = `/* place.job */ SELECT trial_id AS "trialId", attempt FROM training_job WHERE id = $1`;
  const rows = await sql.query<{ trialId: TrialId; attempt: number }>(text, [id]);
  return rows[0] ?? null;
}

/** The number of a trial's newest attempt. */
export async function findAttempt(sql: Sql, id: TrialId): Promise<number | null> {
  const rows = await sql.query<{ attempt: number }>('/* place.attempt */ SELECT attempt FROM trial WHERE id = $1', [
    id,
  ]);
  return rows[0]?.attempt ?? null;
}

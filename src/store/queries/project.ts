/** Projects: SQL and typed reads. */
import type { OrganizationId, ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { Sql } from '../database.js';
import type { Scope } from './scope.js';

export const PROJECT_COLUMNS = `p.id, p.organization_id AS "organizationId", p.name, p.description, p.created_at AS "createdAt",
  p.metric_retention_days AS "metricRetentionDays", p.log_retention_days AS "logRetentionDays"`;

const VISIBLE = `p.organization_id = $1 AND ($2::uuid[] IS NULL OR p.id = ANY ($2::uuid[]))`;

export async function findProjectById(
  sql: Sql,
  organizationId: OrganizationId,
  id: ProjectId,
): Promise<Project | null> {
  const rows = await sql.query<Project>(
    `/* project.find-by-id */ SELECT ${PROJECT_COLUMNS} FROM project p WHERE p.organization_id = $1 AND p.id = $2`,
    [organizationId, id],
  );
  return rows[0] ?? null;
}

export async function findProjectByName(
  sql: Sql,
  organizationId: OrganizationId,
  name: string,
): Promise<Project | null> {
  const rows = await sql.query<Project>(
    `/* project.find-by-name */ SELECT ${PROJECT_COLUMNS} FROM project p WHERE p.organization_id = $1 AND p.name = $2`,
    [organizationId, name],
  );
  return rows[0] ?? null;
}

/** The visible ones among `ids`, in no order. */
export async function readProjectsById(sql: Sql, scope: Scope, ids: readonly ProjectId[]): Promise<Project[]> {
  return sql.query<Project>(
    `/* project.read-by-id */ SELECT ${PROJECT_COLUMNS} FROM project p WHERE ${VISIBLE} AND p.id = ANY ($3::uuid[])`,
    [scope.organizationId, scope.projectIds, ids],
  );
}

/** Oldest first. */
export async function readProjectPage(
  sql: Sql,
  scope: Scope,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<Project[]> {
  return sql.query<Project>(
    `/* project.read-page */ SELECT ${PROJECT_COLUMNS} FROM project p
    WHERE ${VISIBLE} AND ($3::uuid IS NULL OR p.id > $3::uuid) ORDER BY p.id LIMIT $4`,
    [scope.organizationId, scope.projectIds, page.afterId, page.limit],
  );
}

export async function countProjects(sql: Sql, scope: Scope): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* project.count */ SELECT count(*) AS n FROM project p WHERE ${VISIBLE}`,
    [scope.organizationId, scope.projectIds],
  );
  return rows[0]?.n ?? 0;
}

/** Whether the row was new: the name may be taken. A twin in flight makes this wait. */
export async function insertProject(tx: Sql, project: Project): Promise<boolean> {
  const rows = await tx.query(
    `/* project.insert */ INSERT INTO project (id, organization_id, name, description, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, name) DO NOTHING RETURNING id`,
    [project.id, project.organizationId, project.name, project.description, project.createdAt],
  );
  return rows.length === 1;
}

/** People and their roles: SQL and typed reads. */
import type { OrganizationId, ProjectId, UserId } from '../../domain/ids.js';
import type { Role } from '../../domain/roles.js';
import type { Membership, User } from '../../domain/user.js';
import type { Sql } from '../database.js';

export const USER_COLUMNS = `u.id, u.organization_id AS "organizationId", u.name, u.email, u.disabled, u.created_at AS "createdAt"`;

export async function findUserById(sql: Sql, id: UserId): Promise<User | null> {
  const rows = await sql.query<User>(`/* user.find-by-id */ SELECT ${USER_COLUMNS} FROM app_user u WHERE u.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

export async function findUserByName(sql: Sql, organizationId: OrganizationId, name: string): Promise<User | null> {
  const rows = await sql.query<User>(
    `/* user.find-by-name */ SELECT ${USER_COLUMNS} FROM app_user u WHERE u.organization_id = $1 AND u.name = $2`,
    [organizationId, name],
  );
  return rows[0] ?? null;
}

/** The user's roles in its own organization and projects. */
export async function readMemberships(sql: Sql, userId: UserId): Promise<Membership[]> {
  return sql.query<Membership>(
    `/* user.read-memberships */
    SELECT m.user_id AS "userId", m.organization_id AS "organizationId", m.project_id AS "projectId", m.role
    FROM membership m JOIN app_user u ON u.id = m.user_id AND u.organization_id = m.organization_id
    LEFT JOIN project p ON p.id = m.project_id
    WHERE m.user_id = $1 AND (m.project_id IS NULL OR p.organization_id = m.organization_id)`,
    [userId],
  );
}

/** Gives the role, in place of the one that the user had there. */
export async function setMembership(
  tx: Sql,
  user: Pick<User, 'id' | 'organizationId'>,
  projectId: ProjectId | null,
  role: Role,
): Promise<void> {
  await tx.query(
    `/* user.set-membership */ INSERT INTO membership (user_id, organization_id, project_id, role) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, coalesce(project_id, '00000000-0000-0000-0000-000000000000')) DO UPDATE SET role = excluded.role`,
    [user.id, user.organizationId, projectId, role],
  );
}

/** Whether the row was new: the name may be taken. */
export async function insertUser(tx: Sql, user: User): Promise<boolean> {
  const rows = await tx.query(
    `/* user.insert */ INSERT INTO app_user (id, organization_id, name, email, disabled, created_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organization_id, name) DO NOTHING RETURNING id`,
    [user.id, user.organizationId, user.name, user.email, user.disabled, user.createdAt],
  );
  return rows.length === 1;
}

/** People of the organization, oldest first; only `onlyId` when it is given. */
export async function readUserPage(
  sql: Sql,
  organizationId: OrganizationId,
  onlyId: UserId | null,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<User[]> {
  return sql.query<User>(
    `/* user.read-page */ SELECT ${USER_COLUMNS} FROM app_user u
    WHERE u.organization_id = $1 AND ($2::uuid IS NULL OR u.id = $2::uuid) AND ($3::uuid IS NULL OR u.id > $3::uuid)
    ORDER BY u.id LIMIT $4`,
    [organizationId, onlyId, page.afterId, page.limit],
  );
}

export async function countUsers(sql: Sql, organizationId: OrganizationId, onlyId: UserId | null): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* user.count */ SELECT count(*) AS n FROM app_user u WHERE u.organization_id = $1 AND ($2::uuid IS NULL OR u.id = $2::uuid)`,
    [organizationId, onlyId],
  );
  return rows[0]?.n ?? 0;
}

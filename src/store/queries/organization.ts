/** Organizations: SQL and typed reads. */
import type { OrganizationId } from '../../domain/ids.js';
import type { Organization } from '../../domain/organization.js';
import type { Sql } from '../database.js';

export const ORGANIZATION_COLUMNS = `o.id, o.name, o.created_at AS "createdAt"`;

export async function findOrganizationById(sql: Sql, id: OrganizationId): Promise<Organization | null> {
  const rows = await sql.query<Organization>(
    `/* organization.find-by-id */ SELECT ${ORGANIZATION_COLUMNS} FROM organization o WHERE o.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** The organization of this name, made from `organization` if there is none. Two servers may do this at once. */
export async function ensureOrganization(tx: Sql, organization: Organization): Promise<Organization> {
  await tx.query(
    `/* organization.ensure */ INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`,
    [organization.id, organization.name, organization.createdAt],
  );
  const rows = await tx.query<Organization>(
    `/* organization.find-by-name */ SELECT ${ORGANIZATION_COLUMNS} FROM organization o WHERE o.name = $1`,
    [organization.name],
  );
  return rows[0] ?? organization;
}

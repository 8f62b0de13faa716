/** Resource pools: SQL and typed reads. */
import type { OrganizationId, ResourcePoolId } from '../../domain/ids.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Sql } from '../database.js';

export const POOL_COLUMNS = `rp.id, rp.organization_id AS "organizationId", rp.name, rp.lease_seconds AS "leaseSeconds", rp.created_at AS "createdAt"`;

/** Unfinished jobs of a pool. */
export interface PoolLoad {
  readonly poolId: ResourcePoolId;
  readonly pendingJobs: number;
  readonly runningJobs: number;
}

/** Whether the row was new: the name may be taken. */
export async function insertPool(tx: Sql, pool: ResourcePool): Promise<boolean> {
  const rows = await tx.query(
    `/* pool.insert */ INSERT INTO resource_pool (id, organization_id, name, lease_seconds, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, name) DO NOTHING RETURNING id`,
    [pool.id, pool.organizationId, pool.name, pool.leaseSeconds, pool.createdAt],
  );
  return rows.length === 1;
}

/** All pools of the organization by name; only `onlyId` when it is given. */
export async function readPools(
  sql: Sql,
  organizationId: OrganizationId,
  onlyId: ResourcePoolId | null = null,
): Promise<ResourcePool[]> {
  return sql.query<ResourcePool>(
    `/* pool.read */ SELECT ${POOL_COLUMNS} FROM resource_pool rp
    WHERE rp.organization_id = $1 AND ($2::uuid IS NULL OR rp.id = $2::uuid) ORDER BY rp.name`,
    [organizationId, onlyId],
  );
}

export async function readPoolsById(
  sql: Sql,
  organizationId: OrganizationId,
  ids: readonly ResourcePoolId[],
): Promise<ResourcePool[]> {
  return sql.query<ResourcePool>(
    `/* pool.read-by-id */ SELECT ${POOL_COLUMNS} FROM resource_pool rp WHERE rp.organization_id = $1 AND rp.id = ANY ($2::uuid[])`,
    [organizationId, ids],
  );
}

export async function findPoolByName(
  sql: Sql,
  organizationId: OrganizationId,
  name: string,
): Promise<ResourcePool | null> {
  const rows = await sql.query<ResourcePool>(
    `/* pool.find-by-name */ SELECT ${POOL_COLUMNS} FROM resource_pool rp WHERE rp.organization_id = $1 AND rp.name = $2`,
    [organizationId, name],
  );
  return rows[0] ?? null;
}

/** Counted over all projects: how busy a pool is, is known to everybody who may queue in it. */
export async function readPoolLoads(
  sql: Sql,
  organizationId: OrganizationId,
  ids: readonly ResourcePoolId[],
): Promise<PoolLoad[]> {
  return sql.query<PoolLoad>(
    `/* pool.read-loads */ SELECT rp.id AS "poolId",
      count(*) FILTER (WHERE j.state = 'PENDING') AS "pendingJobs",
      count(*) FILTER (WHERE j.state IN ('STARTING', 'RUNNING', 'TERMINATING')) AS "runningJobs"
    FROM resource_pool rp LEFT JOIN training_job j
      ON j.pool_id = rp.id AND j.state IN ('PENDING', 'STARTING', 'RUNNING', 'TERMINATING')
    WHERE rp.organization_id = $1 AND rp.id = ANY ($2::uuid[]) GROUP BY rp.id`,
    [organizationId, ids],
  );
}

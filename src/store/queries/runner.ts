/** Runners: agents on machines. Their row is locked before experiments, leases and jobs. */
import type { ApiKeyId, OrganizationId, ResourcePoolId, RunnerId } from '../../domain/ids.js';
import type { Gpu, Runner } from '../../domain/runner.js';
import type { Sql } from '../database.js';

const COLUMNS = `r.id, r.organization_id AS "organizationId", r.pool_id AS "poolId", r.name, r.host, r.slots, r.gpus,
  r.boot_id AS "bootId", r.draining, r.registered_at AS "registeredAt", r.contact_at AS "contactAt"`;

export interface NewRunner {
  readonly id: RunnerId;
  readonly organizationId: OrganizationId;
  readonly poolId: ResourcePoolId;
  readonly keyId: ApiKeyId;
  readonly name: string;
  readonly host: string;
  readonly slots: number;
  readonly gpus: readonly Gpu[];
  readonly bootId: string;
}

/** The runner of this key and boot, made or refreshed: the row's id is kept. */
export async function upsertRunner(tx: Sql, row: NewRunner): Promise<Runner> {
  const rows = await tx.query<Runner>(
    `/* runner.upsert */
    INSERT INTO runner AS r (id, organization_id, pool_id, key_id, name, host, slots, gpus, boot_id, registered_at, contact_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, clock_timestamp(), clock_timestamp())
    ON CONFLICT (key_id, boot_id) DO UPDATE SET name = excluded.name, host = excluded.host, slots = excluded.slots,
      gpus = excluded.gpus, contact_at = clock_timestamp()
    RETURNING ${COLUMNS}`,
    [
      row.id,
      row.organizationId,
      row.poolId,
      row.keyId,
      row.name,
      row.host,
      row.slots,
      JSON.stringify(row.gpus),
      row.bootId,
    ],
  );
  const made = rows[0];
  if (made === undefined) throw new Error('an upsert returned no row');
  return made;
}

/** Earlier starts of the same agent that still hold leases: same key and name, registered before `runner`. */
export async function findEarlierBoots(sql: Sql, keyId: ApiKeyId, runner: Runner): Promise<RunnerId[]> {
  const rows = await sql.query<{ id: RunnerId }>(
    `/* runner.earlier-boots */
    SELECT r.id FROM runner r JOIN runner me ON me.id = $3
    WHERE r.key_id = $1 AND r.name = $2 AND (r.registered_at, r.id) < (me.registered_at, me.id)
      AND EXISTS (SELECT 1 FROM trial_lease l WHERE l.runner_id = r.id)`,
    [keyId, runner.name, runner.id],
  );
  return rows.map((row) => row.id);
}

export interface OwnRunner extends Runner {
  readonly leaseSeconds: number;
}

/** The runner, locked and its contact noted, if it was registered with this key. */
export async function touchOwnRunner(tx: Sql, keyId: ApiKeyId, id: RunnerId): Promise<OwnRunner | null> {
  const rows = await tx.query<OwnRunner>(
    `/* runner.touch */
    UPDATE runner r SET contact_at = clock_timestamp() FROM resource_pool pool
    WHERE r.id = $1 AND r.key_id = $2 AND pool.id = r.pool_id RETURNING ${COLUMNS}, pool.lease_seconds AS "leaseSeconds"`,
    [id, keyId],
  );
  return rows[0] ?? null;
}

/** As `touchOwnRunner`, but only looks. */
export async function findOwnRunner(sql: Sql, keyId: ApiKeyId, id: RunnerId): Promise<OwnRunner | null> {
  const rows = await sql.query<OwnRunner>(
    `/* runner.find-own */
    SELECT ${COLUMNS}, pool.lease_seconds AS "leaseSeconds" FROM runner r JOIN resource_pool pool ON pool.id = r.pool_id
    WHERE r.id = $1 AND r.key_id = $2`,
    [id, keyId],
  );
  return rows[0] ?? null;
}

export async function findRunners(
  sql: Sql,
  organizationId: OrganizationId,
  ids: readonly RunnerId[],
): Promise<Runner[]> {
  return sql.query<Runner>(
    `/* runner.find */ SELECT ${COLUMNS} FROM runner r WHERE r.organization_id = $1 AND r.id = ANY ($2::uuid[])`,
    [organizationId, ids],
  );
}

/** Whether there was such a runner. */
export async function setDraining(tx: Sql, organizationId: OrganizationId, id: RunnerId): Promise<boolean> {
  const rows = await tx.query(
    `/* runner.drain */ UPDATE runner SET draining = true WHERE organization_id = $1 AND id = $2 RETURNING 1 AS drained`,
    [organizationId, id],
  );
  return rows.length === 1;
}

const LISTED = 'FROM runner r WHERE r.organization_id = $1 AND ($2::uuid IS NULL OR r.pool_id = $2)';

/** Newest first. */
export async function listRunnerRows(
  sql: Sql,
  organizationId: OrganizationId,
  poolId: ResourcePoolId | null,
  keyset: { readonly limit: number; readonly afterId: string | null },
): Promise<Runner[]> {
  return sql.query<Runner>(
    `/* runner.list */ SELECT ${COLUMNS} ${LISTED} AND ($3::uuid IS NULL OR r.id < $3) ORDER BY r.id DESC LIMIT $4`,
    [organizationId, poolId, keyset.afterId, keyset.limit],
  );
}

export async function countRunners(
  sql: Sql,
  organizationId: OrganizationId,
  poolId: ResourcePoolId | null,
): Promise<number> {
  const rows = await sql.query<{ n: number }>(`/* runner.count */ SELECT count(*) AS n ${LISTED}`, [
    organizationId,
    poolId,
  ]);
  return rows[0]?.n ?? 0;
}

/** Runners of each pool that were heard from in the last day, newest first. */
export async function listRunnersOfPools(
  sql: Sql,
  organizationId: OrganizationId,
  poolIds: readonly ResourcePoolId[],
): Promise<Runner[]> {
  return sql.query<Runner>(
    `/* runner.of-pools */
    SELECT ${COLUMNS} FROM runner r
    WHERE r.organization_id = $1 AND r.pool_id = ANY ($2::uuid[]) AND r.contact_at > clock_timestamp() - interval '1 day'
    ORDER BY r.pool_id, r.id DESC`,
    [organizationId, poolIds],
  );
}

/** Forgets runners that were silent for `ms`, hold no lease and are named by no job, at most `limit`; says how many. */
export async function deleteSilentRunners(tx: Sql, ms: number, limit: number): Promise<number> {
  const rows = await tx.query(
    `/* runner.delete-silent */
    DELETE FROM runner WHERE id IN (
      SELECT r.id FROM runner r WHERE r.contact_at < clock_timestamp() - $1 * interval '1 millisecond'
        AND NOT EXISTS (SELECT 1 FROM trial_lease l WHERE l.runner_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM training_job j WHERE j.runner_id = r.id) LIMIT $2)
      AND contact_at < clock_timestamp() - $1 * interval '1 millisecond'
    RETURNING 1 AS deleted`,
    [ms, limit],
  );
  return rows.length;
}

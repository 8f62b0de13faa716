/** Keys and what they stand for: SQL and typed reads. No read here gives a secret's HMAC, but `findCredential`. */
import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyId, OrganizationId, ProjectId, UserId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { type ApiKeyRow, apiKeyTable } from '../tables/api-key.js';

export const API_KEY_COLUMNS = `k.id, k.organization_id AS "organizationId", k.kind, k.name, k.user_id AS "userId", k.role,
  k.project_id AS "projectId", k.pool_id AS "poolId", k.trial_id AS "trialId", k.attempt, k.epoch,
  k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt", k.last_used_at AS "lastUsedAt"`;

/** A key with its secret's HMAC and, for a trial's, when that trial ended. */
export interface Credential extends ApiKeyRow {
  readonly trialProjectId: ProjectId | null;
  readonly trialEndedAt: Date | null;
}

/** The key to check a token against, null when there is none, or when its trial is gone. */
export async function findCredential(sql: Sql, id: string): Promise<Credential | null> {
  const rows = await sql.query<Credential>(
    `/* api-key.find-credential */ SELECT ${API_KEY_COLUMNS}, k.secret_hmac AS "secretHmac",
      t.project_id AS "trialProjectId", t.ended_at AS "trialEndedAt"
    FROM api_key k LEFT JOIN trial t ON t.id = k.trial_id
    WHERE k.id = $1 AND (k.kind <> 'TRIAL' OR t.id IS NOT NULL)`,
    [id],
  );
  return rows[0] ?? null;
}

export async function insertApiKey(tx: Sql, key: ApiKeyRow): Promise<void> {
  await tx.manager.insert(apiKeyTable, key);
}

/** Gives the key another secret; the one before is dead. */
export async function replaceSecret(tx: Sql, id: ApiKeyId, secretHmac: Buffer): Promise<void> {
  await tx.query(`/* api-key.replace-secret */ UPDATE api_key SET secret_hmac = $2 WHERE id = $1`, [id, secretHmac]);
}

/** Notes the use, at most once a minute. */
export async function touchApiKey(sql: Sql, id: ApiKeyId, now: Date): Promise<void> {
  await sql.query(
    `/* api-key.touch */ UPDATE api_key SET last_used_at = $2
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
    [id, now],
  );
}

/** Whose keys may be listed and revoked: one's own, and those that one administers. */
export interface KeyOwner {
  readonly organizationId: OrganizationId;
  readonly userId: UserId | null;
  /** Administers all keys of the organization. */
  readonly isAdmin: boolean;
  /** Administers the service keys of these projects. */
  readonly adminOf: readonly ProjectId[];
}

const OWNED = `k.organization_id = $1 AND k.kind <> 'TRIAL'
  AND ($3 OR k.user_id = $2::uuid OR (k.kind = 'SERVICE' AND k.project_id = ANY ($4::uuid[])))`;

function ownerParameters(owner: KeyOwner): unknown[] {
  return [owner.organizationId, owner.userId, owner.isAdmin, owner.adminOf];
}

/** Oldest first. */
export async function readApiKeyPage(
  sql: Sql,
  owner: KeyOwner,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<ApiKey[]> {
  return sql.query<ApiKey>(
    `/* api-key.read-page */ SELECT ${API_KEY_COLUMNS} FROM api_key k
    WHERE ${OWNED} AND ($5::uuid IS NULL OR k.id > $5::uuid) ORDER BY k.id LIMIT $6`,
    [...ownerParameters(owner), page.afterId, page.limit],
  );
}

export async function countApiKeys(sql: Sql, owner: KeyOwner): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* api-key.count */ SELECT count(*) AS n FROM api_key k WHERE ${OWNED}`,
    ownerParameters(owner),
  );
  return rows[0]?.n ?? 0;
}

/** Revokes it, and says how it is then; one revoked before keeps its time. Null when it is not the owner's. */
export async function revokeOwnedKey(tx: Sql, owner: KeyOwner, id: ApiKeyId, now: Date): Promise<ApiKey | null> {
  const rows = await tx.query<ApiKey>(
    `/* api-key.revoke */ UPDATE api_key k SET revoked_at = coalesce(k.revoked_at, $6)
    WHERE ${OWNED} AND k.id = $5 RETURNING ${API_KEY_COLUMNS}`,
    [...ownerParameters(owner), id, now],
  );
  return rows[0] ?? null;
}

/** Keys of a user that still work. Locks the user, so that two requests cannot both take the last place. */
export async function countLiveKeysOf(tx: Sql, userId: UserId, now: Date): Promise<number> {
  await tx.query(`/* api-key.lock-user */ SELECT 1 FROM app_user WHERE id = $1 FOR NO KEY UPDATE`, [userId]);
  const rows = await tx.query<{ n: number }>(
    `/* api-key.count-live */ SELECT count(*) AS n FROM api_key
    WHERE user_id = $1 AND kind <> 'TRIAL' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
    [userId, now],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Forgets tokens of trials that ended before `endedBefore`, oldest first, at most `limit`; says how many. Only keys whose id
 * is below `madeBefore` are looked at, so that the cost follows the trials that run for long and not those that end.
 */
export async function deleteDeadTrialKeys(
  tx: Sql,
  { madeBefore, endedBefore }: { readonly madeBefore: string; readonly endedBefore: Date },
  limit: number,
): Promise<number> {
  const rows = await tx.query(
    `/* api-key.delete-dead */
    DELETE FROM api_key WHERE id IN (
      SELECT k.id FROM api_key k JOIN trial t ON t.id = k.trial_id
      WHERE k.id < $1 AND k.kind = 'TRIAL' AND t.ended_at <= $2 ORDER BY k.id LIMIT $3)
    RETURNING 1 AS deleted`,
    [madeBefore, endedBefore, limit],
  );
  return rows.length;
}

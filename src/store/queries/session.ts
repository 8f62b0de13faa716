/** Browsers' sessions and the codes that open them: SQL and typed reads. */
import type { UserId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { type LoginCodeRow, loginCodeTable } from '../tables/login-code.js';
import { type SessionRow, sessionTable } from '../tables/session.js';

export async function insertLoginCode(tx: Sql, code: LoginCodeRow): Promise<void> {
  await tx.manager.insert(loginCodeTable, code);
}

/** Uses the code up: of several that try, one gets the user. Null when it is unknown, used or expired. */
export async function takeLoginCode(tx: Sql, codeHmac: Buffer, now: Date): Promise<UserId | null> {
  const rows = await tx.query<{ userId: UserId }>(
    `/* session.take-code */ DELETE FROM login_code WHERE code_hmac = $1 AND expires_at > $2 RETURNING user_id AS "userId"`,
    [codeHmac, now],
  );
  return rows[0]?.userId ?? null;
}

export async function insertSession(tx: Sql, session: SessionRow): Promise<void> {
  await tx.manager.insert(sessionTable, session);
}

export async function findSession(sql: Sql, id: string): Promise<SessionRow | null> {
  const rows = await sql.query<SessionRow>(
    `/* session.find */ SELECT id, user_id AS "userId", secret_hmac AS "secretHmac", created_at AS "createdAt",
      seen_at AS "seenAt", expires_at AS "expiresAt" FROM session WHERE id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Notes the use, at most once a minute. */
export async function touchSession(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query(
    `/* session.touch */ UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2::timestamptz - interval '1 minute'`,
    [id, now],
  );
}

export async function deleteSession(tx: Sql, id: string): Promise<void> {
  await tx.query(`/* session.delete */ DELETE FROM session WHERE id = $1`, [id]);
}

/** Forgets sessions and codes that can never be used again; says how many. */
export async function deleteDeadSessions(sql: Sql, now: Date, idleSince: Date): Promise<number> {
  const sessions = await sql.query(
    `/* session.delete-dead */ DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2 RETURNING 1 AS deleted`,
    [now, idleSince],
  );
  const codes = await sql.query(
    `/* session.delete-dead-codes */ DELETE FROM login_code WHERE expires_at <= $1 RETURNING 1 AS deleted`,
    [now],
  );
  return sessions.length + codes.length;
}

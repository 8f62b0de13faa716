/** Replies of mutations, kept so that a retry gets the same answer (rule 5). */
import type { Sql } from '../database.js';

export interface ClientRequestKey {
  readonly principal: string;
  readonly requestId: string;
  readonly operation: string;
  readonly inputHash: string;
}

export interface ClientRequest {
  readonly operation: string;
  readonly inputHash: string;
  readonly reply: unknown;
}

/** Whether the request is new. A twin in flight makes this wait for its commit or rollback. */
export async function claimRequest(tx: Sql, key: ClientRequestKey): Promise<boolean> {
  const rows = await tx.query(
    `/* client-request.claim */
    INSERT INTO client_request (principal, request_id, operation, input_hash) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING 1 AS claimed`,
    [key.principal, key.requestId, key.operation, key.inputHash],
  );
  return rows.length === 1;
}

/** An earlier request of this principal, null when there is none. */
export async function findRequest(tx: Sql, key: ClientRequestKey): Promise<ClientRequest | null> {
  const rows = await tx.query<ClientRequest>(
    `/* client-request.find */
    SELECT operation, input_hash AS "inputHash", reply FROM client_request WHERE principal = $1 AND request_id = $2`,
    [key.principal, key.requestId],
  );
  return rows[0] ?? null;
}

/** Keeps the reply: `{ "reply": … }`, so that null is a reply too. */
export async function storeReply(tx: Sql, key: ClientRequestKey, reply: unknown): Promise<void> {
  await tx.query(
    `/* client-request.reply */ UPDATE client_request SET reply = $3::jsonb WHERE principal = $1 AND request_id = $2`,
    [key.principal, key.requestId, JSON.stringify({ reply })],
  );
}

/** Forgets replies older than `ms`, at most `limit` of them; says how many. */
export async function deleteOldRequests(sql: Sql, ms: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `/* client-request.delete-old */
    DELETE FROM client_request WHERE (principal, request_id) IN (
      SELECT principal, request_id FROM client_request WHERE created_at < clock_timestamp() - $1 * interval '1 millisecond'
      ORDER BY created_at LIMIT $2)
    RETURNING 1 AS deleted`,
    [ms, limit],
  );
  return rows.length;
}

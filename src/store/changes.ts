/**
 * The change feed of an experiment: a cursor over what was committed, and the port of the hints that something was.
 * A reader stays below the oldest transaction still open, since a plain `id > last` loses rows that commit late.
 * A cursor is only a position: whoever reads asks for authorisation at every batch.
 */
import { PlatformError } from '../domain/errors.js';
import type { ExperimentId } from '../domain/ids.js';
import type { Sql } from './database.js';
import type { ChangeKind } from './queries/event.js';

/** Hints that something was committed. Losing one costs latency, never data: every wait has a timeout, then reads. */
export interface Wakeups {
  /** Call after the commit. Reaches waiters of this process at once, those of other servers some milliseconds later. */
  notify(topic: string): void;
  /** Hears of the topics from now on: subscribe, then read, then wait, and no hint falls between. */
  subscribe(topics: readonly string[]): WakeupSubscription;
  /** Resolves at the next hint, after `timeoutMs`, or when `signal` aborts. Hints before the call are not heard. */
  wait(topics: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Lets go of all waiters and of the connection. */
  close(): Promise<void>;
}

export interface WakeupSubscription {
  /** Hints heard so far. */
  readonly count: number;
  /** Resolves at once when a hint came since the last `wait` returned; else at the next one, after `timeoutMs`, or on abort. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** A place in the feed. `tx` is a transaction id as decimal text: it outgrows a JS number. */
export interface FeedPosition {
  /** Cluster and timeline: another one may have handed out the same transaction ids again. */
  readonly generation: string;
  readonly tx: string;
  readonly id: number;
}

export interface Change {
  readonly kind: ChangeKind;
  readonly subjectId: string;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where to read on. */
  readonly next: FeedPosition;
  /** Whether there is more below the horizon already. */
  readonly hasMore: boolean;
}

export interface ReadChanges {
  readonly experimentId: ExperimentId;
  readonly cursor: FeedPosition;
  readonly limit: number;
}

/** Changes are kept for a week; a cursor that is older starts anew. */
export const CHANGE_DAYS = 7;

/** SQL of what a cursor must agree with, and of the oldest transaction still open. */
export const GENERATION = `(SELECT system_identifier FROM pg_control_system()) || '-' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)`;
export const HORIZON = `pg_snapshot_xmin(pg_current_snapshot())`;

/** Where the feed stands now: take it before the first page is read, and read on from it. */
export async function changeHorizon(sql: Sql): Promise<FeedPosition> {
  const rows = await sql.query<{ generation: string; tx: string }>(
    `/* changes.horizon */ SELECT ${GENERATION} AS generation, ${HORIZON}::text AS tx`,
  );
  const row = rows[0];
  if (row === undefined) throw new PlatformError('INTERNAL', 'the database gave no horizon');
  return { generation: row.generation, tx: row.tx, id: 0 };
}

interface Row {
  readonly generation: string;
  readonly horizonText: string;
  readonly txText: string | null;
  readonly id: number;
  readonly kind: ChangeKind;
  readonly subjectId: string;
}

/** What was committed after the cursor, in order; a subject may come several times. @throws CURSOR_EXPIRED after a failover or restore. */
export async function readChanges(sql: Sql, { experimentId, cursor, limit }: ReadChanges): Promise<ChangePage> {
  // An alias `tx` for the text would make ORDER BY sort by the text, where '9' comes after '10'.
  const rows = await sql.query<Row>(
    `/* changes.read */
    WITH here AS MATERIALIZED (SELECT ${GENERATION} AS generation, ${HORIZON} AS horizon)
    SELECT here.generation, here.horizon::text AS "horizonText", c.tx::text AS "txText", c.id, c.kind, c.subject_id AS "subjectId"
    FROM here LEFT JOIN LATERAL (
      SELECT f.tx, f.id, f.kind, f.subject_id FROM change f
      WHERE f.experiment_id = $1 AND (f.tx, f.id) > ($2::xid8, $3::bigint) AND f.tx < here.horizon
      ORDER BY f.tx, f.id LIMIT $4) c ON true
    ORDER BY c.tx, c.id`,
    [experimentId, cursor.tx, cursor.id, limit],
  );
  const first = rows[0];
  if (first === undefined) throw new PlatformError('INTERNAL', 'the database gave no horizon');
  if (first.generation !== cursor.generation) throw expired('the database was restored or failed over');

  const found = rows.filter((row) => row.txText !== null);
  const last = found.at(-1);
  const hasMore = found.length === limit;
  // Everything below the horizon was read: standing on it keeps the cursor young while nothing happens.
  const next =
    hasMore && last !== undefined
      ? { generation: first.generation, tx: String(last.txText), id: last.id }
      : { generation: first.generation, tx: first.horizonText, id: 0 };
  return { changes: found.map(({ kind, subjectId }) => ({ kind, subjectId })), next, hasMore };
}

/** Opaque text for a position in a feed, made at `now`. The feed's name is the experiment's id, or begins with it. */
export function encodeChangeCursor(feed: string, position: FeedPosition, now: Date): string {
  const { generation, tx, id } = position;
  return Buffer.from(JSON.stringify({ v: 1, feed, generation, tx, id, at: now.getTime() })).toString('base64url');
}

/** The position in a cursor. @throws CURSOR_INVALID when it is not of this feed, CURSOR_EXPIRED when it is older than seven days of `dayMs`. */
export function decodeChangeCursor(feed: string, text: string, now: Date, dayMs: number): FeedPosition {
  const cursor = parse(text);
  const isOurs =
    cursor.v === 1 &&
    cursor.feed === feed &&
    typeof cursor.generation === 'string' &&
    isTx(cursor.tx) &&
    isWhole(cursor.id) &&
    isWhole(cursor.at);
  if (!isOurs)
    throw new PlatformError(
      'CURSOR_INVALID',
      'the cursor does not belong to this experiment or filter; start without one',
    );
  if (now.getTime() - Number(cursor.at) > CHANGE_DAYS * dayMs) throw expired(`it is older than ${CHANGE_DAYS} days`);
  return { generation: String(cursor.generation), tx: String(cursor.tx), id: Number(cursor.id) };
}

/** Forgets changes that no valid cursor can need, at most `limit`; says how many. A day lasts `dayMs`. */
export async function deleteOldChanges(sql: Sql, dayMs: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `/* changes.delete-old */
    DELETE FROM change WHERE (project_id, tx, id) IN (
      SELECT project_id, tx, id FROM change WHERE at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY at LIMIT $2)
    RETURNING 1 AS deleted`,
    [(CHANGE_DAYS + 1) * dayMs, limit],
  );
  return rows.length;
}

/**
 * Call once at start, before serving. In a cluster that this database did not live in before (dump and restore),
 * transaction ids start low and would hide the old rows from every reader: they go to the very beginning of the feed.
 */
export async function adoptCluster(tx: Sql): Promise<void> {
  const moved = await tx.query(
    `/* changes.adopt-cluster */
    INSERT INTO installation (single, system_identifier) SELECT true, system_identifier::text FROM pg_control_system()
    ON CONFLICT (single) DO UPDATE SET system_identifier = excluded.system_identifier
    WHERE installation.system_identifier <> excluded.system_identifier
    RETURNING 1 AS moved`,
  );
  if (moved.length === 0) return;
  await tx.query(`/* changes.rewind */ UPDATE change SET tx = '0' WHERE tx <> '0'`);
  await tx.query(
    `/* changes.rewind-streams */ UPDATE metric_stream SET moved_tx = '0', moved_block = -1 WHERE moved_tx <> '0'`,
  );
}

function parse(text: string): Partial<Record<'v' | 'feed' | 'generation' | 'tx' | 'id' | 'at', unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isTx(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,19}$/.test(value);
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function expired(why: string): PlatformError {
  return new PlatformError('CURSOR_EXPIRED', `the cursor cannot be continued, ${why}; load again from the start`);
}

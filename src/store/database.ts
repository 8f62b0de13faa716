/**
 * The connections to Postgres: one pool per kind of work, so that slow dashboards never starve leases or ingest.
 * All SQL of the product goes through `Sql`; it refuses to leak driver errors across the room's wall.
 */
import pg from 'pg';
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm';
import { PlatformError } from '../domain/errors.js';

const INT8_OID = 20;
pg.types.setTypeParser(INT8_OID, safeInteger);

/** Something that runs SQL: a pool (each statement its own transaction) or one open transaction. */
export interface Sql {
  /** Runs one statement; begin the text with a comment that names its method. Rows are plain objects. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** TypeORM's side, for `insert`, `update`, `upsert` and simple finds. Never `save()`, never `synchronize`. */
  readonly manager: EntityManager;
}

export interface Database {
  /** Reads of pages and charts; statements are cut off after 5 s. */
  readonly read: Sql;
  /** Several reads of one and the same moment. */
  snapshot<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
  /** One transaction for a verb (READ COMMITTED). */
  transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
  /** The ingest writer's own pool: raw pg, for statements over arrays. */
  readonly ingest: pg.Pool;
  /** Where LISTEN connections are opened. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly tables: readonly EntitySchema<never>[];
  readonly poolSizes?: { readonly read: number; readonly write: number; readonly ingest: number };
  log(line: string): void;
}

/**
 * A condition that millions of rows meet is kept as a hash table of their ids. What Postgres takes for larger than its
 * limit is read again for every row instead, which is quadratic: room for 3 million ids of 40 bytes.
 */
const HASHES = '-c work_mem=16MB -c hash_mem_multiplier=8';

/** Connects. @throws OVERLOADED when Postgres does not answer. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const sizes = options.poolSizes ?? { read: 8, write: 8, ingest: 4 };
  const onError = (error: Error) => options.log(`database: idle connection lost: ${error.message}`);
  const source = (poolSize: number, extra: object) =>
    new DataSource({
      type: 'postgres',
      url: options.url,
      entities: [...options.tables] as EntitySchema[],
      uuidExtension: 'pgcrypto',
      installExtensions: false,
      poolSize,
      poolErrorHandler: onError,
      extra: { application_name: 'trialgraph', connectionTimeoutMillis: 5_000, lock_timeout: 5_000, ...extra },
    });
  const reader = source(sizes.read, { statement_timeout: 5_000, options: HASHES });
  const writer = source(sizes.write, { idle_in_transaction_session_timeout: 30_000 });
  const ingest = new pg.Pool({
    connectionString: options.url,
    max: sizes.ingest,
    connectionTimeoutMillis: 5_000,
    application_name: 'trialgraph-ingest',
    // Statements are sent without waiting for the one before: a commit of many batches takes two round trips.
    pipeline: true,
  });
  ingest.on('error', onError);
  await translated(() => Promise.all([reader.initialize(), writer.initialize()]));

  return {
    read: sqlOf(reader.manager),
    snapshot: (work) =>
      translated(() =>
        reader.manager.transaction('REPEATABLE READ', (manager) => work(sqlOf(manager))).catch(lostWhileOpen),
      ),
    transaction: (work) => translated(() => writer.transaction((manager) => work(sqlOf(manager))).catch(lostWhileOpen)),
    ingest,
    url: options.url,
    close: async () => {
      await Promise.allSettled([reader.destroy(), writer.destroy(), ingest.end()]);
    },
  };
}

function sqlOf(manager: EntityManager): Sql {
  return {
    manager,
    query: (text, parameters = []) => translated(async () => rowsOf(await manager.query(text, [...parameters]))),
  };
}

/** TypeORM answers UPDATE and DELETE with `[rows, count]` and everything else with the rows. */
function rowsOf<Row>(answer: unknown): Row[] {
  const rows: unknown = Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer;
  return (rows ?? []) as Row[];
}

/**
 * TypeORM gives a connection that died back to its pool at once, and then says "already released" to the transaction
 * that is still open on it. Of a transaction that is over, the same words are a defect of ours.
 */
function lostWhileOpen(error: unknown): never {
  const isReleased = error instanceof Error && /^QueryRunner(Provider)?AlreadyReleasedError$/.test(error.name);
  throw isReleased ? new PlatformError('OVERLOADED', 'the database connection was lost; try again shortly') : error;
}

/** Runs `work`; errors of the connection or of a full disk leave as PlatformError, all others as they are. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

const CONNECTION_LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
]);
const TRY_AGAIN = new Set(['40001', '40P01', '55P03', '57014', '25P03']);

/** The PlatformError that a driver's error means, without its words: they name hosts. The error itself when it is a defect of ours. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '53100')
    return new PlatformError('STORAGE_FULL', 'the database has no disk space left; free some and try again');
  if (code === '22021' || code === '22P05')
    return new PlatformError('INPUT_INVALID', 'text may not contain the character NUL');
  if (code === '22P02' && /for type json/.test(error.message))
    return new PlatformError('INPUT_INVALID', 'text may not contain half of a surrogate pair');
  const lost =
    CONNECTION_LOST.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    );
  if (lost) return new PlatformError('OVERLOADED', 'the database does not answer; try again shortly');
  if (TRY_AGAIN.has(code))
    return new PlatformError('OVERLOADED', 'the database is busy with conflicting work; try again shortly');
  return error;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
}

/**
 * The connections to Postgres: one pool per kind of work, so that slow dashboards never starve leases or ingest.
 * All SQL of the product goes through `Sql`; it refuses to leak driver errors across the room's wall.
 */
import pg from 'pg';
import { DataSource, type EntityManager, type EntitySchema, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { PlatformError } from '../domain/errors.js';
import { type Admission, admission } from './admission.js';

const INT8_OID = 20;
pg.types.setTypeParser(INT8_OID, safeInteger);

/** Something that runs SQL: a pool (each statement its own transaction) or one open transaction. */
export interface Sql {
  /** Runs one statement; begin the text with a comment that names its method. Rows are plain objects. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** TypeORM's side, for `insert`, `update`, `upsert` and simple finds. Never `save()`, never `synchronize`. */
  readonly manager: EntityManager;
}

/** A pool for one kind of work: what another lane waits for, this one does not. */
export interface Lane {
  readonly read: Sql;
  /** One transaction for a verb (READ COMMITTED). */
  transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
}

/**
 * `read` serves pages and charts, statements are cut off after 5 s; `transaction` the verbs of people and scripts. At most
 * 100 wait for a connection of a lane; whoever comes then, or has waited for long, is refused with OVERLOADED.
 */
export interface Database extends Lane {
  /** Several reads of one and the same moment. */
  snapshot<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
  /** Handing out, starting, finishing and reclaiming jobs. */
  readonly lease: Lane;
  /** Heartbeats, and who a caller is: short, by primary key, and never behind anything else. */
  readonly vital: Lane;
  /** The ingest writer's own pool: raw pg, for statements over arrays. */
  readonly ingest: pg.Pool;
  /** Where LISTEN connections are opened. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly tables: readonly EntitySchema<never>[];
  readonly poolSizes?: PoolSizes;
  log(line: string): void;
}

/** Connections per kind of work. */
export interface PoolSizes {
  readonly read: number;
  readonly write: number;
  readonly ingest: number;
  readonly lease: number;
  readonly vital: number;
}

/** With one connection that listens 29, so that three servers fit into the 97 that Postgres grants by default. */
export const POOL_SIZES: PoolSizes = { read: 8, write: 8, ingest: 4, lease: 4, vital: 4 };
/** Pages are shed before leases: they wait less. */
const PAGE_WAIT_MS = 2_000;
const WAIT_MS = 5_000;
/**
 * A condition that millions of rows meet is kept as a hash table of their ids. What Postgres takes for larger than its
 * limit is read again for every row instead, which is quadratic: room for 3 million ids of 40 bytes.
 */
const HASHES = '-c work_mem=16MB -c hash_mem_multiplier=8';

/** Connects. @throws OVERLOADED when Postgres does not answer. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const sizes = options.poolSizes ?? POOL_SIZES;
  const onError = (error: Error) => options.log(`database: idle connection lost: ${error.message}`);
  const opened: DataSource[] = [];
  const source = (poolSize: number, extra: object) => {
    const made = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: [...options.tables] as EntitySchema[],
      uuidExtension: 'pgcrypto',
      installExtensions: false,
      poolSize,
      poolErrorHandler: onError,
      extra: { application_name: 'trialgraph', connectionTimeoutMillis: WAIT_MS, lock_timeout: 5_000, ...extra },
    });
    opened.push(made);
    return made;
  };
  const reader = source(sizes.read, {
    statement_timeout: 5_000,
    connectionTimeoutMillis: PAGE_WAIT_MS,
    options: HASHES,
  });
  const writer = source(sizes.write, {
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: PAGE_WAIT_MS,
  });
  const short = { idle_in_transaction_session_timeout: 10_000, statement_timeout: 10_000 };
  const lease = source(sizes.lease, short);
  const vital = source(sizes.vital, { ...short, lock_timeout: 2_000 });
  const ingest = new pg.Pool({
    connectionString: options.url,
    max: sizes.ingest,
    connectionTimeoutMillis: WAIT_MS,
    application_name: 'trialgraph-ingest',
    // Statements are sent without waiting for the one before: a commit of many batches takes two round trips.
    pipeline: true,
  });
  ingest.on('error', onError);
  await translated(() => Promise.all(opened.map((one) => one.initialize())));

  const reads = admission('reads', sizes.read);
  return {
    read: sqlOf(reader.manager, reads),
    snapshot: (work) =>
      translated(() =>
        reads(() =>
          reader.manager.transaction('REPEATABLE READ', (manager) => work(sqlOf(manager))).catch(lostWhileOpen),
        ),
      ),
    transaction: laneOf(writer, admission('changes', sizes.write)).transaction,
    lease: laneOf(lease, admission('jobs', sizes.lease)),
    vital: laneOf(vital, admission('heartbeats', sizes.vital)),
    ingest,
    url: options.url,
    close: async () => {
      await Promise.allSettled([...opened.map((one) => one.destroy()), ingest.end()]);
    },
  };
}

function laneOf(source: DataSource, admit: Admission): Lane {
  return {
    read: sqlOf(source.manager, admit),
    transaction: (work) =>
      translated(() => admit(() => source.transaction((manager) => work(preparedOf(manager))).catch(lostWhileOpen))),
  };
}

/** Statements of verbs are few and constant; names beyond this are not given, should there be others. */
const MOST_PREPARED = 500;
const prepared = new Map<string, string>();

/**
 * Runs the statements of one transaction, which stay prepared on its connection: planning each anew took half of what Postgres
 * did for a verb.
 */
function preparedOf(manager: EntityManager): Sql {
  return {
    manager,
    query: <Row>(text: string, parameters: readonly unknown[] = []) =>
      translated(async () => {
        const runner = manager.queryRunner;
        if (!runner || runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
        const client = (await runner.connect()) as pg.PoolClient;
        const name = prepared.get(text) ?? (prepared.size < MOST_PREPARED ? `verb-${prepared.size}` : undefined);
        if (name !== undefined) prepared.set(text, name);
        const reply = await client.query({ text, values: [...parameters], ...(name === undefined ? {} : { name }) });
        return reply.rows as Row[];
      }),
  };
}

/** `admit` bounds what waits for a connection; in a transaction there is one already. */
function sqlOf(manager: EntityManager, admit: Admission = (work) => work()): Sql {
  return {
    manager,
    query: (text, parameters = []) =>
      translated(() => admit(async () => rowsOf(await manager.query(text, [...parameters])))),
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

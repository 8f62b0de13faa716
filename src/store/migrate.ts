/**
 * Brings the schema of a database up or down: numbered plain SQL, one transaction each, one migrator at a time.
 * A migrator that dies leaves the last whole migration; running it again goes on from there.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { PlatformError } from '../domain/errors.js';
import { translated } from './database.js';

/** Any number that nobody else locks: "trialgraph" in a few bytes. */
const LOCK = 0x74_67_6d_31;
const FILE = /^(\d{4})-([a-z0-9-]+)\.up\.sql$/;

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

export interface MigrateOptions {
  readonly url: string;
  /** The folder with `NNNN-name.up.sql` and `.down.sql`. */
  readonly directory: string;
  /** Where to stop: the number of the last migration that shall be applied; by default the newest. */
  readonly to?: number;
  log(line: string): void;
}

/**
 * Migrates to `to` and returns the numbers of the migrations that were run. Idempotent; two at once are safe.
 * @throws STATE_CONFLICT when the database is newer than the files, or an applied file was edited since.
 */
export async function migrate(options: MigrateOptions): Promise<number[]> {
  const migrations = await readMigrations(options.directory);
  const target = options.to ?? migrations.at(-1)?.number ?? 0;
  const client = new pg.Client({ connectionString: options.url, application_name: 'trialgraph-migrate' });
  // Without a listener a connection that dies between two statements would end the process.
  client.on('error', (error) => options.log(`migrate: connection lost: ${error.message}`));
  return translated(async () => {
    await client.connect();
    try {
      await client.query('/* migrate.lock */ SELECT pg_advisory_lock($1)', [LOCK]);
      return await run(client, migrations, target, options.log);
    } finally {
      // The end of the connection gives the lock back.
      await client.end();
    }
  });
}

/** The migrations in a folder, by number. @throws INTERNAL when one lacks its way down or a number is taken twice. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => FILE.test(file)).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(directory, file)));
  const numbers = new Set(migrations.map((migration) => migration.number));
  if (numbers.size !== migrations.length)
    throw new PlatformError('INTERNAL', `two migrations in ${directory} have one number`);
  return migrations;
}

async function readMigration(directory: string, file: string): Promise<Migration> {
  const [, number, name] = FILE.exec(file) ?? [];
  const read = (direction: 'up' | 'down') =>
    readFile(path.join(directory, `${number}-${name}.${direction}.sql`), 'utf8').catch(() => {
      throw new PlatformError('INTERNAL', `migration ${number}-${name} has no readable .${direction}.sql`);
    });
  return { number: Number(number), name: String(name), up: await read('up'), down: await read('down') };
}

interface Applied {
  readonly number: number;
  readonly checksum: string;
}

async function run(
  client: pg.Client,
  migrations: readonly Migration[],
  target: number,
  log: (line: string) => void,
): Promise<number[]> {
  await client.query(
    `/* migrate.table */ CREATE TABLE IF NOT EXISTS schema_migration (
      number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const { rows: applied } = await client.query<Applied>(
    '/* migrate.applied */ SELECT number, checksum FROM schema_migration',
  );
  checkKnown(applied, migrations);

  const done = new Set(applied.map((row) => row.number));
  const ups = migrations.filter((one) => one.number <= target && !done.has(one.number));
  const downs = migrations.filter((one) => one.number > target && done.has(one.number)).reverse();
  for (const one of downs) await inTransaction(client, () => applyDown(client, one));
  for (const one of ups) await inTransaction(client, () => applyUp(client, one));
  for (const one of [...downs, ...ups])
    log(`migration ${one.number}-${one.name}: ${one.number > target ? 'undone' : 'applied'}`);
  return [...downs, ...ups].map((one) => one.number);
}

function checkKnown(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const byNumber = new Map(migrations.map((one) => [one.number, one]));
  for (const { number, checksum } of applied) {
    const file = byNumber.get(number);
    if (file === undefined) {
      throw new PlatformError(
        'STATE_CONFLICT',
        `the database has migration ${number}, which this release does not know; run a newer release`,
      );
    }
    if (checksumOf(file) !== checksum) {
      throw new PlatformError(
        'STATE_CONFLICT',
        `migration ${number}-${file.name} was edited after it was applied; restore the file`,
      );
    }
  }
}

async function applyUp(client: pg.Client, migration: Migration): Promise<void> {
  await client.query(migration.up);
  await client.query('/* migrate.record */ INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)', [
    migration.number,
    migration.name,
    checksumOf(migration),
  ]);
}

async function applyDown(client: pg.Client, migration: Migration): Promise<void> {
  await client.query(migration.down);
  await client.query('/* migrate.forget */ DELETE FROM schema_migration WHERE number = $1', [migration.number]);
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    // Waiting for a busy table forever would make every later query wait behind us.
    await client.query(`SET LOCAL lock_timeout = '10s'`);
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.up).digest('hex');
}

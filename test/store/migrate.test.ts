import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readMigrations } from '../../src/store/migrate.js';
import { codeOf } from '../support/builders.js';
import { createEmptyDatabase, MIGRATIONS, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'trialgraph-migrations-'));
});

afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

async function run(options: { readonly directory: string; readonly to?: number }): Promise<number[]> {
  return migrate({ url: database.url, log: () => undefined, ...options });
}

async function query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  return rows;
}

/** Everything that makes a schema: columns, constraints, indexes. */
async function schema(): Promise<unknown[]> {
  return [
    await query(`SELECT table_name, column_name, data_type, is_nullable, column_default, identity_generation
      FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`),
    await query(`SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS def FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`),
    await query(`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`),
  ];
}

async function writeMigration(number: number, name: string, up: string, down: string): Promise<void> {
  const base = path.join(directory, `${String(number).padStart(4, '0')}-${name}`);
  await writeFile(`${base}.up.sql`, up);
  await writeFile(`${base}.down.sql`, down);
}

describe("the product's migrations", () => {
  it('give the same schema after up, down and up', async () => {
    await run({ directory: MIGRATIONS });
    const first = await schema();

    await run({ directory: MIGRATIONS, to: 0 });
    const left = await query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    await run({ directory: MIGRATIONS });

    expect(left.map((row) => row.table_name)).toEqual(['schema_migration']);
    expect(await schema()).toEqual(first);
  });

  it('do nothing when they are all applied', async () => {
    const first = await run({ directory: MIGRATIONS });

    expect(first.length).toBeGreaterThan(0);
    expect(await run({ directory: MIGRATIONS })).toEqual([]);
  });

  it('are run once when five servers start at the same moment', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => run({ directory: MIGRATIONS })));

    expect(runs.filter((numbers) => numbers.length > 0)).toHaveLength(1);
  });

  it('are all reversible, and numbered without gaps', async () => {
    const migrations = await readMigrations(MIGRATIONS);

    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
    for (const { up, down } of migrations) expect(up.length * down.length).toBeGreaterThan(0);
  });
});

describe('migrate', () => {
  it('leaves the migrations before a broken one, nothing of the broken one, and goes on once it is repaired', async () => {
    await writeMigration(1, 'first', 'CREATE TABLE first (n int)', 'DROP TABLE first');
    await writeMigration(2, 'broken', 'CREATE TABLE second (n int); SELECT 1/0', 'DROP TABLE second');

    await expect(run({ directory })).rejects.toThrow('division by zero');
    expect(await query(`SELECT number FROM schema_migration`)).toEqual([{ number: 1 }]);
    expect(await query(`SELECT to_regclass('second') AS second`)).toEqual([{ second: null }]);

    await writeMigration(2, 'broken', 'CREATE TABLE second (n int)', 'DROP TABLE second');
    expect(await run({ directory })).toEqual([2]);
  });

  it('goes down in reverse order to the number that is asked for', async () => {
    await writeMigration(1, 'first', 'CREATE TABLE first (n int PRIMARY KEY)', 'DROP TABLE first');
    await writeMigration(2, 'second', 'CREATE TABLE second (n int REFERENCES first)', 'DROP TABLE second');
    await writeMigration(3, 'third', 'CREATE VIEW third AS SELECT * FROM second', 'DROP VIEW third');
    await run({ directory });

    expect(await run({ directory, to: 1 })).toEqual([3, 2]);
    expect(await query(`SELECT number FROM schema_migration`)).toEqual([{ number: 1 }]);
    expect(await run({ directory, to: 2 })).toEqual([2]);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await writeMigration(1, 'first', 'CREATE TABLE first (n int)', 'DROP TABLE first');
    await run({ directory });
    await writeMigration(1, 'first', 'CREATE TABLE first (n bigint)', 'DROP TABLE first');

    expect(await codeOf(run({ directory }))).toBe('STATE_CONFLICT');
  });

  it('refuses a database that is newer than this release', async () => {
    await writeMigration(1, 'first', 'CREATE TABLE first (n int)', 'DROP TABLE first');
    await writeMigration(2, 'second', 'CREATE TABLE second (n int)', 'DROP TABLE second');
    await run({ directory });
    await rm(path.join(directory, '0002-second.up.sql'));

    expect(await codeOf(run({ directory }))).toBe('STATE_CONFLICT');
  });

  it('refuses a folder where one has no way down, or two have one number', async () => {
    await writeMigration(1, 'first', 'SELECT 1', 'SELECT 1');
    await writeMigration(1, 'other', 'SELECT 1', 'SELECT 1');
    expect(await codeOf(run({ directory }))).toBe('INTERNAL');

    await rm(path.join(directory, '0001-other.up.sql'));
    await rm(path.join(directory, '0001-first.down.sql'));
    expect(await codeOf(run({ directory }))).toBe('INTERNAL');
  });

  it('does not take other files for migrations', async () => {
    for (const file of await readdir(MIGRATIONS))
      await copyFile(path.join(MIGRATIONS, file), path.join(directory, file));
    await writeFile(path.join(directory, 'README.md'), 'not SQL');
    await writeFile(path.join(directory, '9-short.up.sql'), 'not SQL');

    expect((await run({ directory })).length).toBe((await readMigrations(MIGRATIONS)).length);
  });
});

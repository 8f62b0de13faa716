import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, translateDatabaseError } from '../../src/store/database.js';
import { codeOf } from '../support/builders.js';
import { cloneTemplate, type TestDatabase } from '../support/database.js';

let template: TestDatabase;
let database: Database;

beforeAll(async () => {
  template = await cloneTemplate();
  database = await openDatabase({ url: template.url, tables: [], log: () => undefined });
  await database.transaction((tx) => tx.query('CREATE TABLE thing (id int PRIMARY KEY, n float8, body jsonb)'));
});

afterAll(async () => {
  await database.close();
  await template.drop();
});

describe('query', () => {
  it('gives rows whatever the statement is', async () => {
    const rows = await database.transaction(async (tx) => [
      await tx.query('INSERT INTO thing (id, n) VALUES (1, 1) RETURNING id'),
      await tx.query('UPDATE thing SET n = 2 RETURNING n'),
      await tx.query('WITH gone AS (SELECT 1) DELETE FROM thing RETURNING id'),
      await tx.query('UPDATE thing SET n = 3 RETURNING n'),
      await tx.query('SELECT 1 AS one'),
      await tx.query('UPDATE thing SET n = 4'),
    ]);

    expect(rows).toEqual([[{ id: 1 }], [{ n: 2 }], [{ id: 1 }], [], [{ one: 1 }], []]);
  });

  it('gives bigint as a number, and refuses those beyond 2^53', async () => {
    expect(await database.read.query('SELECT 9007199254740991::bigint AS n')).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
    await expect(database.read.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow('beyond 2^53');
  });

  it('brings NaN and the infinities back as they were', async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE];

    const [row] = await database.read.query<{ values: number[] }>('SELECT $1::float8[] AS values', [values]);

    expect(row?.values).toEqual(values);
  });
});

describe('read', () => {
  it('keeps three million ids as a hash table, not as a list to go through for each row', async () => {
    const plan = await database.read.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT 1 FROM thing WHERE (md5(id::text)::uuid = ANY (SELECT md5(g::text)::uuid FROM generate_series(1, 3000000) g)) IS TRUE`,
    );

    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('hashed SubPlan');
  });
});

describe('transaction', () => {
  it('undoes everything when its work fails', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query('INSERT INTO thing (id) VALUES (7)');
      throw new Error('no');
    });

    await expect(work).rejects.toThrow('no');
    expect(await database.read.query('SELECT 1 FROM thing WHERE id = 7')).toEqual([]);
  });
});

describe('errors of the database', () => {
  it('say that a connection was lost, and the next statement works', async () => {
    const severed = database.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.read.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await tx.query('SELECT 1');
    });

    expect(await codeOf(severed)).toBe('OVERLOADED');
    expect(await database.transaction((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('say so too when the loss is noticed before the next statement', async () => {
    const severed = database.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.read.query('SELECT pg_terminate_backend($1, 5000)', [row?.pid]);
      // By this read's answer the end of the other connection has been heard of.
      for (let i = 0; i < 20; i++) await database.read.query('SELECT 1');
      await tx.query('SELECT 1');
    });

    expect(await codeOf(severed)).toBe('OVERLOADED');
  });

  it('do not call the use of a transaction that is over a lost connection', async () => {
    const leaked = await database.transaction(async (tx) => tx);

    await expect(leaked.query('SELECT 1')).rejects.toThrow('already released');
  });

  it('say that nobody answers', async () => {
    const nowhere = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing', tables: [], log: () => undefined });

    expect(await codeOf(nowhere)).toBe('OVERLOADED');
  });

  it('say that text may not contain NUL', async () => {
    expect(await codeOf(database.read.query('SELECT $1::text', ['a\0b']))).toBe('INPUT_INVALID');
    expect(await codeOf(database.read.query('SELECT $1::jsonb', [JSON.stringify({ a: '\0' })]))).toBe('INPUT_INVALID');
  });

  it('say that text may not contain half a character, and leave other malformed values to us', async () => {
    const half = JSON.stringify({ a: '\ud800' });
    expect(await codeOf(database.read.query('SELECT $1::jsonb', [half]))).toBe('INPUT_INVALID');
    await expect(database.read.query('SELECT $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
  });

  it.each([
    ['53100', 'STORAGE_FULL'],
    ['40P01', 'OVERLOADED'],
    ['57014', 'OVERLOADED'],
    ['55P03', 'OVERLOADED'],
  ])('translate %s to %s', (sqlState, code) => {
    expect(translateDatabaseError(Object.assign(new Error('from postgres'), { code: sqlState }))).toMatchObject({
      code,
    });
  });

  it('leave defects of ours as they are', async () => {
    await expect(database.read.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
  });
});

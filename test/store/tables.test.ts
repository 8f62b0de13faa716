import { DataSource, type EntitySchema } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '../../src/store/tables/index.js';
import { cloneTemplate, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await cloneTemplate();
  source = new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [...tables] as EntitySchema[],
    installExtensions: false,
  });
  await source.initialize();
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

const LONG_NAMES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

describe('the table descriptions', () => {
  it.each(tables.map((table) => (table as unknown as EntitySchema).options.name))(
    'describe %s as the migrations made it',
    async (name) => {
      const described = source
        .getMetadata(name)
        .columns.map(
          (column): Column => ({
            name: column.databaseName,
            type: column.isArray ? 'ARRAY' : (LONG_NAMES[String(column.type)] ?? String(column.type)),
            isNullable: column.isNullable,
          }),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1));

      const actual: Column[] = await source.query(
        `SELECT column_name AS name, data_type AS type, is_nullable = 'YES' AS "isNullable"
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name COLLATE "C"`,
        [name],
      );

      expect(described).toEqual(actual);
    },
  );

  it('keep the HMACs of secrets out of ordinary reads', () => {
    for (const name of ['api_key', 'session']) {
      const column = source.getMetadata(name).columns.find((one) => one.databaseName === 'secret_hmac');
      expect(column?.isSelect).toBe(false);
    }
  });
});

/** Databases of the run's own cluster: one template, migrated once, and a clone of it for whoever asks. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.js';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../migrations');

const TEMPLATE = 'trialgraph_template';
const TEMPLATE_LOCK = 7_717_171;

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of its own with the newest schema. */
export async function cloneTemplate(): Promise<TestDatabase> {
  await asAdministrator(ensureTemplate);
  return createDatabase(`TEMPLATE ${TEMPLATE}`);
}

/** A database of its own with nothing in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

async function createDatabase(how: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdministrator((client) => client.query(`CREATE DATABASE ${name} ${how}`));
  return {
    url: urlOf(name),
    drop: async () => {
      await asAdministrator((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** Test files run in several processes: the first one makes the template, the others wait for it. */
async function ensureTemplate(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [TEMPLATE]);
  if (rowCount === 0) {
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate({ url: urlOf(TEMPLATE), directory: MIGRATIONS, log: () => undefined });
    await client.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
  }
  await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
}

async function asAdministrator(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const base = process.env.TRIALGRAPH_TEST_DATABASE_URL;
  if (base === undefined)
    throw new Error('TRIALGRAPH_TEST_DATABASE_URL is not set: test/support/global-setup.ts did not run');
  const url = new URL(base);
  url.pathname = `/${database}`;
  return url.href;
}

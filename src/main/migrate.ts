/** Brings the database of DATABASE_URL to the schema of this release, without starting a server: `node dist/src/main/migrate.js`. */
import path from 'node:path';
import { migrate } from '../store/migrate.js';
import { ConfigError, readConfig } from './config.js';
import { packageRoot } from './package-root.js';

const { databaseUrl } = readConfig(process.env);
if (databaseUrl === null)
  throw new ConfigError('set DATABASE_URL; the embedded Postgres is migrated when the server starts');
const done = await migrate({
  url: databaseUrl,
  directory: path.join(packageRoot(), 'migrations'),
  log: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(done.length === 0 ? 'the schema is the newest already\n' : `${done.length} migrations applied\n`);

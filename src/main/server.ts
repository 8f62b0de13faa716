/** A whole server: database, migrations, wiring, API, maintenance; and its end, in the reverse order. */
import 'reflect-metadata';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createApiServer } from '../api/server.js';
import { createLoginCode } from '../service/access/login.js';
import { ensureFirstRun } from '../service/setup/first-run.js';
import { startEmbeddedPostgres } from '../store/embedded.js';
import { migrate } from '../store/migrate.js';
import { type Config, ConfigError, DAY_SECONDS } from './config.js';
import { lockDataDirectory } from './data-directory.js';
import { writeLocalKeys } from './local-keys.js';
import { maintain } from './maintenance.js';
import { openDeps, probeDatabase } from './open-deps.js';
import { packageRoot, packageVersion } from './package-root.js';

export interface RunningServer {
  readonly url: string;
  /** An address that opens the dashboard signed in as the administrator: works once, for 15 minutes. */
  loginUrl(): Promise<string>;
  close(): Promise<void>;
}

/** @throws ConfigError when the port or the data folder is taken, before anything is started. */
export async function startServer(config: Config, log: (line: string) => void = logLine): Promise<RunningServer> {
  const cleanups: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
    cleanups.push((await lockDataDirectory(config.dataDirectory, url)).release);
    await checkPort(config);
    if (config.daySeconds < DAY_SECONDS)
      log(`TRIALGRAPH_TEST_DAY_SECONDS is for tests: what is kept for a day is gone after ${config.daySeconds} s`);
    const databaseUrl = config.databaseUrl ?? (await startDatabase(config, cleanups, log));
    await migrate({ url: databaseUrl, directory: join(packageRoot(), 'migrations'), log });
    const { deps, close: closeDeps } = await openDeps(config, databaseUrl, log);
    cleanups.push(closeDeps);
    const { admin, pool } = await ensureFirstRun(deps, { leaseSeconds: config.leaseSeconds });

    const maintenanceEnd = new AbortController();
    const maintained = maintain(deps, config, maintenanceEnd.signal);
    cleanups.push(async () => {
      maintenanceEnd.abort();
      await maintained;
    });
    const web = join(packageRoot(), 'dist/web');
    const { host, port, allowedHosts } = config;
    const api = await createApiServer({
      deps,
      host,
      port,
      allowedHosts,
      webDirectory: existsSync(web) ? web : null,
      version: packageVersion(),
      introspection: !config.isProduction,
      probe: () => probeDatabase(deps),
      log,
    });
    cleanups.push(() => api.close());
    await writeLocalKeys(deps, { directory: config.dataDirectory, url: api.url, adminId: admin.id, pool });
    api.ready(true);
    return {
      url: api.url,
      loginUrl: async () => `${api.url}/login?code=${(await createLoginCode(deps, admin.id)).code}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDatabase(
  config: Config,
  cleanups: (() => Promise<void>)[],
  log: (line: string) => void,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ directory: join(config.dataDirectory, 'postgres'), log });
  cleanups.push(() => postgres.stop());
  return postgres.url;
}

/** A taken port is told before Postgres is started, not after. */
async function checkPort({ host, port }: Config): Promise<void> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError(
      code === 'EADDRINUSE'
        ? `port ${port} is taken by another program; free it, or choose another with TRIALGRAPH_PORT`
        : `cannot listen on ${host}:${port} (${code}); choose other values of TRIALGRAPH_HOST and TRIALGRAPH_PORT`,
    );
  }
  probe.close();
  await once(probe, 'close');
}

function logLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Several API servers on one Postgres behind one address, all kept up: whatever a test kills is started again. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Client } from '../../sdk/typescript/node-client.js';
import { startEmbeddedPostgres } from '../../src/store/embedded.js';
import { Balancer } from './balancer.js';
import { freePort } from './free-port.js';
import { matchOutput, type Proc, startCli } from './platform.js';

export interface Fleet {
  /** Of the balancer. */
  readonly url: string;
  readonly apiKey: string;
  readonly balancer: Balancer;
  readonly directory: string;
  readonly databaseUrl: string;
  client(): Client;
  /** Process ids of the servers that run now. */
  pids(): number[];
  /** `kill -9` of a server; false while that one is down already. */
  killServer(index: number): boolean;
  /** `kill -9` of the postmaster, or of one of its backends, which makes it crash and recover by itself. */
  crashPostgres(victim: 'postmaster' | 'backend'): Promise<boolean>;
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly servers: number;
  readonly random: () => number;
  /** A Postgres of the test's own, which it crashes and stops itself. */
  readonly databaseUrl?: string;
  /** Settings of the servers. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Resolves once every server answers. */
export async function startFleet({ servers, random, ...options }: FleetOptions): Promise<Fleet> {
  const directory = await mkdtemp(join(tmpdir(), 'trialgraph-fleet-'));
  await chmod(directory, 0o755); // Postgres runs as another user when we are root
  const postgres =
    options.databaseUrl === undefined
      ? await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
      : { url: options.databaseUrl, pid: Number.NaN, stop: async () => undefined };
  const ports = await Promise.all(Array.from({ length: servers }, freePort));
  const balancer = new Balancer(ports, random);
  const url = await balancer.start();
  const environment = {
    ...options.environment,
    DATABASE_URL: postgres.url,
    TRIALGRAPH_PEPPER: randomBytes(32).toString('hex'),
    TRIALGRAPH_ALLOWED_HOSTS: new URL(url).host,
  };
  const kept: KeptServer[] = [];
  for (const [i, port] of ports.entries()) {
    const data = join(directory, `server-${i}`);
    await mkdir(data);
    const own = { TRIALGRAPH_DATA_DIR: data, TRIALGRAPH_PORT: String(port) };
    const server = new KeptServer({ ...environment, ...own });
    kept.push(server);
    await server.answers(); // one after the other: the first one migrates
  }
  const { apiKey } = JSON.parse(await readFile(join(directory, 'server-0', 'client.json'), 'utf8')) as {
    apiKey: string;
  };
  return {
    url,
    apiKey,
    balancer,
    directory,
    databaseUrl: postgres.url,
    client: () => new Client({ url, apiKey }),
    pids: () => kept.flatMap(({ pid }) => pid ?? []),
    killServer: (index) => kept[index]?.kill() ?? false,
    crashPostgres: (victim) => crash(postgres, victim),
    close: async () => {
      await balancer.stop();
      await Promise.all(kept.map((server) => server.close()));
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A server process that is started again whenever it ends. */
class KeptServer {
  readonly #environment: Record<string, string>;
  #isClosing = false;
  #current: Proc;
  readonly #kept: Promise<void>;

  constructor(environment: Record<string, string>) {
    this.#environment = environment;
    this.#current = startCli(['server'], environment);
    this.#kept = this.#keep();
  }

  get pid(): number | undefined {
    const { exitCode, signalCode, pid } = this.#current.child;
    return exitCode === null && signalCode === null ? pid : undefined;
  }

  async answers(): Promise<void> {
    await matchOutput(this.#current, /signed in \(works once\): (\S+)/);
  }

  kill(): boolean {
    return this.pid !== undefined && this.#current.child.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#current.child.kill('SIGTERM');
    await this.#kept;
  }

  async #keep(): Promise<void> {
    for (;;) {
      await this.#current.ended;
      if (this.#isClosing) return;
      await new Promise((done) => setTimeout(done, 100)); // no Postgres, no server: it ends and is tried again
      if (this.#isClosing) return;
      this.#current = startCli(['server'], this.#environment);
    }
  }
}

async function crash(postgres: { readonly pid: number; readonly url: string }, victim: 'postmaster' | 'backend') {
  if (victim === 'postmaster') return process.kill(postgres.pid, 'SIGKILL');
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined); // it dies of what it asks for
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'trialgraph-ingest' ORDER BY random() LIMIT 1",
    );
    return rows[0] !== undefined && process.kill(rows[0].pid, 'SIGKILL');
  } catch {
    return false; // it is down, or recovers from the last one
  } finally {
    await client.end().catch(() => undefined);
  }
}

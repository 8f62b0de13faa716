/** A server process of dist/ on a Postgres and a folder of its own, both gone when the benchmark ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../src/store/embedded.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ENTRY = path.join(ROOT, 'dist/src/cli/trialgraph.js');
const START_LIMIT_MS = 90_000;

export interface BenchServer {
  readonly url: string;
  /** Of an administrator. */
  readonly apiKey: string;
  /** The cluster that the server stores in; its settings are those of the product: fsync is on. */
  readonly databaseUrl: string;
  /** Of the API's process. */
  readonly pid: number;
  /** Of the cluster's first process: all others of Postgres descend from it. */
  readonly postgresPid: number;
  /** Where it keeps all but its database. */
  readonly dataDirectory: string;
  /** The API's process; it hears messages only if what `nodeOptions` loads listens. */
  readonly child: ChildProcess;
  close(): Promise<void>;
}

export interface BenchServerOptions {
  /** Settings of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings of its Postgres beside those of the product. */
  readonly postgres?: Readonly<Record<string, string>>;
  /** Options of Node before the program's name. */
  readonly nodeOptions?: readonly string[];
  /** Takes what the server says on stderr, instead of ours. */
  readonly onStderr?: (text: string) => void;
}

export interface Spawned extends BenchServerOptions {
  /** Where it runs, and keeps its data in data/. */
  readonly directory: string;
  readonly databaseUrl: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A process of dist/, started as users start it and not yet listening. */
export function spawnServer({ directory, databaseUrl, port, ...options }: Spawned): ChildProcess {
  if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing: run npm run build`);
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), ENTRY, 'server'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TRIALGRAPH_DATA_DIR: dataOf(directory),
      TRIALGRAPH_PORT: String(port),
      DATABASE_URL: databaseUrl,
      ...options.environment,
    },
    cwd: directory,
    stdio: ['ignore', 'ignore', options.onStderr === undefined ? 'inherit' : 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => options.onStderr?.(text));
  return child;
}

/** What the server in `directory` tells programs of its machine. */
export function clientOf(directory: string): { readonly url: string; readonly apiKey: string } {
  return JSON.parse(readFileSync(path.join(dataOf(directory), 'client.json'), 'utf8'));
}

function dataOf(directory: string): string {
  return path.join(directory, 'data');
}

export async function startBenchServer(options: BenchServerOptions = {}): Promise<BenchServer> {
  const directory = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, 'postgres'),
    log: () => undefined,
    settings: options.postgres ?? {},
  });
  const child = spawnServer({ directory, databaseUrl: postgres.url, port: 0, ...options });
  const close = async () => {
    await stopped(child);
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(child);
    return {
      ...clientOf(directory),
      databaseUrl: postgres.url,
      pid: child.pid ?? 0,
      postgresPid: postgres.pid,
      dataDirectory: dataOf(directory),
      child,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The data of a GraphQL answer. Errors end the benchmark. */
export async function ask<Data>(
  server: BenchServer,
  query: string,
  variables: object,
  token = server.apiKey,
): Promise<Data> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
  return data;
}

export interface BenchTrial {
  readonly id: string;
  readonly attempt: number;
  readonly token: string;
}

/** Running trials of a script, as an SDK starts them. */
export async function startTrials(
  server: BenchServer,
  experiment: string,
  count: number,
): Promise<{ experimentId: string; trials: BenchTrial[] }> {
  interface Started {
    readonly startTrial: {
      readonly trial: { readonly id: string; readonly experimentId: string };
      readonly attempt: number;
      readonly token: string;
    };
  }
  const query =
    'mutation ($input: StartTrialInput!) { startTrial(input: $input) { trial { id experimentId } attempt token } }';
  const trials: BenchTrial[] = [];
  let experimentId = '';
  for (let i = 0; i < count; i++) {
    const { startTrial } = await ask<Started>(server, query, {
      input: { project: 'bench', experiment, params: {} },
    });
    experimentId = startTrial.trial.experimentId;
    trials.push({ id: startTrial.trial.id, attempt: startTrial.attempt, token: startTrial.token });
  }
  return { experimentId, trials };
}

/** Ends them well: a server may then compact all their points at once. */
export async function finishTrials(server: BenchServer, trials: readonly BenchTrial[]): Promise<void> {
  const query = 'mutation ($input: FinishTrialInput!) { finishTrial(input: $input) { id } }';
  for (const { id, attempt, token } of trials)
    await ask(server, query, { input: { trialId: id, attempt, state: 'COMPLETED' } }, token);
}

/** Resolves at the message with which the server says that it is ready. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('the server did not start in time')), START_LIMIT_MS);
    child.once('message', () => {
      clearTimeout(limit);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`the server ended with code ${code}`));
    });
  });
}

/** Ends the process in order. */
export function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

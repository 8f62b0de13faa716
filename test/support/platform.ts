/** Real processes of the built product: servers and runners that tests start, kill and start again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../../sdk/typescript/node-client.js';
import { freePort } from './free-port.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = join(ROOT, 'dist/src/cli/trialgraph.js');

export interface Platform {
  readonly dataDirectory: string;
  readonly port: number;
  readonly url: string;
  /** Starts a server; resolves with its one-time login address once it answers. */
  startServer(environment?: Record<string, string>): Promise<{ process: Proc; loginUrl: string }>;
  startRunner(name: string, environment?: Record<string, string>): Proc;
  /** A client with the admin's key. The server must have been started once. */
  client(): Promise<Client>;
  /** Ends every process, and Postgres, and removes the data. */
  close(): Promise<void>;
}

export interface Proc {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A new platform in a folder of its own; nothing runs yet. */
export async function createPlatform(): Promise<Platform> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'trialgraph-test-'));
  await chmod(dataDirectory, 0o755); // Postgres runs as another user when we are root
  const port = await freePort();
  const processes: Proc[] = [];
  const environment = {
    TRIALGRAPH_DATA_DIR: dataDirectory,
    TRIALGRAPH_PORT: String(port),
    TRIALGRAPH_SPOOL_DIR: join(dataDirectory, 'spool'),
  };
  const start = (args: readonly string[], extra: Record<string, string> = {}) => {
    const started = startCli(args, { ...environment, ...extra });
    processes.push(started);
    return started;
  };
  const startServer = async (extra: Record<string, string> = {}) => {
    const process = start(['server'], extra);
    const loginUrl = await matchOutput(process, /signed in \(works once\): (\S+)/);
    return { process, loginUrl };
  };
  return {
    dataDirectory,
    port,
    url: `http://127.0.0.1:${port}`,
    startServer,
    startRunner: (name, extra) =>
      start(['runner', 'start', '--name', name], { TRIALGRAPH_URL: `http://127.0.0.1:${port}`, ...extra }),
    client: async () => new Client(JSON.parse(await readFile(join(dataDirectory, 'client.json'), 'utf8'))),
    close: async () => {
      for (const process of processes.filter((one) => one.child.exitCode === null && one.child.signalCode === null))
        await process.kill('SIGTERM');
      await stopDatabase(dataDirectory);
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Runs our command line as a process of its own. */
export function startCli(args: readonly string[], environment: Record<string, string>): Proc {
  const { TRIALGRAPH_API_KEY: _, TRIALGRAPH_URL: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('output');
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    ended,
    output: () => output,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

/** The first group of `pattern` in a process's output, as soon as it is there. */
export async function matchOutput(process: Proc, pattern: RegExp, ms = 60_000): Promise<string> {
  const deadline = Date.now() + ms;
  for (;;) {
    const match = pattern.exec(process.output());
    if (match) return match[1] ?? match[0];
    const isOver = process.child.exitCode !== null || process.child.signalCode !== null;
    if (isOver || Date.now() > deadline) throw new Error(`${pattern} did not appear in:\n${process.output()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Pids of live processes whose environment names `text`: what a closed platform must not leave. */
export async function processesOf(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (environment.includes(text)) found.push(Number(entry));
  }
  return found;
}

/** A server that was killed leaves its Postgres running, for the next start to attach to. */
async function stopDatabase(dataDirectory: string): Promise<void> {
  const pids = await processesOf(dataDirectory);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
  const { stopLeftPostgres } = await import('./left-postgres.js');
  await stopLeftPostgres(dataDirectory);
}

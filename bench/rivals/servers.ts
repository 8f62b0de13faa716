/** Starts MLflow's server as its users do, and the clusters of comparisons. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded.js';
import { freePort } from '../../test/support/free-port.js';
import { firstAnswer } from '../support/first-answer.js';
import { type Python, QUIET } from './python.js';

const STOP_LIMIT_MS = 10_000;
/**
 * A worker of MLflow holds more than one connection for a batch. With its own pool of 5 and 10 more it refuses batches
 * of 32 clients after 30 s of waiting, and with a larger one it needs more than the 100 connections that our settings
 * allow: its cluster allows more, which is all that differs.
 */
const POOL = { MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '32', MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '32' };
const CONNECTIONS = '300';

export interface MlflowServer {
  readonly url: string;
  readonly databaseUrl: string;
  readonly pid: number;
  readonly postgresPid: number;
  close(): Promise<void>;
}

/** The server with its default workers, on a cluster of its own like that of `startBenchServer`. */
export async function startMlflow(python: Python): Promise<MlflowServer> {
  const { directory, postgres, close } = await startCluster();
  try {
    const port = await freePort();
    const child = spawnMlflow(python, postgres.url, port, directory);
    const url = `http://127.0.0.1:${port}`;
    const stopAll = async () => {
      await stop(child);
      await close();
    };
    try {
      await firstAnswer({ child, url }, performance.now(), async () => {
        const response = await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`);
        await response.arrayBuffer();
        return response.ok;
      });
    } catch (error) {
      await stop(child);
      throw error;
    }
    return { url, databaseUrl: postgres.url, pid: child.pid ?? 0, postgresPid: postgres.pid, close: stopAll };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface Cluster {
  readonly directory: string;
  readonly postgres: EmbeddedPostgres;
  close(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const directory = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, 'postgres'),
    log: () => undefined,
    settings: { max_connections: CONNECTIONS },
  });
  const close = async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, postgres, close };
}

export function spawnMlflow(python: Python, databaseUrl: string, port: number, cwd: string): ChildProcess {
  const store = databaseUrl.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const args = ['-m', 'mlflow', 'server', '--backend-store-uri', store, '--host', '127.0.0.1', '--port', String(port)];
  // A group of its own, so that its workers go with it; what it prints for each request would fill the terminal.
  const child = spawn(python.file, args, {
    cwd,
    env: { ...process.env, ...QUIET, ...POOL },
    stdio: 'ignore',
    detached: true,
  });
  process.once('exit', () => signalGroup(child, 'SIGKILL'));
  return child;
}

/** The process and its group are gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    signalGroup(child, 'SIGTERM');
    const limit = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  }
  signalGroup(child, 'SIGKILL'); // workers that outlive their parent
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // none of the group is left
  }
}

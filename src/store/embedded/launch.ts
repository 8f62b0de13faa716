/** Starts the server's process: on a port, with our settings, its output in a file that outlives us. */

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';

import type { Binaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { handOver } from './place.js';
import { spawnAs } from './spawn-as.js';

export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Fulfilled when the process has ended. */
  readonly ended: Promise<void>;
  /** What the server has said since it was launched. */
  said(): string;
}

const LOG_BYTES = 16 * 1024 * 1024;

/** The last ones keep failed statements out of the server's log: the application reports them. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '1GB',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

/** @throws Error when the program cannot be run at all. */
export async function launchServer(
  cluster: Cluster,
  binaries: Binaries,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Launched> {
  const log = path.join(cluster.home, 'server.log');
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) truncateSync(log);
  const from = statSync(log, { throwIfNoEntry: false })?.size ?? 0;

  const all = { ...SETTINGS, ...settings, port: String(port) };
  const args = ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = openSync(log, 'a', 0o600);
  handOver(log, cluster.account);
  // Its own process group: Ctrl+C reaches us, and we stop it in order.
  const options: Parameters<typeof spawnAs>[3] = {
    cwd: cluster.home,
    detached: true,
    stdio: ['ignore', output, output],
  };
  const child = await spawnAs(cluster.account, binaries.postgres, args, options).finally(() => closeSync(output));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  if (child.pid === undefined) throw new Error('the database server has no process id');
  return { child, pid: child.pid, ended, said: () => readFileSync(log).subarray(from).toString('utf8').trim() };
}

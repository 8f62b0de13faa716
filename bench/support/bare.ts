/** `bare-server.mjs` as a process: the least that a server like ours costs. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, 'bare-server.mjs');

export const BARE = 'bare node with graphql, pg and ws';

export interface BareServer {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Started, not yet listening. */
export function spawnBare(port: number, databaseUrl: string): BareServer {
  const child = spawn(process.execPath, [FILE, String(port), databaseUrl], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

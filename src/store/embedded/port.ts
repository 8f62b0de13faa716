/** The server's port: the last one again where it is free, so that a process that still knows it finds the server. */

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

import type { Cluster } from './cluster.js';
import { handOver } from './place.js';

/** A port on 127.0.0.1 that was free a moment ago; remembered in the home for the next time. */
export async function choosePort(cluster: Cluster): Promise<number> {
  const file = path.join(cluster.home, 'port');
  const port = (await bind(lastPort(file))) ?? (await bind(0));
  if (port === undefined) throw new Error('there is no free port on 127.0.0.1 for the database server');
  writeFileSync(file, `${port}\n`);
  handOver(file, cluster.account);
  return port;
}

function lastPort(file: string): number {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}

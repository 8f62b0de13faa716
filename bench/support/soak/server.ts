/** A server whose hours and days are short, and a proxy in front of it that loses connections. */
import path from 'node:path';
import { FaultProxy } from '../../../test/sdk/fault-proxy.js';
import { freePort } from '../../../test/support/free-port.js';
import { type BenchServer, startBenchServer } from '../server.js';
import type { Timing } from './timing.js';

/** Short, so that leases lapse within the life of a trial. */
const LEASE_SECONDS = 4;
/** What Postgres does every minute and every five, as often as the run is short. */
const POSTGRES = { autovacuum_naptime: '2s', checkpoint_timeout: '30s' };

export interface SoakServer {
  readonly server: BenchServer;
  readonly proxy: FaultProxy;
}

/** `onError` takes each line of the server's log that tells of something that failed. */
export async function startSoakServer(timing: Timing, onError: (line: string) => void): Promise<SoakServer> {
  const port = await freePort();
  const proxy = new FaultProxy(port);
  await proxy.start();
  const server = await startBenchServer({
    environment: {
      TRIALGRAPH_PORT: String(port),
      TRIALGRAPH_ALLOWED_HOSTS: new URL(proxy.url).host,
      TRIALGRAPH_TAIL_WINDOW_SECONDS: String(timing.tailWindowSeconds),
      TRIALGRAPH_TEST_DAY_SECONDS: String(timing.daySeconds),
      TRIALGRAPH_LEASE_SECONDS: String(LEASE_SECONDS),
    },
    postgres: POSTGRES,
    nodeOptions: ['--expose-gc', '--import', path.join(import.meta.dirname, 'probe.mjs')],
    onStderr: (text) => {
      for (const line of text.split('\n')) if (/fail|error|not reclaimed|not swept/i.test(line)) onError(line);
    },
  });
  return { server, proxy };
}

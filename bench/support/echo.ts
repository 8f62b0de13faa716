/** The limit of every live path: a message as large as a report, sent over a bare WebSocket and back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import WebSocket from 'ws';
import { columnsOf, seriesOf } from './columns.js';
import { cpuSeconds } from './cpu.js';

const SOCKETS = 20;
const PAUSE_MS = 100;

/** Milliseconds of about `count` round trips, and the seconds of processor time of the server that answered them. */
export async function echoRoundTrips(
  count: number,
): Promise<{ readonly latencies: readonly number[]; readonly cpuSeconds: number }> {
  const file = path.join(import.meta.dirname, 'echo-server.ts');
  const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = child.pid ?? 0;
  const before = cpuSeconds(pid);
  const payload = { trialId: 'x'.repeat(36), series: seriesOf(columnsOf({ points: 10, metrics: 1 }, 0)) };
  const message = JSON.stringify({ id: 'x', type: 'next', payload });
  const latencies = await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${Number(line.toString())}`);
      await once(socket, 'open');
      const own: number[] = [];
      for (let i = 0; i < count / SOCKETS; i++) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
        const sentMs = performance.now();
        socket.send(message);
        await once(socket, 'message');
        own.push(performance.now() - sentMs);
      }
      socket.close();
      return own;
    }),
  );
  const used = cpuSeconds(pid) - before;
  child.kill();
  return { latencies: latencies.flat(), cpuSeconds: used };
}

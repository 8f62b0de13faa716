/** When a process that was just started gives its first right answer. */
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

const EVERY_MS = 4;
/** MLflow makes its tables in this time too. */
const LIMIT_MS = 120_000;

/**
 * Milliseconds since `startedMs` at which `ask` first said true. Until the port of `url` takes connections nothing is asked:
 * requests that fail would take more of the processor than they leave.
 * @throws Error when the process ends before, or says nothing right within the limit.
 */
export async function firstAnswer(
  { child, url }: { readonly child: ChildProcess; readonly url: string },
  startedMs: number,
  ask: () => Promise<boolean>,
): Promise<number> {
  const port = Number(new URL(url).port);
  while (performance.now() - startedMs < LIMIT_MS) {
    if ((await takesConnections(port)) && (await ask().catch(() => false))) return performance.now() - startedMs;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the server ended before it answered');
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  throw new Error('the server did not answer in time');
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** When a process that was just started gives its first right answer. */
import type { ChildProcess } from 'node:child_process';

const EVERY_MS = 3;
const LIMIT_MS = 60_000;

/** Milliseconds since `startedMs` at which `ask` first said true; asked again every 3 ms. @throws Error when it never does. */
export async function firstAnswer(
  child: ChildProcess,
  startedMs: number,
  ask: () => Promise<boolean>,
): Promise<number> {
  while (performance.now() - startedMs < LIMIT_MS) {
    if (await ask().catch(() => false)) return performance.now() - startedMs; // nobody listens yet
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the server ended before it answered');
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  throw new Error('the server did not answer in time');
}

/** What a server still holds when its last client is gone: exact, where a trend under load is noise. */
import { sleep } from '../../../sdk/typescript/retry.js';
import type { Sample } from './sample.js';

/** The pools of Postgres let an idle connection go after 10 s. */
const PATIENCE_MS = 30_000;
/** Timers of the server's own rounds come and go, and so do the files that they open. */
const HELD: Readonly<Record<string, number>> = {
  connections: 0,
  'file descriptors': 2,
  'active TCPSocketWrap': 0,
  'active Timeout': 1,
};

/** A line for each kind of handle of which there are more than before the first client came; none when all are back. */
export async function leftAtRest(before: Sample, look: () => Promise<Sample>): Promise<readonly string[]> {
  await closeFetch();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const now = await look();
    const left = Object.entries(HELD).flatMap(([kind, more]) => {
      const [then, here] = [before[kind] ?? 0, now[kind] ?? 0];
      return here > then + more ? [`${here} ${kind}, ${then} before`] : [];
    });
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(500);
  }
}

/** Closes the connections of this process that fetch keeps open for its next request, as an ending process would. */
async function closeFetch(): Promise<void> {
  const dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1')) as { close(): Promise<void> };
  await dispatcher.close();
}

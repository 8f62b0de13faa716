/** A day of a busy team in minutes: everything that comes to a server, at rates that leave it room. */
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ExperimentsDocument } from '../../../sdk/typescript/generated/operations.js';
import { Client } from '../../../sdk/typescript/node-client.js';
import { sleep, startLimit } from '../../../sdk/typescript/retry.js';
import { syncSpool } from '../../../sdk/typescript/spool-sync.js';
import type { FaultProxy } from '../../../test/sdk/fault-proxy.js';
import { seededRandom } from '../../../test/support/seeded-random.js';
import type { BenchServer } from '../server.js';
import { again, crowd, Failures, type Ground } from './ground.js';
import { Ledger } from './ledger.js';
import { makeProjects, tidy } from './projects.js';
import { readOnce } from './readers.js';
import { openQueue, runAgentOnce, tidyQueue } from './runners.js';
import { runScriptTrial } from './script-trials.js';
import { runSdkTrial } from './sdk-trials.js';
import type { Timing } from './timing.js';
import { watchOnce } from './watchers.js';

export interface Load {
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly client: Client;
  /** Ends all of it: what was begun is finished, and no connection is left. */
  stop(): Promise<void>;
}

const LOSS_RATE = 0.01;
/** A client gives up on a request after 30 s, and a trial that it finishes waits for a minute. */
const END_LIMIT_MS = 120_000;

export async function startLoad(server: BenchServer, timing: Timing, proxy: FaultProxy): Promise<Load> {
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const client = new Client({ url: server.url, apiKey: server.apiKey });
  const folder = mkdtempSync(path.join(tmpdir(), 'trialgraph-soak-'));
  proxy.lossRate = LOSS_RATE;
  const ground: Ground = {
    server,
    client,
    unreliableUrl: proxy.url,
    timing,
    dayMs: timing.daySeconds * 1_000,
    ledger: new Ledger(),
    failures: new Failures(),
    folder,
    random: seededRandom(7),
    busy: new Map(),
    signal: ending.signal,
  };
  await makeProjects(ground);
  const queue = await openQueue(ground);
  let experimentIds: readonly string[] = [queue.experimentId];
  const working = Promise.all([
    crowd(ground, 'script', { everyMs: 600, most: 60 }, () => runScriptTrial(ground)),
    crowd(ground, 'sdk', { everyMs: 4_000, most: 4 }, () => runSdkTrial(ground)),
    crowd(ground, 'agent', { everyMs: 4_000, most: 6 }, () => runAgentOnce(ground, queue)),
    crowd(ground, 'watcher', { everyMs: 500, most: 40 }, () => watchOnce(ground, queue, experimentIds)),
    again(ground, 'reader', 700, () => readOnce(ground, experimentIds)),
    again(ground, 'tidy', 500, () => tidy(ground)),
    again(ground, 'tidy queue', 1_000, () => tidyQueue(ground, queue)),
    again(ground, 'cut', 5_000, async () => proxy.cutAll()),
    again(ground, 'experiments', 2_000, async () => {
      const { experiments } = await client.request(ExperimentsDocument, { first: 50 });
      experimentIds = experiments.nodes.map(({ id }) => id);
    }),
  ]);
  return {
    ledger: ground.ledger,
    failures: ground.failures,
    client,
    stop: async () => {
      ending.abort();
      proxy.lossRate = 0;
      const isOver = await Promise.race([working.then(() => true), sleep(END_LIMIT_MS).then(() => false)]);
      if (!isOver) ground.failures.add('end', new Error(`not ended: ${JSON.stringify([...ground.busy])}`));
      await queue.client.close();
      await sendWhatIsLeft(ground);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What SDK trials could not deliver before they gave up, as `trialgraph spool sync` does for people. */
async function sendWhatIsLeft({ folder, server, failures }: Ground): Promise<void> {
  const limit = startLimit(END_LIMIT_MS);
  try {
    const { spools, points, refused } = await syncSpool(folder, {
      url: server.url,
      apiKey: server.apiKey,
      signal: limit.signal,
    });
    if (spools > 0) console.error(`${spools} spools with ${points} points were left over, ${refused} points refused`);
  } catch (error) {
    failures.add('spool', error);
  } finally {
    limit.end();
  }
}

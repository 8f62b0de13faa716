/** Training scripts that use the SDK as people do, over a network that loses connections: its sender has to reconnect. */
import { Client } from '../../../sdk/typescript/node-client.js';
import { sleep } from '../../../sdk/typescript/retry.js';
import { type Ground, lifeOf } from './ground.js';
import { expectedValue, keyOf, type Stream } from './ledger.js';
import { projectOf } from './projects.js';

const METRICS = 4;
const PAUSE_MS = 20;
/** Cuts and lost replies cost a few attempts; more is worth a word. */
const LATE_SECONDS = 20;

/** One trial from `init` to `finish`. */
export async function runSdkTrial(ground: Ground): Promise<void> {
  const { folder, ledger, random, server, timing, unreliableUrl } = ground;
  const index = ledger.started++;
  const project = projectOf(ground, 'kept');
  const client = new Client({ url: unreliableUrl, apiKey: server.apiKey });
  const trial = await client.init({ project, experiment: 'sdk', params: { index }, spoolFolder: folder, quiet: true });
  if (trial.number < 0) {
    await trial.finish({ limitSeconds: 0 });
    throw Object.assign(new Error('the server did not answer in time: recorded offline'), { code: 'OFFLINE' });
  }
  const stream: Stream = { metrics: METRICS, acknowledged: 0, unheard: 0 };
  const { id, attempt } = trial;
  const entry = ledger.open({ index, writer: 'SDK', id, attempt, project, home: 'kept', streams: [stream] });
  const over = lifeOf(ground, timing.longestTrialMs * (0.1 + 0.5 * random()));
  for (let step = 0; !over.aborted; step++) {
    const metrics = Array.from({ length: METRICS }, (_, metric) => [
      keyOf(0, metric),
      expectedValue(index, 0, metric, step),
    ]);
    trial.log(Object.fromEntries(metrics), { step });
    ledger.acknowledge(stream, METRICS);
    await sleep(PAUSE_MS, over);
  }
  const finishedMs = performance.now();
  await trial.finish();
  const seconds = (performance.now() - finishedMs) / 1_000;
  if (seconds > LATE_SECONDS) console.error(`SDK trial ${index} (${id}) took ${seconds.toFixed(1)} s to finish`);
  entry.endedMs = Date.now();
  await client.close();
}

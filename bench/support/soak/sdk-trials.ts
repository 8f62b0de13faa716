/** Training scripts that use the SDK as people do, over a network that loses connections: its sender has to reconnect. */
import { Client } from '../../../sdk/typescript/node-client.js';
import { sleep } from '../../../sdk/typescript/retry.js';
import { type Ground, lifeOf } from './ground.js';
import { expectedValue, keyOf, type Stream } from './ledger.js';
import { projectOf } from './projects.js';

const METRICS = 4;
const PAUSE_MS = 20;

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
  const entry = ledger.open({ index, id: trial.id, attempt: trial.attempt, project, home: 'kept', streams: [stream] });
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
  await trial.finish();
  entry.endedMs = Date.now();
  await client.close();
}

/** Training scripts: trials of many lengths whose processes write batches of many sizes in several streams, end or crash. */
import { createHash, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { uploadArtifact } from '../../../sdk/typescript/artifact.js';
import { encodeColumn } from '../../../sdk/typescript/columns.js';
import {
  BeginArtifactDocument,
  ReportLogsDocument,
  StartTrialDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { Client } from '../../../sdk/typescript/node-client.js';
import { sleep } from '../../../sdk/typescript/retry.js';
import { GraphqlWriter } from '../writers.js';
import { endTrial } from './end-trial.js';
import { type Ground, lifeOf, pick, unlessDeleted } from './ground.js';
import { type Entry, expectedValue, type Home, keyOf, type Stream } from './ledger.js';
import { projectOf } from './projects.js';

/** Points a batch, pause after it. */
const PACES: readonly (readonly [number, { readonly points: number; readonly pauseMs: number }])[] = [
  [0.3, { points: 10, pauseMs: 100 }],
  [0.3, { points: 100, pauseMs: 200 }],
  [0.25, { points: 1_000, pauseMs: 500 }],
  [0.15, { points: 4_000, pauseMs: 1_000 }],
];
const METRICS: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 5],
  [1, 10],
];
const STREAMS: readonly (readonly [number, number])[] = [
  [6, 1],
  [1, 2],
  [1, 3],
];
const HOMES: readonly (readonly [number, Home])[] = [
  [0.55, 'kept'],
  [0.3, 'expiring'],
  [0.15, 'passing'],
];

/** One trial from its start to its end. */
export async function runScriptTrial(ground: Ground): Promise<void> {
  const home = pick(ground.random, HOMES);
  const project = projectOf(ground, home);
  await unlessDeleted(ground, project, runIn(ground, home, project));
}

async function runIn(ground: Ground, home: Home, project: string): Promise<void> {
  const { client, ledger, random, server } = ground;
  const index = ledger.started++;
  const input = {
    project,
    experiment: `experiment-${index % 3}`,
    params: { rate: random(), layers: index % 5, optimizer: random() < 0.5 ? 'adam' : 'sgd' },
    tags: index % 2 === 0 ? ['even'] : [],
    clientRequestId: randomUUID(),
  };
  const { startTrial: started } = await client.request(StartTrialDocument, { input });
  const { points, pauseMs } = pick(random, PACES);
  const metrics = pick(random, METRICS);
  const streams = Array.from(
    { length: pick(random, STREAMS) },
    (): Stream => ({ metrics, acknowledged: 0, unheard: 0 }),
  );
  const trial = { id: started.trial.id, attempt: started.attempt, token: started.token };
  const entry = ledger.open({ index, writer: 'script', ...trial, project, home, streams });
  const own = new Client({ url: server.url, apiKey: trial.token });
  const over = lifeOf(ground, ground.timing.longestTrialMs * (0.1 + 0.9 * random()));
  const crashes = random() < 0.15;

  try {
    await Promise.all([
      ...streams.map((_, stream) => writeStream(ground, entry, trial, { stream, points, pauseMs, crashes, over })),
      ...(random() < 0.5 ? [writeLog(ground, own, entry, over)] : []),
      ...(random() < 0.15 ? [keepArtifact(ground, own, entry)] : []),
    ]);
    if (!crashes) await endTrial(own, entry, random() < 0.8 ? 'COMPLETED' : 'FAILED');
  } finally {
    if (entry.endedMs === null) entry.crashedMs = Date.now(); // and is ended by `tidy`, however it came to that
  }
}

interface Pace {
  readonly stream: number;
  readonly points: number;
  readonly pauseMs: number;
  readonly crashes: boolean;
  readonly over: AbortSignal;
}

async function writeStream(
  { ledger, server }: Ground,
  { index, streams }: Entry,
  trial: { readonly id: string; readonly attempt: number; readonly token: string },
  { stream: at, points, pauseMs, crashes, over }: Pace,
): Promise<void> {
  const stream = streams[at] as Stream;
  const { metrics } = stream;
  const writer = new GraphqlWriter(server.url, trial, { points, metrics }, (shape, from) => {
    const n = shape.points / shape.metrics;
    const steps = Float64Array.from({ length: n }, (_, i) => from + i);
    const times = Float64Array.from({ length: n }, (_, i) => Date.now() / 1_000 + i * 1e-3);
    return Array.from({ length: shape.metrics }, (_, metric) => ({
      key: keyOf(at, metric),
      steps,
      times,
      values: steps.map((step) => expectedValue(index, at, metric, step)),
    }));
  });
  try {
    while (!over.aborted) {
      ledger.acknowledge(stream, await writer.write());
      await sleep(pauseMs, over);
    }
    if (!crashes) return;
    stream.unheard = points;
    const last = writer.write().then(
      (heard) => {
        ledger.acknowledge(stream, heard);
        stream.unheard = 0;
      },
      () => undefined,
    );
    writer.close(); // the process dies while a batch is on its way
    await last;
  } finally {
    writer.close();
  }
}

/** Lines of the script's own console. */
async function writeLog({ random }: Ground, own: Client, { id, attempt }: Entry, over: AbortSignal): Promise<void> {
  for (let seq = 0; !over.aborted; ) {
    const lines = Array.from({ length: 1 + Math.floor(random() * 50) }, (_, i) => `epoch ${seq + i}: ${random()}`);
    const sources = lines.map(() => 'STDOUT' as const);
    const times = encodeColumn(Float64Array.from(lines, () => Date.now() / 1_000));
    await own.request(ReportLogsDocument, {
      input: { trialId: id, attempt, stream: 'console', seq, lines, sources, times },
    });
    seq += lines.length;
    await sleep(1_000 * random(), over);
  }
}

/** A file that is uploaded, or one that its client forgets about. */
async function keepArtifact({ folder, random }: Ground, own: Client, entry: Entry): Promise<void> {
  const bytes = Buffer.from(`model of trial ${entry.index}\n`.repeat(500));
  if (random() < 0.3) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { id: trialId, attempt } = entry;
    const input = { trialId, attempt, name: 'lost', kind: 'model', fileName: 'lost', sizeBytes: bytes.length, sha256 };
    await own.request(BeginArtifactDocument, { input });
    return;
  }
  const file = path.join(folder, `model-${entry.index}`);
  await writeFile(file, bytes);
  try {
    await uploadArtifact(own, entry, file, { kind: 'model' });
  } finally {
    await rm(file);
  }
}

/**
 * A crowd that watches: 1,000 subscribers on 100 trials, each trial reporting about four times a second; from the moment
 * a report is sent to the moment each of its trial's subscribers holds the points, and by how much the server's memory
 * grows. Beside a bare ws server that gets the same payloads from the same generator and broadcasts them, made into
 * bytes once: a limit. `--subscribers`, `--trials` and `--seconds` scale it down.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { residentMiB } from '../test/support/process-figures.js';
import { cpuSeconds } from './support/cpu.js';
import { cost, finish, growth, latency, quantile } from './support/result.js';
import { ask, type BenchServer, type BenchTrial, startBenchServer, startTrials } from './support/server.js';

const { values: flags } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    trials: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '15' },
  },
});
const SUBSCRIBERS = Number(flags.subscribers);
const TRIALS = Number(flags.trials);
const SECONDS = Number(flags.seconds);
/** A little longer than the shortest time between two deltas (250 ms), so that none waits for its turn. */
const EVERY_MS = 260;
const POINTS = 10;
const WARM_MS = 3_000;
/** How long the last deliveries may take. */
const PATIENCE_MS = 20_000;

const REPORT = 'mutation Report($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq } }';
const FOLLOW =
  'subscription Follow($ids: [ID!]) { metricsReported(trialIds: $ids) { cursor series { trialId key steps times values } } }';

interface Measured {
  readonly latencies: readonly number[];
  readonly grownMiB: number;
  /** Milliseconds of CPU of the server and its Postgres, those for taking and storing the reports in them. */
  readonly cpuPerDelivery: number;
}

const own = await measureOurs();
const bare = await measureBare();
const rival = 'bare ws broadcast';
finish([
  latency('fan-out, p50', quantile(own.latencies, 0.5), rival, quantile(bare.latencies, 0.5)),
  latency('fan-out, p99', quantile(own.latencies, 0.99), rival, quantile(bare.latencies, 0.99)),
  cost('fan-out, CPU', own.cpuPerDelivery, 'ms/delivery', rival, bare.cpuPerDelivery),
  growth('fan-out, memory growth', own.grownMiB, rival, bare.grownMiB),
]);
process.exit(0);

async function measureOurs(): Promise<Measured> {
  const server = await startBenchServer();
  try {
    const { trials } = await startTrials(server, 'fan-out', TRIALS);
    const seqs = trials.map(() => 0);
    return await measure({
      name: 'ours',
      pid: server.pid,
      postgresPid: server.postgresPid,
      join: (i) => follow(server, trials[i % TRIALS] as BenchTrial),
      publish: async (trial, sentAt) => {
        const seq = seqs[trial] as number;
        seqs[trial] = seq + POINTS;
        const { reportMetrics } = await ask<{ reportMetrics: { outcome: string } }>(
          server,
          REPORT,
          { input: batchOf(trials[trial] as BenchTrial, seq, sentAt) },
          (trials[trial] as BenchTrial).token,
        );
        if (reportMetrics.outcome !== 'ACCEPTED') throw new Error(`refused: ${reportMetrics.outcome}`);
      },
    });
  } finally {
    await server.close();
  }
}

async function measureBare(): Promise<Measured> {
  const file = path.join(import.meta.dirname, 'support/broadcast-server.ts');
  const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `ws://127.0.0.1:${Number(line.toString())}`;
  const publishers = await Promise.all(Array.from({ length: TRIALS }, (_, i) => opened(`${url}/publish/${i}`)));
  const measured = await measure({
    name: 'bare',
    pid: child.pid ?? 0,
    join: (i) => opened(`${url}/subscribe/${i % TRIALS}`),
    publish: async (trial, sentAt) => {
      const { series } = batchOf({ id: 'x'.repeat(36), attempt: 1, token: '' }, 0, sentAt);
      publishers[trial]?.send(
        JSON.stringify({
          id: 'x',
          type: 'next',
          payload: { data: { metricsReported: { cursor: 'x'.repeat(120), series } } },
        }),
      );
    },
  });
  child.kill();
  return measured;
}

interface Feed {
  readonly name: string;
  readonly pid: number;
  readonly postgresPid?: number;
  /** The socket of subscriber i, who watches trial i modulo their number. */
  join(i: number): Promise<WebSocket>;
  publish(trial: number, sentAt: number): Promise<void>;
}

async function measure({ name, pid, postgresPid, join, publish }: Feed): Promise<Measured> {
  const cpuMs = () => 1_000 * (cpuSeconds(pid) + (postgresPid === undefined ? 0 : cpuSeconds(postgresPid)));
  const before = residentMiB(pid);
  const sockets: WebSocket[] = [];
  for (let i = 0; i < SUBSCRIBERS; i += 50) {
    const some = Array.from({ length: Math.min(50, SUBSCRIBERS - i) }, (_, j) => join(i + j));
    sockets.push(...(await Promise.all(some)));
  }
  const latencies: number[] = [];
  let delivered = 0;
  const start = performance.now();
  const warmAt = start + WARM_MS;
  for (const socket of sockets)
    socket.on('message', (data) => {
      const now = performance.now();
      for (const sentAt of sentTimes(String(data))) {
        delivered += 1;
        if (sentAt >= warmAt) latencies.push(now - sentAt);
      }
    });

  let peak = before;
  let reports = 0;
  const acks: number[] = [];
  const failures: unknown[] = [];
  const cpuBefore = cpuMs();
  const published = Array.from({ length: TRIALS }, () => Promise.resolve());
  for (let round = 0; performance.now() < warmAt + SECONDS * 1_000; round++) {
    // Trials report one after the other over the whole interval, as strangers do; each waits for its own ack.
    for (let trial = 0; trial < TRIALS; trial++) {
      const dueMs = start + (round + trial / TRIALS) * EVERY_MS - performance.now();
      if (dueMs > 1) await pause(dueMs);
      const sentAt = performance.now();
      if (sentAt >= warmAt) reports += 1;
      published[trial] = published[trial]
        ?.then(() => publish(trial, sentAt))
        .then(() => void acks.push(performance.now() - sentAt))
        .catch((error) => void failures.push(error)) as Promise<void>;
    }
    peak = Math.max(peak, residentMiB(pid));
  }
  await Promise.all(published);
  const lastAckMs = performance.now();
  const expected = (reports * SUBSCRIBERS) / TRIALS;
  while (latencies.length < expected && performance.now() < lastAckMs + PATIENCE_MS) await pause(50);
  peak = Math.max(peak, residentMiB(pid));
  const cpuPerDelivery = (cpuMs() - cpuBefore) / delivered;
  for (const socket of sockets) socket.terminate();
  if (failures.length > 0) throw failures[0];

  if (latencies.length !== expected)
    throw new Error(`${name}: ${latencies.length} of ${expected} reports reached subscribers`);
  console.error(
    `${name}: ${Math.round(expected / SECONDS)} deliveries/s to ${SUBSCRIBERS} subscribers, p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms, ${before.toFixed(0)} MiB grew by ${(peak - before).toFixed(0)}, ${cpuPerDelivery.toFixed(3)} ms CPU a delivery, acks p50 ${quantile(acks, 0.5).toFixed(1)} ms, p99 ${quantile(acks, 0.99).toFixed(1)} ms`,
  );
  return { latencies, grownMiB: peak - before, cpuPerDelivery };
}

/** When each report in a message was sent: the first of its times, which are all the same. */
function sentTimes(message: string): number[] {
  const { payload } = JSON.parse(message) as { payload?: { data?: { metricsReported: { series: Series[] } } } };
  return (payload?.data?.metricsReported.series ?? []).flatMap(({ times }) => {
    const bytes = Buffer.from(times, 'base64');
    return Array.from({ length: bytes.length / 8 / POINTS }, (_, i) => bytes.readDoubleLE(i * 8 * POINTS));
  });
}

interface Series {
  readonly times: string;
}

async function follow(server: BenchServer, trial: BenchTrial): Promise<WebSocket> {
  const socket = await opened(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const receive = async () => (await once(socket, 'message')) as [Buffer];
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.apiKey}` } }));
  await receive();
  const payload = { query: FOLLOW, variables: { ids: [trial.id] } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  await receive(); // the first comes at once and is empty
  return socket;
}

async function opened(url: string, protocol?: string): Promise<WebSocket> {
  const socket = new WebSocket(url, protocol, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

function batchOf(trial: BenchTrial, seq: number, sentAt: number) {
  const packed = (number: (i: number) => number) =>
    Buffer.from(Float64Array.from({ length: POINTS }, (_, i) => number(i)).buffer).toString('base64');
  const series = [
    { key: 'loss', steps: packed((i) => seq + i), times: packed(() => sentAt), values: packed(Math.random) },
  ];
  return { trialId: trial.id, attempt: trial.attempt, stream: 'bench', seq, series };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

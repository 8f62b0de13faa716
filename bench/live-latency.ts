/**
 * From the moment a script sends a report to the moment a subscriber of the trial holds its points: HTTP, login, commit
 * to disk, wake-up, read and graphql-ws in it. Beside the round trip of a bare WebSocket echo with a message as large,
 * which is the limit that no such path can pass.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { finish, latency, quantile } from './support/result.js';
import { ask, type BenchServer, type BenchTrial, startBenchServer, startTrials } from './support/server.js';

const TRIALS = 20;
const REPORTS_PER_TRIAL = 40;
/** Longer than the shortest time between two deltas (250 ms), so that none waits for its turn. */
const PAUSE_MS = [300, 500] as const;
const POINTS = 10;

const REPORT = 'mutation Report($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq } }';
const FOLLOW =
  'subscription Follow($ids: [ID!]) { metricsReported(trialIds: $ids) { cursor series { trialId key steps times values } } }';

const server = await startBenchServer();
try {
  const { trials } = await startTrials(server, 'live', TRIALS);
  const delivered = await Promise.all(trials.map((trial) => followAndReport(server, trial)));
  await server.close();
  const own = delivered.flat();
  const echo = await echoRoundTrips(own.length);
  const rival = 'bare WebSocket echo';
  finish([
    latency('report sent to subscriber, p50', quantile(own, 0.5), rival, quantile(echo, 0.5)),
    latency('report sent to subscriber, p99', quantile(own, 0.99), rival, quantile(echo, 0.99)),
  ]);
  process.exit(0);
} catch (error) {
  await server.close();
  throw error;
}

/** Milliseconds per report; each has to arrive whole before the next is sent. */
async function followAndReport(bench: BenchServer, trial: BenchTrial): Promise<number[]> {
  const client = createClient({
    url: `${bench.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${bench.apiKey}` },
    retryAttempts: 0,
  });
  interface Delta {
    readonly metricsReported: { readonly series: readonly { readonly values: string }[] };
  }
  const deltas = client.iterate<Delta>({ query: FOLLOW, variables: { ids: [trial.id] } });
  await deltas.next(); // the first comes at once and is empty
  const taken: number[] = [];
  for (let i = 0; i < REPORTS_PER_TRIAL; i++) {
    await pause(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
    const sentMs = performance.now();
    const reporting = ask(bench, REPORT, { input: batchOf(trial, i * POINTS) }, trial.token);
    let points = 0;
    while (points < POINTS) {
      const { value } = await deltas.next();
      if (value?.data == null) throw new Error(`the subscription ended: ${JSON.stringify(value)}`);
      for (const { values } of value.data.metricsReported.series) points += Buffer.from(values, 'base64').length / 8;
    }
    taken.push(performance.now() - sentMs);
    await reporting;
  }
  await deltas.return?.();
  await client.dispose();
  return taken;
}

/** The same cadence and size over a socket that does nothing. */
async function echoRoundTrips(count: number): Promise<number[]> {
  const file = path.join(import.meta.dirname, 'support/echo-server.ts');
  const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const message = JSON.stringify({
    id: 'x',
    type: 'next',
    payload: batchOf({ id: 'x'.repeat(36), attempt: 1, token: '' }, 0),
  });
  const perSocket = Math.ceil(count / TRIALS);
  const taken = await Promise.all(
    Array.from({ length: TRIALS }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${Number(line.toString())}`);
      await once(socket, 'open');
      const own: number[] = [];
      for (let i = 0; i < perSocket; i++) {
        await pause(PAUSE_MS[0] / 3 + (Math.random() * (PAUSE_MS[1] - PAUSE_MS[0])) / 3);
        const sentMs = performance.now();
        socket.send(message);
        await once(socket, 'message');
        own.push(performance.now() - sentMs);
      }
      socket.close();
      return own;
    }),
  );
  child.kill();
  return taken.flat();
}

function batchOf(trial: BenchTrial, seq: number) {
  const steps = Float64Array.from({ length: POINTS }, (_, i) => seq + i);
  const column = Buffer.from(steps.buffer).toString('base64');
  const series = [{ key: 'loss', steps: column, times: column, values: column }];
  return { trialId: trial.id, attempt: trial.attempt, stream: 'bench', seq, series };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

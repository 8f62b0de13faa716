/**
 * One point from sent to seen by somebody else: our subscription beside MLflow's get-history, polled every 5 ms from
 * the moment the point is sent. Each of MLflow's points has a metric of its own, so its history is as short as can be.
 */
import { follow } from '../support/follow.js';
import { latency, quantile, type Result } from '../support/result.js';
import { startTrials } from '../support/server.js';
import { GraphqlWriter } from '../support/writers.js';
import { ASK_LIMIT_MS, askMlflow, isTimeout, startRuns } from './mlflow-api.js';
import type { MlflowServer } from './servers.js';
import type { Sides } from './sides.js';

const POINTS_PER_ROUND = 12;
/** Longer than the shortest time between two of our deltas (250 ms): as a training loop of a few steps a second. */
const PAUSE_MS = 350;
const POLL_EVERY_MS = 5;

export async function compareVisible({ ours, mlflow, rival, rounds }: Sides): Promise<Result[]> {
  const { trials } = await startTrials(ours, 'rivals-visible', 1);
  const [trial] = trials;
  const [run] = await startRuns(mlflow, 1);
  if (trial === undefined || run === undefined) throw new Error('no trial or no run');
  const writer = new GraphqlWriter(ours.url, trial, { points: 1, metrics: 1 });
  const deltas = await follow(ours, trial);
  const [own, theirs]: [number[], number[]] = [[], []];
  let isStopped = false;
  for (let round = -1; round < rounds && !isStopped; round++) {
    for (let i = 0; i < POINTS_PER_ROUND; i++) {
      await pause(PAUSE_MS);
      const sentMs = performance.now();
      const writing = writer.write();
      await deltas.points(1);
      own.push(performance.now() - sentMs);
      await writing;
    }
    for (let i = 0; i < POINTS_PER_ROUND && !isStopped; i++) {
      await pause(PAUSE_MS);
      const took = await seen(mlflow, run, `round ${round} point ${i}`);
      isStopped = took === 'stopped';
      theirs.push(took === 'stopped' ? ASK_LIMIT_MS : took);
    }
    if (round < 0 && !isStopped) own.length = theirs.length = 0; // warm
  }
  writer.close();
  await deltas.close();
  return [0.5, 0.99].map((q) => {
    const theirMs = quantile(theirs, q);
    return {
      ...latency(`rivals, report to visible, p${100 * q}`, quantile(own, q), rival, theirMs),
      ...(theirMs === ASK_LIMIT_MS ? { rivalStopped: true as const } : {}),
    };
  });
}

async function seen(server: MlflowServer, run: string, key: string): Promise<number | 'stopped'> {
  try {
    return await firstSeen(server, run, key);
  } catch (error) {
    if (isTimeout(error)) return 'stopped';
    throw error;
  }
}

async function firstSeen(server: MlflowServer, run: string, key: string): Promise<number> {
  const sentMs = performance.now();
  const metric = { run_id: run, key, value: Math.random(), timestamp: Date.now(), step: 0 };
  let failure: unknown;
  const logging = askMlflow(server, 'api/2.0/mlflow/runs/log-metric', metric).catch((error: unknown) => {
    failure = error;
  });
  const query = new URLSearchParams({ run_id: run, metric_key: key });
  while (performance.now() - sentMs < ASK_LIMIT_MS) {
    const { metrics = [] } = await askMlflow<{ metrics?: readonly { readonly value: number }[] }>(
      server,
      `api/2.0/mlflow/metrics/get-history?${query}`,
    );
    if (failure !== undefined) throw failure;
    const tookMs = performance.now() - sentMs;
    if (metrics[0]?.value === metric.value) {
      await logging;
      return tookMs;
    }
    await pause(POLL_EVERY_MS);
  }
  throw new DOMException('MLflow did not show a point in time', 'TimeoutError');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Durable points from 32 connections on both sides, ours as `bench/ingest.ts` sends them, MLflow's by log-batch; and
 * the memory of both servers under the largest batches.
 */
import { cpuSeconds } from '../support/cpu.js';
import { cost, growth, quantile, type Result, rate } from '../support/result.js';
import { startTrials } from '../support/server.js';
import { GraphqlWriter, type Writer, writeFor } from '../support/writers.js';
import { memoryMiB } from './memory.js';
import { LogBatchWriter, startRuns } from './mlflow-api.js';
import { numberOf, type Sides } from './sides.js';

const CONNECTIONS = 32;
const WARM_MS = 1_500;
const SAMPLE_MS = 250;
const SHAPES = [
  { points: 10, metrics: 1 },
  { points: 100, metrics: 10 },
  { points: 1_000, metrics: 10 },
] as const;

interface Round {
  readonly perSecond: number;
  /** Microseconds per point, server and Postgres. */
  readonly micros: number;
  /** The most that the server took. */
  readonly memory: number;
}

export async function compareIngest(sides: Sides): Promise<Result[]> {
  const results: Result[] = [];
  for (const shape of SHAPES) {
    const { trials } = await startTrials(sides.ours, `rivals-ingest-${shape.points}`, CONNECTIONS);
    const runs = await startRuns(sides.mlflow, CONNECTIONS);
    const own = trials.map((trial) => new GraphqlWriter(sides.ours.url, trial, shape));
    const theirs = runs.map((run) => new LogBatchWriter(sides.mlflow, run, shape));
    await writeFor(own, WARM_MS);
    await writeFor(theirs, WARM_MS);
    const [ours, rival]: [Round[], Round[]] = [[], []];
    for (let round = 0; round < sides.rounds; round++) {
      ours.push(await measure(sides.ours, own, sides.roundMs));
      rival.push(await measure(sides.mlflow, theirs, sides.roundMs));
    }
    for (const writer of [...own, ...theirs]) writer.close();
    await checkStored(sides, shape.points, { trials: trials.map(({ id }) => id), own, runs, theirs });
    const all = (rounds: readonly Round[], of: keyof Round) => rounds.map((round) => round[of]);
    const name = `rivals, ingest, batches of ${shape.points} points`;
    results.push(
      rate(name, all(ours, 'perSecond'), 'points/s', sides.rival, all(rival, 'perSecond')),
      cost(`${name}, CPU`, all(ours, 'micros'), 'µs/point', sides.rival, all(rival, 'micros')),
    );
    if (shape === SHAPES[2])
      results.push(growth('rivals, memory under ingest', all(ours, 'memory'), sides.rival, all(rival, 'memory')));
  }
  return results;
}

async function measure(
  { pid, postgresPid }: { readonly pid: number; readonly postgresPid: number },
  writers: readonly Writer[],
  ms: number,
): Promise<Round> {
  const samples = [memoryMiB(pid)];
  const sampling = setInterval(() => samples.push(memoryMiB(pid)), SAMPLE_MS);
  const used = () => cpuSeconds(pid) + cpuSeconds(postgresPid);
  const before = used();
  const { points, perSecond } = await writeFor(writers, ms);
  const micros = ((used() - before) * 1e6) / points;
  clearInterval(sampling);
  return { perSecond, micros, memory: quantile(samples, 1) };
}

interface Written {
  readonly trials: readonly string[];
  readonly own: readonly GraphqlWriter[];
  readonly runs: readonly string[];
  readonly theirs: readonly LogBatchWriter[];
}

/** What was acknowledged is stored, on both sides. */
async function checkStored({ ours, mlflow }: Sides, points: number, { trials, own, runs, theirs }: Written) {
  const sum = (writers: readonly { readonly acknowledged: number }[]) =>
    writers.reduce((total, { acknowledged }) => total + acknowledged, 0);
  const ourCount = await numberOf(
    ours.databaseUrl,
    'SELECT sum(n) AS n FROM metric_summary WHERE trial_id = ANY ($1::uuid[])',
    [trials],
  );
  const theirCount = await numberOf(
    mlflow.databaseUrl,
    'SELECT count(*) AS n FROM metrics WHERE run_uuid = ANY ($1::text[])',
    [runs],
  );
  if (ourCount !== sum(own)) throw new Error(`batches of ${points}: ${sum(own)} acknowledged, ${ourCount} stored`);
  if (theirCount !== sum(theirs))
    throw new Error(`batches of ${points}, MLflow: ${sum(theirs)} acknowledged, ${theirCount} stored`);
}

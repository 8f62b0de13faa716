/**
 * Durable points from 32 connections on both sides, ours as `bench/ingest.ts` sends them, MLflow's by log-batch; and
 * the memory of both servers under the largest batches.
 */
import { cpuSeconds } from '../support/cpu.js';
import { cost, growth, quantile, type Result, rate } from '../support/result.js';
import { startTrials } from '../support/server.js';
import { GraphqlWriter, type Writer, writeFor } from '../support/writers.js';
import { memoryMiB } from './memory.js';
import { isTimeout, LogBatchWriter, startRuns } from './mlflow-api.js';
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
    const [ours, rival]: [Round[], Round[]] = [[], []];
    let isStopped = false;
    /** What MLflow had acknowledged when its last turn began, and how long that was to last. */
    let turn = { acknowledged: 0, ms: WARM_MS };
    await writeFor(own, WARM_MS);
    try {
      await writeFor(theirs, WARM_MS);
      for (let round = 0; round < sides.rounds; round++) {
        ours.push(await measure(sides.ours, own, sides.roundMs));
        turn = { acknowledged: acknowledgedBy(theirs), ms: sides.roundMs };
        rival.push(await measure(sides.mlflow, theirs, sides.roundMs));
      }
    } catch (error) {
      if (!isTimeout(error)) throw error;
      isStopped = true;
      if (ours.length === 0) ours.push(await measure(sides.ours, own, sides.roundMs));
    }
    for (const writer of [...own, ...theirs]) writer.close();
    await checkStored(sides, shape.points, isStopped, { trials: trials.map(({ id }) => id), own, runs, theirs });
    const name = `rivals, ingest, batches of ${shape.points} points`;
    if (isStopped) {
      const most = ((acknowledgedBy(theirs) - turn.acknowledged) * 1_000) / turn.ms;
      results.push(stopped(name, sides, ours, most));
      continue;
    }
    const all = (rounds: readonly Round[], of: keyof Round) => rounds.map((round) => round[of]);
    results.push(
      rate(name, all(ours, 'perSecond'), 'points/s', sides.rival, all(rival, 'perSecond')),
      cost(`${name}, CPU`, all(ours, 'micros'), 'µs/point', sides.rival, all(rival, 'micros')),
    );
    if (shape === SHAPES[2])
      results.push(growth('rivals, memory under ingest', all(ours, 'memory'), sides.rival, all(rival, 'memory')));
  }
  return results;
}

/**
 * A batch took MLflow longer than its limit, so its turn lasted that long: all that it acknowledged in it, divided by
 * the time that the turn was to last, is more than it stores a second.
 */
function stopped(name: string, { rival }: Sides, ours: readonly Round[], most: number): Result {
  const speeds = ours.map(({ perSecond }) => perSecond);
  return { ...rate(name, quantile(speeds, 0.5), 'points/s', rival, most), rivalStopped: true };
}

function acknowledgedBy(writers: readonly { readonly acknowledged: number }[]): number {
  return writers.reduce((total, { acknowledged }) => total + acknowledged, 0);
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
  const { points, perSecond } = await writeFor(writers, ms).finally(() => clearInterval(sampling));
  const micros = ((used() - before) * 1e6) / points;
  return { perSecond, micros, memory: quantile(samples, 1) };
}

interface Written {
  readonly trials: readonly string[];
  readonly own: readonly GraphqlWriter[];
  readonly runs: readonly string[];
  readonly theirs: readonly LogBatchWriter[];
}

/** What was acknowledged is stored, on both sides; of a rival that was stopped nobody knows what it still stores. */
async function checkStored(
  { ours, mlflow }: Sides,
  points: number,
  isStopped: boolean,
  { trials, own, runs, theirs }: Written,
) {
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
  if (ourCount !== acknowledgedBy(own))
    throw new Error(`batches of ${points}: ${acknowledgedBy(own)} acknowledged, ${ourCount} stored`);
  if (!isStopped && theirCount !== acknowledgedBy(theirs))
    throw new Error(`batches of ${points}, MLflow: ${acknowledgedBy(theirs)} acknowledged, ${theirCount} stored`);
}

/** Searches under a scheduler: reports that give verdicts, checkpoints, and ends that are pauses. */
import { createHash } from 'node:crypto';
import type { Artifact } from '../../../src/domain/artifact.js';
import type { Experiment, Method } from '../../../src/domain/experiment.js';
import type { Verdict } from '../../../src/domain/metric.js';
import type { Trial } from '../../../src/domain/trial.js';
import { beginArtifact } from '../../../src/service/artifact/begin-artifact.js';
import { commitArtifact } from '../../../src/service/artifact/commit-artifact.js';
import { receiveArtifact } from '../../../src/service/artifact/receive-artifact.js';
import type { Deps } from '../../../src/service/deps.js';
import type { BudgetInput } from '../../../src/service/experiment/check-search.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import type { LeasedJob } from '../../../src/service/job/lease-jobs.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { unique } from '../../support/builders.js';
import type { World } from '../../support/world.js';
import { finish, trialNow, type Worker } from '../job/queue.js';

/** Rungs at 1 and 3; a whole trial takes nine steps. */
export const ASHA: Method = { kind: 'asha_promote', options: { minSteps: 1, eta: 3, maxSteps: 9 } };

/** Minimises `loss` under the scheduler; without a command, scripts run its trials. */
export function addScheduled(
  world: World,
  pruner: Method,
  part: {
    readonly maxTrials?: number;
    readonly maxParallel?: number;
    readonly command?: readonly string[] | null;
    readonly sampler?: Method;
    /** What else limits it. */
    readonly budget?: BudgetInput;
  } = {},
) {
  const { maxTrials = 3, maxParallel = 3, command = ['train'], sampler = { kind: 'random', options: {} } } = part;
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('scheduled'),
    command,
    search: {
      space: { x: { kind: 'float', low: 0, high: 1 }, optimizer: { kind: 'categorical', choices: ['sgd', 'adam'] } },
      objective: { metric: 'loss', goal: 'minimize' },
      sampler,
      pruner,
      budget: { maxTrials, maxParallel, ...part.budget },
      seed: 'seed',
    },
  });
}

/** As if the experiment had been created this long before. */
export async function ageExperiment(world: World, { id }: Experiment, hours: number): Promise<void> {
  await world.deps.database.transaction((tx) =>
    tx.query(`/* test */ UPDATE experiment SET created_at = created_at - make_interval(hours => $2) WHERE id = $1`, [
      id,
      hours,
    ]),
  );
}

/** The verdict after the loss of one step. */
export async function report(
  world: World,
  trial: Pick<Trial, 'id'>,
  attempt: number,
  step: number,
  loss: number,
  deps: Deps = world.deps,
): Promise<Verdict> {
  const [steps, times, values] = [Float64Array.of(step), Float64Array.of(step), Float64Array.of(loss)];
  const series = [{ key: 'loss', steps, times, values }];
  const batch = { trialId: trial.id, attempt, stream: `step ${step}`, seq: 0, series };
  return (await reportMetrics(deps, world.admin, batch)).verdict;
}

/** A committed checkpoint of the trial. */
export async function saveCheckpoint(
  world: World,
  trial: Pick<Trial, 'id'>,
  attempt: number,
  text: string,
): Promise<Artifact> {
  const { deps, admin } = world;
  const { id } = await beginArtifact(deps, admin, {
    trialId: trial.id,
    attempt,
    name: 'checkpoint',
    kind: 'checkpoint',
    fileName: 'state.json',
    sizeBytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  await receiveArtifact(deps, admin, { id, bytes: bytesOf(text) });
  return commitArtifact(deps, admin, { id });
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What a program does that was asked to pause: it says so, and exits cleanly. */
export async function obeyPause(world: World, worker: Worker, leased: LeasedJob): Promise<Trial> {
  const { trial, job } = leased;
  await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: job.attempt, state: 'PAUSED' });
  await finish(world, worker, leased, 'COMPLETED');
  return trialNow(world, trial.id);
}

/** Kinds of the events of a trial, oldest first. */
export async function eventsOf(world: World, trial: Pick<Trial, 'id'>): Promise<string[]> {
  const rows = await world.deps.database.read.query<{ kind: string }>(
    `/* test */ SELECT kind FROM event WHERE trial_id = $1 ORDER BY id`,
    [trial.id],
  );
  return rows.map(({ kind }) => kind);
}

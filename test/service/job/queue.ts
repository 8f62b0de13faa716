/** Searching experiments with a queue, and runners that work on it. */
import type { Experiment } from '../../../src/domain/experiment.js';
import type { ApiKeyId, TrialId } from '../../../src/domain/ids.js';
import type { AttemptOutcome } from '../../../src/domain/lifecycle.js';
import type { RunnerPrincipal } from '../../../src/domain/roles.js';
import type { Runner } from '../../../src/domain/runner.js';
import type { FailureCause, Trial } from '../../../src/domain/trial.js';
import { type CreateExperimentInput, createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { newId } from '../../../src/service/ids.js';
import { finishJob } from '../../../src/service/job/finish-job.js';
import { type LeasedJob, leaseJobs } from '../../../src/service/job/lease-jobs.js';
import { registerRunner } from '../../../src/service/runner/register-runner.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { unique } from '../../support/builders.js';
import type { World } from '../../support/world.js';

export interface Worker {
  readonly principal: RunnerPrincipal;
  readonly runner: Runner;
}

/** A runner of the pool `default` with a key of its own. */
export async function addRunner(
  world: World,
  part: { slots?: number; principal?: RunnerPrincipal; name?: string; bootId?: string } = {},
): Promise<Worker> {
  const principal: RunnerPrincipal = part.principal ?? {
    kind: 'runner',
    keyId: newId<ApiKeyId>(world.deps),
    organizationId: world.admin.organizationId,
    poolId: world.pool.id,
    runnerId: null,
  };
  const runner = await registerRunner(world.deps, principal, {
    pool: world.pool.name,
    name: part.name ?? unique('runner'),
    host: 'host',
    slots: part.slots ?? 100,
    gpus: [],
    bootId: part.bootId ?? unique('boot'),
  });
  return { principal, runner };
}

/** A searching experiment whose trials runners execute, minimising `loss`. */
export function addSearch(
  world: World,
  budget: { maxTrials?: number; maxParallel?: number } = {},
  part: Partial<CreateExperimentInput> = {},
): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('search'),
    command: ['train'],
    search: {
      space: { x: { kind: 'float', low: 0, high: 1 } },
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'random' },
      budget: { maxTrials: 10, maxParallel: 1, ...budget },
      seed: 'seed',
    },
    ...part,
  });
}

export function lease(
  world: World,
  worker: Worker,
  part: { max?: number; freeSlots?: number; clientRequestId?: string } = {},
): Promise<readonly LeasedJob[]> {
  return leaseJobs(world.deps, worker.principal, {
    runnerId: worker.runner.id,
    freeSlots: 100,
    freeGpus: 0,
    max: 1,
    ...part,
  });
}

/** One job, or the test fails. */
export async function leaseOne(world: World, worker: Worker): Promise<LeasedJob> {
  const [leased] = await lease(world, worker);
  if (leased === undefined) throw new Error('there was nothing to lease');
  return leased;
}

export function finish(
  world: World,
  worker: Worker,
  leased: LeasedJob,
  outcome: AttemptOutcome,
  cause: FailureCause | null = null,
) {
  return finishJob(world.deps, worker.principal, { jobId: leased.job.id, epoch: leased.epoch, outcome, cause });
}

export async function trialNow(world: World, id: TrialId): Promise<Trial> {
  const trial = await findTrial(world.deps, world.admin, { id });
  if (trial === null) throw new Error('the trial is gone');
  return trial;
}

/** The objective as if it had been reported: summary and reports. */
export async function reportLoss(world: World, trial: Trial, values: readonly number[], attempt = 1): Promise<void> {
  const finite = values.filter(Number.isFinite);
  await world.deps.database.transaction(async (tx) => {
    const [key] = await tx.query<{ id: number }>(
      `/* test */ INSERT INTO metric_key (project_id, name) VALUES ($1, 'loss') ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name RETURNING id`,
      [trial.projectId],
    );
    await tx.query(
      `/* test */ INSERT INTO metric_summary (experiment_id, trial_id, key_id, n, n_nonfinite, first, last, last_step, min, max, sum)
       VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, 0) ON CONFLICT (trial_id, key_id) DO UPDATE SET last = excluded.last, min = excluded.min, max = excluded.max`,
      [
        trial.experimentId,
        trial.id,
        key?.id,
        values.length,
        values[0],
        values.at(-1),
        values.length - 1,
        finite.length > 0 ? Math.min(...finite) : null,
        finite.length > 0 ? Math.max(...finite) : null,
      ],
    );
    await tx.query(
      `/* test */ INSERT INTO trial_report (experiment_id, trial_id, attempt, step, value, position)
       SELECT $1, $2, $3, s.step, s.value, e.sequence FROM experiment e, unnest($4::float8[], $5::float8[]) AS s (step, value) WHERE e.id = $1
       ON CONFLICT DO NOTHING`,
      [trial.experimentId, trial.id, attempt, values.map((_, i) => i), values],
    );
  });
}

/** Makes the lease of a trial lapse now. */
export async function lapse(world: World, trialId: TrialId): Promise<void> {
  await world.deps.database.transaction((tx) =>
    tx.query(
      `/* test */ UPDATE trial_lease SET lease_until = clock_timestamp() - interval '1 second' WHERE trial_id = $1`,
      [trialId],
    ),
  );
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import { type BudgetInput, checkBudget } from '../../../src/service/experiment/check-search.js';
import { enforceBudgets } from '../../../src/service/experiment/enforce-budgets.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { loadCosts } from '../../../src/service/experiment/load-costs.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { reviseSearch } from '../../../src/service/experiment/revise-search.js';
import type { LeasedJob } from '../../../src/service/job/lease-jobs.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { addOrganization, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lease, reportLoss, trialNow, type Worker } from '../job/queue.js';
import { ASHA, addScheduled, ageExperiment, obeyPause, report } from '../search/scheduled.js';

let world: World;
let worker: Worker;
beforeAll(async () => {
  world = await openWorld();
  worker = await addRunner(world);
});
afterAll(() => world.close());

const SPACE = { x: { kind: 'float', low: 0, high: 1 } };

/** A search whose trials take two GPUs and three slots each, as far as our books know. */
function addCostly(budget: BudgetInput, command: readonly string[] | null = ['train']): Promise<Experiment> {
  return addSearch(
    world,
    {},
    {
      command,
      resources: { slots: 3 },
      search: {
        space: SPACE,
        objective: { metric: 'loss', goal: 'minimize' },
        sampler: { kind: 'random' },
        budget: { maxParallel: 2, ...budget },
      },
    },
  );
}

/** Makes it so that a runner took the job this long ago; ended jobs are moved as a whole. */
async function age({ job }: LeasedJob, hours: number, gpus = 0): Promise<void> {
  await world.deps.database.transaction((tx) =>
    tx.query(
      `/* test */ UPDATE training_job SET gpus = $3, leased_at = leased_at - make_interval(secs => $2::float8 * 3600) WHERE id = $1`,
      [job.id, hours, gpus],
    ),
  );
}

async function complete(leased: LeasedJob): Promise<void> {
  await reportLoss(world, leased.trial, [1]);
  await finish(world, worker, leased, 'COMPLETED');
}

async function now({ id }: Experiment): Promise<Experiment> {
  return (await findExperiment(world.deps, world.admin, { id })) as Experiment;
}

async function costOf({ id }: Experiment) {
  return (await loadCosts(world.deps, world.admin, [id]))[0];
}

async function messagesOf({ id }: Experiment, kind: string): Promise<string[]> {
  const rows = await world.deps.database.read.query<{ message: string }>(
    `/* test */ SELECT message FROM event WHERE experiment_id = $1 AND kind = $2 ORDER BY at, id`,
    [id, kind],
  );
  return rows.map(({ message }) => message);
}

describe('a budget of GPU or slot hours', () => {
  it('counts what runners held, proposes no more when it is spent, and lets running trials end', async () => {
    const experiment = await addCostly({ maxGpuHours: 5 });
    const [first, second] = await lease(world, worker, { max: 5 });
    await complete(first!);
    await age(first!, 2, 2);
    expect(await costOf(experiment)).toMatchObject({
      gpuHours: expect.closeTo(4, 2),
      slotHours: expect.closeTo(6, 2),
      spent: null,
    });
    const [third] = await lease(world, worker);
    expect(third?.trial.number, 'there is still some').toBe(2);
    await complete(third!);
    await age(second!, 0.51, 2);

    expect(await lease(world, worker), 'five are spent').toEqual([]);
    await enforceBudgets(world.deps);
    expect(await trialNow(world, second!.trial.id)).toMatchObject({ state: 'RUNNING', stopReason: null });
    await deleteTrial(world.deps, world.admin, { id: first!.trial.id }); // what it cost is spent all the same
    expect((await costOf(experiment))?.spent).toMatch(/^5\.0\d of 5 GPU hours$/);

    await complete(second!);
    expect(await now(experiment)).toMatchObject({ state: 'COMPLETED', nextNumber: 3 });
    expect(await messagesOf(experiment, 'EXPERIMENT_COMPLETED')).toEqual([
      expect.stringMatching(/ is completed: its budget is spent \(5\.0\d of 5 GPU hours\)$/),
    ]);
    await expect(resumeExperiment(world.deps, world.admin, { id: experiment.id })).rejects.toThrow(
      /5\.0\d of 5 GPU hours/,
    );
    const more = { experimentId: experiment.id, budget: { maxGpuHours: 6 }, resume: true };
    expect((await reviseSearch(world.deps, world.admin, more)).state).toBe('ACTIVE');
    const [fourth] = await lease(world, worker);
    expect(fourth?.trial.number).toBe(3);
    await complete(fourth!);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('ends waiting and running trials when it says so, says why, and is then completed', async () => {
    const experiment = await addCostly({ maxSlotHours: 3, whenSpent: 'stop' });
    const [first, second] = await lease(world, worker, { max: 2 });
    await finish(world, worker, second!, 'PREEMPTED');
    expect(await enforceBudgets(world.deps), 'nothing is spent yet').toEqual([]);
    await age(first!, 1.5);

    expect(await enforceBudgets(world.deps)).toEqual([experiment.id]);

    const stopMessage = expect.stringMatching(/^the budget is spent: 4\.5\d* of 3 slot hours$/);
    const asked = { stopReason: 'EXPERIMENT', stopMessage };
    expect(await trialNow(world, first!.trial.id)).toMatchObject({ state: 'RUNNING', ...asked });
    expect(await trialNow(world, second!.trial.id)).toMatchObject({ state: 'STOPPED', ...asked });
    await enforceBudgets(world.deps);
    expect(await messagesOf(experiment, 'TRIAL_STOP_REQUESTED'), 'it is asked once').toHaveLength(1);
    await finish(world, worker, first!, 'TERMINATED');
    expect(await now(experiment)).toMatchObject({ state: 'COMPLETED' });
    expect(await enforceBudgets(world.deps)).toEqual([]);
  });

  it('stops what scripts run when the hours since its creation are over', async () => {
    const experiment = await addCostly({ maxHours: 2, whenSpent: 'stop' }, null);
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    await world.deps.database.transaction((tx) =>
      tx.query(`/* test */ UPDATE experiment SET created_at = created_at - interval '3 hours' WHERE id = $1`, [
        experiment.id,
      ]),
    );

    await enforceBudgets(world.deps);

    expect(await trialNow(world, started!.trial.id)).toMatchObject({
      state: 'RUNNING',
      stopMessage: expect.stringMatching(/^the budget is spent: 3\S* of 2 hours since its creation$/),
    });
    await finishTrial(world.deps, world.admin, { trialId: started!.trial.id, attempt: 1, state: 'STOPPED' });
    expect((await now(experiment)).state).toBe('COMPLETED');
    expect(await costOf(experiment)).toMatchObject({ gpuHours: 0, slotHours: 0 });
  });

  it('prunes what a scheduler paused, with its value, and completes the search once', async () => {
    const budget = { maxHours: 2, whenSpent: 'stop' } as const;
    const experiment = await addScheduled(world, ASHA, { maxTrials: 4, maxParallel: 4, budget });
    const [running, waiting, ...others] = await lease(world, worker, { max: 4 });
    await finish(world, worker, waiting!, 'PREEMPTED');
    for (const [i, leased] of others.entries()) {
      await report(world, leased.trial, 1, 1, i);
      await obeyPause(world, worker, leased);
    }
    await ageExperiment(world, experiment, 3);

    await enforceBudgets(world.deps);

    for (const [i, { trial }] of others.entries())
      expect(await trialNow(world, trial.id)).toMatchObject({
        state: 'PRUNED',
        value: i,
        message: expect.stringMatching(/^paused \(waits at rung 1.*\), the budget is spent: 3 of 2 hours/),
      });
    expect(await trialNow(world, waiting!.trial.id)).toMatchObject({ state: 'STOPPED', stopReason: 'EXPERIMENT' });
    expect(await trialNow(world, running!.trial.id)).toMatchObject({ state: 'RUNNING', stopReason: 'EXPERIMENT' });
    await finish(world, worker, running!, 'TERMINATED');
    expect((await now(experiment)).state).toBe('COMPLETED');
  });

  it('completes a search of which all is paused when its hours are over', async () => {
    const budget = { maxHours: 2, whenSpent: 'stop' } as const;
    const experiment = await addScheduled(world, ASHA, { maxTrials: 3, maxParallel: 2, budget });
    const leased = await lease(world, worker, { max: 2 });
    for (const one of leased) await report(world, one.trial, 1, 1, 4);
    for (const one of leased) await obeyPause(world, worker, one);
    await ageExperiment(world, experiment, 3);

    expect(await enforceBudgets(world.deps)).toContain(experiment.id);

    for (const { trial } of leased)
      expect(await trialNow(world, trial.id)).toMatchObject({ state: 'PRUNED', value: 4 });
    expect((await now(experiment)).state).toBe('COMPLETED');
    expect(await messagesOf(experiment, 'EXPERIMENT_COMPLETED')).toHaveLength(1);
  });

  it('is what older searches have none of', async () => {
    const experiment = await addCostly({ maxTrials: 5 });
    await world.deps.database.transaction((tx) =>
      tx.query(
        `/* test */ UPDATE experiment SET search = jsonb_set(search, '{budget}', '{"maxTrials": 5, "maxParallel": 2, "maxHours": null}') WHERE id = $1`,
        [experiment.id],
      ),
    );

    expect((await now(experiment)).search?.budget).toEqual({
      maxTrials: 5,
      maxParallel: 2,
      maxHours: null,
      maxGpuHours: null,
      maxSlotHours: null,
      whenSpent: 'finish',
    });
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('is positive, and its cost is for those who may see the experiment', async () => {
    for (const hours of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => checkBudget({ maxGpuHours: hours })).toThrow('maxGpuHours must be a number > 0');
      expect(await codeOf(addCostly({ maxSlotHours: hours }))).toBe('INPUT_INVALID');
    }
    const { admin } = await addOrganization(world);
    const experiment = await addCostly({});
    expect(await loadCosts(world.deps, admin, [experiment.id])).toEqual([null]);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { bestTrials, experimentCounts } from '../../../src/service/experiment/load-experiments.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { listTrainingJobs } from '../../../src/service/job/list-training-jobs.js';
import { drainRunner } from '../../../src/service/runner/drain-runner.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { addUser, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lease, leaseOne, reportLoss } from './queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('leaseJobs', () => {
  it('leases each job once, with gapless numbers and the budget kept, to a hundred callers at once', async () => {
    const experiment = await addSearch(world, { maxTrials: 60, maxParallel: 60 });
    const workers = await Promise.all(Array.from({ length: 5 }, () => addRunner(world)));

    const calls = Array.from({ length: 100 }, (_, i) => lease(world, workers[i % 5] as never));
    const leased = (await Promise.all(calls)).flat();
    const rest = await lease(world, workers[0] as never, { max: 10 });

    expect([...leased, ...rest]).toHaveLength(60);
    expect(new Set([...leased, ...rest].map((one) => one.job.id)).size).toBe(60);
    expect([...leased, ...rest].map((one) => one.trial.number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    );
    expect(
      leased.every((one) => one.epoch === 1 && one.trial.state === 'RUNNING' && one.job.state === 'STARTING'),
    ).toBe(true);
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.nextNumber).toBe(60);
  });

  it('runs no more at once than maxParallel, and completes the experiment with its last trial', async () => {
    const experiment = await addSearch(world, { maxTrials: 3, maxParallel: 2 });
    const worker = await addRunner(world);

    const first = await lease(world, worker, { max: 10 });
    expect(first).toHaveLength(2);
    for (const one of first) {
      await reportLoss(world, one.trial, [one.trial.number]);
      await finish(world, worker, one, 'COMPLETED');
    }
    const [last, ...more] = await lease(world, worker, { max: 10 });
    expect(more).toEqual([]);
    await reportLoss(world, (last as never as (typeof first)[0]).trial, [5]);
    await finish(world, worker, last as never, 'COMPLETED');

    expect(await lease(world, worker)).toEqual([]);
    expect(await findExperiment(world.deps, world.admin, { id: experiment.id })).toMatchObject({
      state: 'COMPLETED',
      nextNumber: 3,
    });
    expect((await experimentCounts(world.deps, world.admin, [experiment.id]))[0]).toMatchObject({
      completed: 3,
      total: 3,
    });
    expect((await bestTrials(world.deps, world.admin, [experiment.id]))[0]).toMatchObject({ number: 0, value: 0 });
  });

  it('gives the same leases with fresh tokens to a retry, and proposes nothing for it', async () => {
    const experiment = await addSearch(world, { maxTrials: 4, maxParallel: 4 });
    const worker = await addRunner(world);

    const first = await lease(world, worker, { max: 2, clientRequestId: 'again' });
    const second = await lease(world, worker, { max: 2, clientRequestId: 'again' });

    expect(second.map((one) => [one.job.id, one.epoch])).toEqual(first.map((one) => [one.job.id, one.epoch]));
    expect(second[0]?.token).not.toBe(first[0]?.token);
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.nextNumber).toBe(2);
    for (const one of first) await finish(world, worker, one, 'FAILED');
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('shares a pool between experiments, those with the fewest jobs first', async () => {
    const worker = await addRunner(world);
    const one = await addSearch(world, { maxTrials: 8, maxParallel: 8 });
    const two = await addSearch(world, { maxTrials: 8, maxParallel: 8 });

    const leased = await lease(world, worker, { max: 8 });

    expect(leased.filter((job) => job.trial.experimentId === one.id)).toHaveLength(4);
    expect(leased.filter((job) => job.trial.experimentId === two.id)).toHaveLength(4);
    for (const { id } of [one, two]) await pauseExperiment(world.deps, world.admin, { id });
  });

  it('never gives a runner more than its slots, whatever it says', async () => {
    const experiment = await addSearch(world, { maxTrials: 8, maxParallel: 8 }, { resources: { slots: 2 } });
    const worker = await addRunner(world, { slots: 5 });

    expect(await lease(world, worker, { max: 8, freeSlots: 100 })).toHaveLength(2);
    expect(await lease(world, worker, { max: 8, freeSlots: 100 })).toHaveLength(0);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('takes nothing from a paused experiment, and goes on when it is resumed', async () => {
    const experiment = await addSearch(world, { maxTrials: 2, maxParallel: 2 });
    const worker = await addRunner(world);
    await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });

    expect(await lease(world, worker)).toEqual([]);
    await resumeExperiment(world.deps, world.admin, { id: experiment.id });
    const leased = await lease(world, worker, { max: 5 });

    expect(leased.map((one) => one.trial.proposedBy)).toEqual(['user', 'random']);
    expect(leased[0]).toMatchObject({ trial: { params: { x: 0.5 } }, job: { command: ['train'] }, leaseSeconds: 60 });
  });

  it('leaves out an experiment that cannot propose, says so, and leases the work of others', async () => {
    const broken = await addSearch(world, { maxTrials: 8, maxParallel: 8 });
    const sound = await addSearch(world, { maxTrials: 3, maxParallel: 3 });
    const worker = await addRunner(world);
    await world.deps.database.transaction((tx) =>
      tx.query(
        `/* test */ UPDATE experiment SET search = jsonb_set(search, '{space}', '{"parameters": 5}') WHERE id = $1`,
        [broken.id],
      ),
    );
    const before = world.logged.length;

    const leased = await lease(world, worker, { max: 5 });

    expect(leased.map(({ trial }) => [trial.experimentId, trial.number])).toEqual([
      [sound.id, 0],
      [sound.id, 1],
      [sound.id, 2],
    ]);
    expect(world.logged.slice(before)).toContainEqual(expect.stringMatching(`^no proposal for ${broken.id}: `));
    for (const { id } of [broken, sound]) await stopExperiment(world.deps, world.admin, { id });
  });

  it('gives a draining runner nothing', async () => {
    const experiment = await addSearch(world);
    const worker = await addRunner(world);
    await drainRunner(world.deps, world.admin, { id: worker.runner.id });

    expect(await lease(world, worker)).toEqual([]);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it("refuses another key's runner, and everybody who is no runner", async () => {
    const [mine, other] = [await addRunner(world), await addRunner(world)];
    const viewer = await addUser(world, { role: 'admin' });

    expect(await codeOf(lease(world, { principal: mine.principal, runner: other.runner }))).toBe('NOT_FOUND');
    expect(await codeOf(lease(world, { principal: viewer as never, runner: other.runner }))).toBe('FORBIDDEN');
  });

  it('lists jobs by pool and state', async () => {
    const experiment = await addSearch(world);
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);

    const page = await listTrainingJobs(world.deps, world.admin, {
      first: 200,
      poolId: world.pool.id,
      states: ['STARTING'],
      trialId: leased.trial.id,
    });

    expect(page.items.map((job) => job.id)).toEqual([leased.job.id]);
    expect(await page.total()).toBe(1);
    await finish(world, worker, leased, 'FAILED');
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });
});

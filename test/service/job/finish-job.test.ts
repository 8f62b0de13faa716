import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { bestTrials } from '../../../src/service/experiment/load-experiments.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { finishJob } from '../../../src/service/job/finish-job.js';
import { loadJobsByTrial } from '../../../src/service/job/load-training-jobs.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { startJob } from '../../../src/service/job/start-job.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lapse, lease, leaseOne, reportLoss, trialNow } from './queue.js';

let world: World;
const open: Experiment[] = [];
beforeAll(async () => {
  world = await openWorld();
});
afterEach(async () => {
  for (const { id } of open.splice(0)) await stopExperiment(world.deps, world.admin, { id });
});
afterAll(() => world.close());

async function searching(maxTrials = 10): Promise<Experiment> {
  const experiment = await addSearch(world, { maxTrials });
  open.push(experiment);
  return experiment;
}

describe('finishJob', () => {
  it('completes the trial with the last value of the objective, and says that it is the best', async () => {
    const experiment = await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await reportLoss(world, leased.trial, [3, 1, 2]);

    expect(await startJob(world.deps, worker.principal, { jobId: leased.job.id, epoch: leased.epoch })).toMatchObject({
      outcome: 'ACCEPTED',
      job: { state: 'RUNNING' },
    });
    const written = await finish(world, worker, leased, 'COMPLETED');

    expect(written).toMatchObject({ outcome: 'ACCEPTED', job: { state: 'COMPLETED', cause: null } });
    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'COMPLETED', value: 2, endedSequence: 2 });
    expect((await bestTrials(world.deps, world.admin, [experiment.id]))[0]?.id).toBe(leased.trial.id);
    const events = await world.deps.database.read.query<{ kind: string }>(
      `/* test */ SELECT kind FROM event WHERE experiment_id = $1 ORDER BY id`,
      [experiment.id],
    );
    expect(events.map((event) => event.kind)).toEqual([
      'EXPERIMENT_CREATED',
      'TRIAL_CREATED',
      'JOB_QUEUED',
      'JOB_LEASED',
      'JOB_STARTED',
      'JOB_ENDED',
      'TRIAL_ENDED',
      'TRIAL_BEST',
    ]);
  });

  it.each([
    ['NaN', Number.NaN, { state: 'FAILED', cause: 'USER_CODE', message: 'NAN_OBJECTIVE: the objective loss is NaN' }],
    ['nothing', null, { state: 'FAILED', cause: 'USER_CODE', value: null }],
    ['an infinity', -Infinity, { state: 'COMPLETED', cause: null, value: -Infinity }],
  ])('treats %s as an objective as the rules say, and never as best', async (_, value, expected) => {
    const experiment = await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    if (value !== null) await reportLoss(world, leased.trial, [1, value]);

    await finish(world, worker, leased, 'COMPLETED');

    expect(await trialNow(world, leased.trial.id)).toMatchObject(expected);
    expect(await bestTrials(world.deps, world.admin, [experiment.id])).toEqual([null]);
  });

  it('queues the next attempt when the job was lost or preempted, under a higher epoch', async () => {
    await searching(1);
    const worker = await addRunner(world);
    const first = await leaseOne(world, worker);
    await finish(world, worker, first, 'PREEMPTED');
    expect(await trialNow(world, first.trial.id)).toMatchObject({ state: 'WAITING', attempt: 1 });

    const second = await leaseOne(world, worker);
    await finish(world, worker, second, 'LOST', 'USER_CODE');
    const third = await leaseOne(world, worker);

    expect([second.trial.id, third.trial.id]).toEqual([first.trial.id, first.trial.id]);
    expect([first, second, third].map((one) => [one.job.attempt, one.epoch])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const [jobs] = await loadJobsByTrial(world.deps, world.admin, [first.trial.id]);
    expect(jobs?.map((job) => [job.state, job.cause])).toEqual([
      ['PREEMPTED', 'PREEMPTED'],
      ['LOST', 'INFRASTRUCTURE'],
      ['STARTING', null],
    ]);
  });

  it('changes nothing for a fenced attempt, nor for a second finish', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await lapse(world, leased.trial.id);
    await reclaimLeases(world.deps);
    await lapse(world, leased.trial.id);
    await reclaimLeases(world.deps);
    const before = await trialNow(world, leased.trial.id);
    expect(before.state).toBe('WAITING');

    expect((await finish(world, worker, leased, 'COMPLETED')).outcome).toBe('FENCED');
    expect((await startJob(world.deps, worker.principal, { jobId: leased.job.id, epoch: leased.epoch })).outcome).toBe(
      'FENCED',
    );
    expect(await trialNow(world, leased.trial.id)).toEqual(before);

    const next = await leaseOne(world, worker);
    expect(next.epoch).toBe(3);
    expect((await finish(world, worker, leased, 'FAILED')).outcome).toBe('FENCED');
    expect((await finish(world, worker, next, 'FAILED', 'USER_CODE')).outcome).toBe('ACCEPTED');
    expect((await finish(world, worker, next, 'COMPLETED')).outcome).toBe('FENCED');
    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'FAILED', cause: 'USER_CODE', attempt: 2 });
  });

  it('fails the trial as poison with the third runner that dies holding it', async () => {
    const experiment = await searching(1);
    const [first] = [await addRunner(world, { name: 'agent' })];
    const leases = [await leaseOne(world, first)];
    for (let boot = 0; boot < 3; boot++) {
      const again = await addRunner(world, { name: 'agent', principal: first.principal });
      const [next] = await lease(world, again);
      if (next !== undefined) leases.push(next);
    }

    expect(leases.map((one) => one.job.attempt)).toEqual([1, 2, 3]);
    const trial = await trialNow(world, leases[0]!.trial.id);
    expect(trial).toMatchObject({ state: 'FAILED', cause: 'POISON' });
    const [jobs] = await loadJobsByTrial(world.deps, world.admin, [trial.id]);
    expect(jobs?.map((job) => [job.state, job.cause])).toEqual(
      Array.from({ length: 3 }, () => ['LOST', 'INFRASTRUCTURE']),
    );
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });

  it('keeps what was told under the same clientRequestId', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    const input = {
      jobId: leased.job.id,
      epoch: leased.epoch,
      outcome: 'FAILED',
      cause: 'OOM',
      clientRequestId: 'once',
    } as const;

    expect((await finishJob(world.deps, worker.principal, input)).outcome).toBe('ACCEPTED');
    expect((await finishJob(world.deps, worker.principal, input)).outcome).toBe('ACCEPTED');
    expect(await codeOf(finishJob(world.deps, worker.principal, { ...input, outcome: 'COMPLETED' }))).toBe(
      'REQUEST_ID_REUSED',
    );
    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'FAILED', cause: 'OOM' });
  });

  it('hides the job from runners of other keys', async () => {
    await searching();
    const [mine, other] = [await addRunner(world), await addRunner(world)];
    const leased = await leaseOne(world, mine);

    expect(await codeOf(finish(world, other, leased, 'COMPLETED'))).toBe('NOT_FOUND');
  });

  it('runs trials made by hand', async () => {
    const experiment = await searching();
    const trial = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.25 } });
    const worker = await addRunner(world);

    expect((await leaseOne(world, worker)).trial.id).toBe(trial.id);
    expect(await codeOf(createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 2 } }))).toBe(
      'INPUT_INVALID',
    );
  });
});

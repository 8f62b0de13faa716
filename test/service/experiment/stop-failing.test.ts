import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { FailureCause, Trial } from '../../../src/domain/trial.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { finishJob } from '../../../src/service/job/finish-job.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, lease, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function addFailing(part: { failureLimit?: number; command?: readonly string[] } = {}): Promise<Experiment> {
  const { failureLimit = null, command = null } = part;
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('failing'),
    command,
    search: {
      space: { x: { kind: 'float', low: 0, high: 1 } },
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'random' },
      budget: { maxTrials: 100, maxParallel: 20 },
      failureLimit,
    },
  });
}

async function ask({ id }: Experiment): Promise<Trial> {
  const { started } = await askTrial(world.deps, world.admin, { experimentId: id });
  return started!.trial;
}

async function fail(experiment: Experiment, message: string | null, cause: FailureCause = 'USER_CODE'): Promise<void> {
  const { id } = await ask(experiment);
  await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, state: 'FAILED', message, cause });
}

async function stateOf({ id }: Experiment): Promise<string | undefined> {
  return (await findExperiment(world.deps, world.admin, { id }))?.state;
}

async function eventOf({ id }: Experiment): Promise<{ message: string; data: Record<string, unknown> } | undefined> {
  const [event] = await world.deps.database.read.query<{ message: string; data: Record<string, unknown> }>(
    `/* test */ SELECT message, data FROM event WHERE experiment_id = $1 AND kind = 'EXPERIMENT_STOPPED'`,
    [id],
  );
  return event;
}

const OOPS = (n: number) => `RuntimeError: step ${n} at 0x7f${n}a: x is nan`;

describe('a search whose trials fail alike', () => {
  it('is stopped after the fifth in a row, with what waits and what runs, and says why and what to do', async () => {
    const experiment = await addFailing();
    const running = await ask(experiment);
    for (let n = 1; n <= 4; n++) await fail(experiment, OOPS(n));
    const waiting = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });
    expect(await stateOf(experiment)).toBe('ACTIVE');

    // A script is given the waiting one first.
    await fail(experiment, OOPS(5));

    expect(await stateOf(experiment)).toBe('STOPPED');
    expect(await trialNow(world, running.id)).toMatchObject({ state: 'RUNNING', stopReason: 'EXPERIMENT' });
    expect((await trialNow(world, waiting.id)).state).toBe('FAILED');
    const event = await eventOf(experiment);
    expect(event?.message).toContain(`its last 5 trials failed with the same message, “${OOPS(5)}”`);
    expect(event?.message).toContain('mend the training code and resume');
    expect(event?.data).toEqual({ reason: 'FAILURES', failure: OOPS(5), trials: [1, 2, 3, 4, 5] });
    expect(await askTrial(world.deps, world.admin, { experimentId: experiment.id })).toMatchObject({ done: true });
  });

  it('takes its waiting trials out of the queue of runners', async () => {
    const experiment = await addFailing({ command: ['train'], failureLimit: 2 });
    const worker = await addRunner(world);
    const leased = await lease(world, worker, { max: 2 });
    const waiting = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });

    for (const { job, epoch } of leased)
      await finishJob(world.deps, worker.principal, {
        jobId: job.id,
        epoch,
        outcome: 'FAILED',
        cause: 'USER_CODE',
        message: 'exit code 3',
      });

    expect(leased).toHaveLength(2);
    expect(await stateOf(experiment)).toBe('STOPPED');
    expect(await trialNow(world, waiting.id)).toMatchObject({
      state: 'STOPPED',
      stopMessage: expect.stringContaining('“exit code 3”'),
    });
    expect(await lease(world, worker, { max: 5 })).toEqual([]);
  });

  it('counts trials that ended without a value, which is the same failure each time', async () => {
    const experiment = await addFailing({ command: ['train'], failureLimit: 3 });
    const worker = await addRunner(world);
    for (const { job, epoch } of await lease(world, worker, { max: 3 }))
      await finishJob(world.deps, worker.principal, { jobId: job.id, epoch, outcome: 'COMPLETED' });

    expect(await stateOf(experiment)).toBe('STOPPED');
  });

  it.each<[string, (experiment: Experiment) => Promise<void>]>([
    ['another message', (experiment) => fail(experiment, 'KeyError: lr')],
    ['another cause', (experiment) => fail(experiment, OOPS(3), 'OOM')],
    ['no message', (experiment) => fail(experiment, null)],
    [
      'a trial that completes',
      async (experiment) => {
        const { id } = await ask(experiment);
        await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, state: 'COMPLETED', value: 1 });
      },
    ],
  ])('goes on when %s comes between', async (_, between) => {
    const experiment = await addFailing({ failureLimit: 3 });
    for (const n of [1, 2]) await fail(experiment, OOPS(n));
    await between(experiment);
    for (const n of [4, 5]) await fail(experiment, OOPS(n));

    expect(await stateOf(experiment)).toBe('ACTIVE');
    await fail(experiment, OOPS(6));
    expect(await stateOf(experiment)).toBe('STOPPED');
  });

  it('goes on without a message to compare, and where no number may stop it', async () => {
    const [silent, endless] = [await addFailing({ failureLimit: 2 }), await addFailing({ failureLimit: 0 })];
    for (let n = 0; n < 8; n++) await fail(silent, null);
    for (let n = 0; n < 8; n++) await fail(endless, OOPS(n));

    expect([await stateOf(silent), await stateOf(endless)]).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('counts anew after it was resumed', async () => {
    const experiment = await addFailing({ failureLimit: 2 });
    for (const n of [1, 2]) await fail(experiment, OOPS(n));
    expect(await stateOf(experiment)).toBe('STOPPED');

    await resumeExperiment(world.deps, world.admin, { id: experiment.id });
    await fail(experiment, OOPS(3));
    expect(await stateOf(experiment)).toBe('ACTIVE');
    await fail(experiment, OOPS(4));
    expect(await stateOf(experiment)).toBe('STOPPED');
  });

  it('is stopped once when many fail at the same moment on two servers', async () => {
    const experiment = await addFailing();
    const trials: Trial[] = [];
    for (let n = 0; n < 10; n++) trials.push(await ask(experiment));
    const servers = [world.deps, await world.openServer()];

    await Promise.all(
      trials.map(({ id }, n) =>
        finishTrial(servers[n % 2]!, world.admin, { trialId: id, attempt: 1, state: 'FAILED', message: OOPS(n) }),
      ),
    );

    expect(await stateOf(experiment)).toBe('STOPPED');
    const events = await world.deps.database.read.query(
      `/* test */ SELECT 1 FROM event WHERE experiment_id = $1 AND kind = 'EXPERIMENT_STOPPED'`,
      [experiment.id],
    );
    expect(events).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import { identifyToken } from '../../../src/service/access/identify.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { updateTrial } from '../../../src/service/trial/update-trial.js';
import { requestStop } from '../../../src/store/queries/trial.js';
import { setMembership } from '../../../src/store/queries/user.js';
import { addOrganization, addUser, codeOf, reloadUser, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, leaseOne, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Nothing was heard of the trial for an hour. */
async function silence(id: TrialId): Promise<void> {
  await world.deps.database.transaction((tx) =>
    tx.query(`/* test */ UPDATE trial SET contact_at = clock_timestamp() - interval '1 hour' WHERE id = $1`, [id]),
  );
}

function addAsked(budget = { maxTrials: 2, maxParallel: 1 }) {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('asked'),
    search: {
      space: { x: { kind: 'categorical', choices: ['a', 'b', 'c'] } },
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'random' },
      budget,
    },
  });
}

describe('startTrial', () => {
  it('makes project and experiment when they are missing, and gives a token of the attempt', async () => {
    const started = await startTrial(world.deps, world.admin, {
      project: 'new',
      experiment: 'tracked',
      params: { lr: 0.1, on: true, note: null },
      tags: ['a', 'a'],
    });

    expect(started).toMatchObject({
      attempt: 1,
      trial: {
        number: 0,
        state: 'RUNNING',
        attempt: 1,
        params: { lr: 0.1, on: true, note: null },
        tags: ['a'],
        proposedBy: 'user',
      },
    });
    expect(await identifyToken(world.deps, started.token)).toMatchObject({
      kind: 'trial',
      trialId: started.trial.id,
      attempt: 1,
      epoch: 1,
    });
    expect((await findTrial(world.deps, world.admin, { path: 'new/tracked/0' }))?.id).toBe(started.trial.id);
  });

  it('numbers trials without gaps when many start at once', async () => {
    const calls = Array.from({ length: 20 }, () =>
      startTrial(world.deps, world.admin, { project: 'project', experiment: 'crowd' }),
    );

    const numbers = (await Promise.all(calls)).map((started) => started.trial.number);

    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('goes on with a trial under a higher epoch, which fences the attempt before', async () => {
    const first = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'resumed' });
    const second = await startTrial(world.deps, world.admin, { trialId: first.trial.id });

    const zombie = (await identifyToken(world.deps, first.token)) as never;
    expect(second.attempt).toBe(2);
    expect(
      await codeOf(finishTrial(world.deps, zombie, { trialId: first.trial.id, attempt: 1, state: 'COMPLETED' })),
    ).toBe('STATE_CONFLICT');
    expect(await trialNow(world, first.trial.id)).toMatchObject({ state: 'RUNNING', attempt: 2 });
    const current = (await identifyToken(world.deps, second.token)) as never;
    expect(
      await finishTrial(world.deps, current, { trialId: first.trial.id, attempt: 2, state: 'COMPLETED', value: 1 }),
    ).toMatchObject({ state: 'COMPLETED', value: 1 });
    expect(await codeOf(startTrial(world.deps, world.admin, { trialId: first.trial.id }))).toBe('STATE_CONFLICT');
  });

  it('gives the same attempt with a fresh token to a retry', async () => {
    const input = { project: 'project', experiment: 'retried', clientRequestId: 'start' };
    const [first, second] = [
      await startTrial(world.deps, world.admin, input),
      await startTrial(world.deps, world.admin, input),
    ];

    expect([second.trial.id, second.attempt]).toEqual([first.trial.id, 1]);
    expect(second.token).not.toBe(first.token);
  });

  it('gives the same proposal with a fresh token that works to one who asks again, until it is deleted', async () => {
    const experiment = await addAsked();
    const input = { experimentId: experiment.id, clientRequestId: 'ask-again' };
    const [first, second] = [
      (await askTrial(world.deps, world.admin, input)).started!,
      (await askTrial(world.deps, world.admin, input)).started!,
    ];

    expect([second.trial.id, second.attempt]).toEqual([first.trial.id, 1]);
    expect(second.token).not.toBe(first.token);
    for (const { token } of [first, second])
      expect(await identifyToken(world.deps, token)).toMatchObject({ kind: 'trial', trialId: first.trial.id });
    const kept = await world.deps.database.read.query<{ reply: unknown }>(
      `/* test */ SELECT reply FROM client_request WHERE request_id = 'ask-again'`,
    );
    expect(JSON.stringify(kept)).not.toContain(first.token);
    await finishTrial(world.deps, world.admin, { trialId: first.trial.id, attempt: 1, state: 'STOPPED' });
    await deleteTrial(world.deps, world.admin, { id: first.trial.id });
    expect(await codeOf(askTrial(world.deps, world.admin, input))).toBe('NOT_FOUND');
  });

  it('refuses viewers, and hides what is foreign', async () => {
    const viewer = await addUser(world, { role: 'viewer' });
    const foreign = await addOrganization(world);
    const { trial } = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'hidden' });

    expect(await codeOf(startTrial(world.deps, viewer, { project: 'project', experiment: 'hidden' }))).toBe(
      'FORBIDDEN',
    );
    expect(await codeOf(finishTrial(world.deps, viewer, { trialId: trial.id, attempt: 1, state: 'FAILED' }))).toBe(
      'FORBIDDEN',
    );
    expect(await codeOf(stopTrial(world.deps, foreign.admin, { id: trial.id }))).toBe('NOT_FOUND');
    expect(await findTrial(world.deps, foreign.admin, { id: trial.id })).toBeNull();
  });

  it('gives no fresh token to a retry of somebody who may no longer write', async () => {
    const experiment = await addAsked();
    const writer = await addUser(world, { projects: [[world.project.id, 'writer']] });
    const asking = { experimentId: experiment.id, clientRequestId: 'demoted-ask' };
    const starting = { project: 'project', experiment: 'demoted', clientRequestId: 'demoted-start' };
    await askTrial(world.deps, writer, asking);
    await startTrial(world.deps, writer, starting);

    await world.deps.database.transaction((tx) =>
      setMembership(tx, { ...writer, id: writer.userId }, world.project.id, 'viewer'),
    );
    const demoted = await reloadUser(world.deps, writer.userId);

    expect(await codeOf(askTrial(world.deps, demoted, asking))).toBe('FORBIDDEN');
    expect(await codeOf(startTrial(world.deps, demoted, starting))).toBe('FORBIDDEN');
  });

  it('does not take a trial away from runners', async () => {
    const experiment = await addSearch(world);
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);

    expect(await codeOf(startTrial(world.deps, world.admin, { trialId: leased.trial.id }))).toBe('STATE_CONFLICT');
    expect(experiment.id).toBe(leased.trial.experimentId);
    await finish(world, worker, leased, 'FAILED');
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });
});

describe('finishTrial', () => {
  it('is idempotent for the same state and refuses another one', async () => {
    const { trial } = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'told' });
    const tell = (state: 'COMPLETED' | 'FAILED') =>
      finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state, message: 'done' });

    const first = await tell('COMPLETED');
    expect(await tell('COMPLETED')).toEqual(first);
    expect(await codeOf(tell('FAILED'))).toBe('STATE_CONFLICT');
    expect(
      await codeOf(finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 7, state: 'COMPLETED' })),
    ).toBe('STATE_CONFLICT');
  });

  it.each([
    [
      { state: 'COMPLETED', value: Number.NaN },
      { state: 'FAILED', cause: 'USER_CODE', message: expect.stringContaining('NAN_OBJECTIVE') },
    ],
    [{ state: 'COMPLETED' }, { state: 'FAILED', cause: 'USER_CODE', message: expect.stringContaining('loss') }],
    [
      { state: 'COMPLETED', value: Infinity },
      { state: 'COMPLETED', value: Infinity },
    ],
    [
      { state: 'COMPLETED', value: -0 },
      { state: 'COMPLETED', value: -0 },
    ],
    [{ state: 'PRUNED' }, { state: 'PRUNED', value: null }],
    [
      { state: 'FAILED', cause: 'OOM', message: 'too big' },
      { state: 'FAILED', cause: 'OOM', message: 'too big' },
    ],
    [{ state: 'STOPPED' }, { state: 'STOPPED', cause: null }],
  ] as const)('told %o in a search, it is %o', async (told, expected) => {
    const experiment = await addAsked();
    const asked = await askTrial(world.deps, world.admin, { experimentId: experiment.id });

    const trial = await finishTrial(world.deps, world.admin, { trialId: asked.started!.trial.id, attempt: 1, ...told });

    expect(trial).toMatchObject(expected);
  });

  it('only notes the value and message of a trial that a runner executes', async () => {
    const experiment = await addSearch(world);
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    const principal = (await identifyToken(world.deps, leased.token)) as never;

    const told = await finishTrial(world.deps, principal, {
      trialId: leased.trial.id,
      attempt: 1,
      state: 'COMPLETED',
      value: 0.5,
      message: 'fine',
    });
    expect(told).toMatchObject({ state: 'RUNNING', value: 0.5, message: 'fine' });
    await finish(world, worker, leased, 'COMPLETED');

    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'COMPLETED', value: 0.5 });
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });
});

describe('askTrial', () => {
  it('proposes within the budget, says when to come again, and ends the experiment', async () => {
    const experiment = await addAsked();
    const ask = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });

    const first = await ask();
    expect(first).toMatchObject({
      done: false,
      started: { attempt: 1, trial: { number: 0, state: 'RUNNING', proposedBy: 'random' } },
    });
    expect(await ask()).toEqual({ started: null, done: false, retryAfterSeconds: 2 });
    await finishTrial(world.deps, world.admin, {
      trialId: first.started!.trial.id,
      attempt: 1,
      state: 'COMPLETED',
      value: 1,
    });
    const second = await ask();
    await finishTrial(world.deps, world.admin, {
      trialId: second.started!.trial.id,
      attempt: 1,
      state: 'COMPLETED',
      value: 2,
    });

    expect(await ask()).toEqual({ started: null, done: true, retryAfterSeconds: null });
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });

  it('takes a waiting trial first, and each proposal once when many ask', async () => {
    const experiment = await addAsked({ maxTrials: 3, maxParallel: 10 });
    const waiting = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 'b' } });

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => askTrial(world.deps, world.admin, { experimentId: experiment.id })),
    );

    const trials = answers.flatMap((answer) => (answer.started === null ? [] : [answer.started.trial]));
    expect(trials.map((trial) => trial.number).sort()).toEqual([0, 1, 2]);
    expect(trials.find((trial) => trial.number === 0)?.id).toBe(waiting.id);
    expect(new Set(trials.map((trial) => trial.params.x))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('completes an experiment whose space is exhausted', async () => {
    const experiment = await addAsked({ maxTrials: 100, maxParallel: 3 });
    for (let i = 0; i < 3; i++) {
      const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
      await finishTrial(world.deps, world.admin, {
        trialId: started!.trial.id,
        attempt: 1,
        state: 'COMPLETED',
        value: i,
      });
    }

    expect(await askTrial(world.deps, world.admin, { experimentId: experiment.id })).toMatchObject({ done: true });
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });
});

describe('stopTrial, updateTrial and deleteTrial', () => {
  it('stops a waiting trial at once, with its job', async () => {
    const experiment = await addSearch(world);
    const trial = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });

    expect(await stopTrial(world.deps, world.admin, { id: trial.id })).toMatchObject({
      state: 'STOPPED',
      stopReason: 'USER',
      endedSequence: 2,
    });
    const rows = await world.deps.database.read.query<{ state: string }>(
      `/* test */ SELECT state FROM training_job WHERE trial_id = $1`,
      [trial.id],
    );
    expect(rows).toEqual([{ state: 'TERMINATED' }]);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('asks a running script to stop, and leaves an ended trial as it is', async () => {
    const { trial } = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'stopped' });

    expect(await stopTrial(world.deps, world.admin, { id: trial.id, reason: 'enough' })).toMatchObject({
      state: 'RUNNING',
      stopReason: 'USER',
      stopMessage: 'enough',
    });
    await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'STOPPED' });
    expect(await stopTrial(world.deps, world.admin, { id: trial.id, reason: 'again' })).toMatchObject({
      state: 'STOPPED',
      stopMessage: 'enough',
    });
  });

  it('ends the trial of a script that is gone, so that the search goes on', async () => {
    const experiment = await addAsked();
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const { id } = started!.trial;
    await stopTrial(world.deps, world.admin, { id, reason: 'first' });
    await silence(id);

    const stopped = await stopTrial(world.deps, world.admin, { id, reason: 'second' });

    expect(stopped).toMatchObject({ state: 'STOPPED', stopReason: 'USER', stopMessage: 'first' });
    expect(await askTrial(world.deps, world.admin, { experimentId: experiment.id })).toMatchObject({
      started: { trial: { number: 1 } },
    });
  });

  it('tells a script that comes back after such a stop to end', async () => {
    const { trial, token } = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'asleep' });
    await silence(trial.id);
    await stopTrial(world.deps, world.admin, { id: trial.id, reason: 'gone' });

    const principal = (await identifyToken(world.deps, token)) as never;
    const { verdict } = await reportMetrics(world.deps, principal, {
      trialId: trial.id,
      attempt: 1,
      stream: 's',
      seq: 0,
      series: [{ key: 'loss', steps: Float64Array.of(0), values: Float64Array.of(1), times: Float64Array.of(0) }],
    });

    expect(verdict).toEqual({ stop: true, pause: false, reason: 'gone' });
  });

  it('ends a waiting trial although somebody had asked it to stop when it ran', async () => {
    const experiment = await addSearch(world);
    const trial = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });
    await world.deps.database.transaction((tx) => requestStop(tx, trial.id, 'PRUNER', 'bad'));

    expect(await stopTrial(world.deps, world.admin, { id: trial.id })).toMatchObject({ state: 'STOPPED' });
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('changes what is given, and refuses to delete what runs', async () => {
    const { trial } = await startTrial(world.deps, world.admin, {
      project: 'project',
      experiment: 'named',
      name: 'first',
      tags: ['a'],
    });

    expect(await updateTrial(world.deps, world.admin, { id: trial.id, tags: ['b'] })).toMatchObject({
      name: 'first',
      tags: ['b'],
    });
    expect(await updateTrial(world.deps, world.admin, { id: trial.id, name: null })).toMatchObject({
      name: null,
      tags: ['b'],
    });
    expect(await codeOf(deleteTrial(world.deps, world.admin, { id: trial.id }))).toBe('STATE_CONFLICT');
    await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'FAILED' });
    expect(await deleteTrial(world.deps, world.admin, { id: trial.id })).toBe(true);
    expect(await findTrial(world.deps, world.admin, { id: trial.id })).toBeNull();
  });
});

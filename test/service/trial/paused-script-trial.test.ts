import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPaused } from '../../../src/domain/lifecycle.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { noteTold } from '../../../src/store/queries/trial.js';
import { codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { trialNow } from '../job/queue.js';
import { ASHA, addScheduled, ageExperiment, report } from '../search/scheduled.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const scripted = (maxTrials = 3) => addScheduled(world, ASHA, { maxTrials, maxParallel: 1, command: null });

function tell(trialId: string, attempt: number, state: 'PAUSED' | 'COMPLETED' | 'FAILED') {
  return finishTrial(world.deps, world.admin, { trialId, attempt, state });
}

describe('a script that asks and tells', () => {
  it('pauses trials, and is given the best of them again before anything is new', async () => {
    const experiment = await scripted(4);
    const ask = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });
    for (const loss of [2, 1, 3]) {
      const { trial, attempt } = (await ask()).started!;
      expect(await report(world, trial, attempt, 1, loss)).toMatchObject({ stop: true, pause: true });
      expect(isPaused(await tell(trial.id, attempt, 'PAUSED'))).toBe(true);
      // Told once more, as after a lost reply.
      expect(isPaused(await tell(trial.id, attempt, 'PAUSED'))).toBe(true);
    }

    const again = (await ask()).started!;
    expect([again.trial.number, again.attempt, again.trial.state]).toEqual([1, 2, 'RUNNING']);
    expect(await report(world, again.trial, 2, 9, 0.5)).toMatchObject({ stop: false });
    expect(await tell(again.trial.id, 2, 'COMPLETED')).toMatchObject({ state: 'COMPLETED', value: 0.5 });

    const last = (await ask()).started!;
    expect(last.trial.number).toBe(3);
    await report(world, last.trial, 1, 1, 4);
    await tell(last.trial.id, 1, 'PAUSED');
    expect(await ask()).toEqual({ started: null, done: true, retryAfterSeconds: null });
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });

  it('may pause only what was asked to, and a stop that was asked for since wins', async () => {
    const experiment = await scripted();
    const { trial } = (await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started!;
    expect(await codeOf(tell(trial.id, 1, 'PAUSED'))).toBe('STATE_CONFLICT');
    await report(world, trial, 1, 1, 1);
    await stopTrial(world.deps, world.admin, { id: trial.id });

    expect(await tell(trial.id, 1, 'PAUSED')).toMatchObject({ state: 'STOPPED', pausedAt: [] });
  });

  it('waits for trials of others that may let one go on, but not for those that were lost', async () => {
    const experiment = await addScheduled(world, ASHA, { maxTrials: 1, maxParallel: 2, command: null });
    const ask = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });
    await ask();
    expect(await ask()).toEqual({ started: null, done: false, retryAfterSeconds: 2 });

    world.clock.advance(16 * 60_000);

    expect(await ask()).toEqual({ started: null, done: true, retryAfterSeconds: null });
  });

  it('completes a search whose hours are over with its last trial, though nobody asks any more', async () => {
    const experiment = await addScheduled(world, ASHA, { maxParallel: 3, command: null, budget: { maxHours: 2 } });
    const ask = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const [paused, other, last] = [
      (await ask()).started!.trial,
      (await ask()).started!.trial,
      (await ask()).started!.trial,
    ];
    for (const [i, { id }] of [paused, other].entries()) {
      await report(world, { id }, 1, 1, i);
      await tell(id, 1, 'PAUSED');
    }
    await ageExperiment(world, experiment, 3);
    expect(await ask()).toMatchObject({ done: true });

    await tell(last.id, 1, 'FAILED');

    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
    for (const [i, { id }] of [paused, other].entries())
      expect(await trialNow(world, id)).toMatchObject({ state: 'PRUNED', value: i, stopReason: 'PRUNER' });
  });

  it('is not sent away while a trial is paused: it goes on with it when a person stops the one that was lost', async () => {
    const experiment = await addScheduled(world, ASHA, { maxTrials: 2, maxParallel: 2, command: null });
    const ask = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const [paused, lost] = [(await ask()).started!.trial, (await ask()).started!.trial];
    await report(world, paused, 1, 1, 1);
    await tell(paused.id, 1, 'PAUSED');
    world.clock.advance(16 * 60_000);
    expect(await ask()).toEqual({ started: null, done: false, retryAfterSeconds: 2 });

    await stopTrial(world.deps, world.admin, { id: lost.id });

    expect((await ask()).started).toMatchObject({ trial: { id: paused.id }, attempt: 2 });
  });

  it('does not know what came while its trial was paused, though somebody resumes it at once', async () => {
    const experiment = await scripted();
    const { trial } = (await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started!;
    await report(world, trial, 1, 1, 1);
    await tell(trial.id, 1, 'PAUSED');
    await report(world, trial, 1, 2, 0.1);

    await startTrial(world.deps, world.admin, { trialId: trial.id });

    const { read } = world.deps.database;
    const stepsNow = async () => {
      const { trials } = await loadHistory(read, world.deps.database, experiment.id, experiment.search!);
      return [...trials[0]!.steps];
    };
    expect(await stepsNow()).toEqual([1]);
    await report(world, trial, 2, 3, 0.2);
    expect(await stepsNow()).toEqual([1, 3]);
  });

  it('forgets what was told of its values when it pauses', async () => {
    const experiment = await scripted();
    const { trial } = (await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started!;
    await world.deps.database.transaction((tx) =>
      noteTold(tx, trial.id, { value: 1, objectiveValues: [1, 2], message: null }),
    );
    await report(world, trial, 1, 1, 1);

    await tell(trial.id, 1, 'PAUSED');

    expect(await trialNow(world, trial.id)).toMatchObject({ value: null, objectiveValues: null });
  });

  it('may go on with a paused trial by its id, and the history knows', async () => {
    const experiment = await scripted();
    const { trial } = (await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started!;
    await report(world, trial, 1, 1, 1);
    await tell(trial.id, 1, 'PAUSED');

    const { attempt } = await startTrial(world.deps, world.admin, { trialId: trial.id });

    expect(attempt).toBe(2);
    const now = await trialNow(world, trial.id);
    expect([now.state, now.pausedAt.length, now.resumedAt.length]).toEqual(['RUNNING', 1, 1]);
    expect(await report(world, trial, 2, 2, 1)).toMatchObject({ stop: false });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId, TrialId } from '../../../src/domain/ids.js';
import type { Deps } from '../../../src/service/deps.js';
import { recordChange, recordEvent } from '../../../src/service/event/record.js';
import {
  type ExperimentDelta,
  type FollowExperimentInput,
  followExperiment,
} from '../../../src/service/experiment/follow-experiment.js';
import { openWorld, type World } from '../../support/world.js';
import { foreigner, newExperiment, newRunningTrial, outsider } from '../metric/running-trial.js';

describe('following an experiment', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('begins with the experiment as it is, and goes on with what changes', async () => {
    const { experimentId, trialId } = await newRunningTrial(world);
    const deltas = take({ experimentId, minIntervalMs: 1 }, 2);
    await pause(50);

    await touch(experimentId, trialId, 'first');

    const [start, next] = await deltas;
    expect([start?.experiment.id, start?.trials, start?.events, start?.bestTrial]).toEqual([
      experimentId,
      [],
      [],
      null,
    ]);
    expect([next?.trials.map(({ id }) => id), next?.events.map(({ message }) => message)]).toEqual([
      [trialId],
      ['first'],
    ]);
  });

  it('names what changed several times once, as it is now', async () => {
    const { experimentId, trialId } = await newRunningTrial(world);
    const [start] = await take({ experimentId }, 1);
    for (const name of ['a', 'b', 'c']) await touch(experimentId, trialId, name);

    const [delta] = await take({ experimentId, after: start?.cursor }, 1);

    expect(delta?.trials.map(({ name }) => name)).toEqual(['c']);
    expect(delta?.events.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('misses nothing of many writers while followers come and go at random', async () => {
    const experimentId = await newExperiment(world);
    const trials = await Promise.all(Array.from({ length: 4 }, () => newRunningTrial(world, experimentId)));
    const random = seeded(3);
    const [start] = await take({ experimentId }, 1);
    const expected = trials.length * 25;

    const followers = [0, 1, 2].map(async () => {
      const seen: string[] = [];
      let after = start?.cursor;
      while (seen.length < expected) {
        for await (const delta of followExperiment(
          world.deps,
          world.admin,
          { experimentId, after, minIntervalMs: 5 },
          new AbortController().signal,
        )) {
          seen.push(...delta.events.map(({ message }) => message));
          after = delta.cursor;
          if (random() < 0.3 || seen.length >= expected) break;
        }
      }
      return seen;
    });
    await Promise.all(
      trials.map(async ({ trialId }, i) => {
        for (let n = 0; n < 25; n++) await touch(experimentId, trialId, `${i}:${n}`, random() * 8);
      }),
    );

    for (const seen of await Promise.all(followers)) {
      expect(seen).toHaveLength(expected);
      expect(new Set(seen).size).toBe(expected);
    }
  });

  it('finds changes soon after an older transaction lets the horizon go on', async () => {
    const { experimentId, trialId } = await newRunningTrial(world);
    const [start] = await take({ experimentId }, 1);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const older = world.deps.database.transaction(async (tx) => {
      await tx.query('SELECT pg_current_xact_id()');
      await held;
    });
    const following = take({ experimentId, after: start?.cursor }, 1);
    await pause(30);
    await touch(experimentId, trialId, 'late');
    await pause(50);
    const startedMs = performance.now();
    release();
    await older;

    const [delta] = await following;

    expect(delta?.events.map(({ message }) => message)).toEqual(['late']);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('hears of changes that another server made', async () => {
    const other = await world.openServer();
    const { experimentId, trialId } = await newRunningTrial(world);
    const [start] = await take({ experimentId }, 1);
    const following = take({ experimentId, after: start?.cursor }, 1);
    await pause(50);
    const startedMs = performance.now();

    await touch(experimentId, trialId, 'from afar', 0, other);

    expect((await following)[0]?.events).toHaveLength(1);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  it('ends when its signal aborts, and with NOT_FOUND when the experiment is deleted', async () => {
    const { experimentId } = await newRunningTrial(world);
    const controller = new AbortController();
    const stream = followExperiment(world.deps, world.admin, { experimentId, minIntervalMs: 1 }, controller.signal);
    await stream.next();
    const end = stream.next();
    controller.abort();
    expect((await end).done).toBe(true);

    const [start] = await take({ experimentId }, 1);
    const waiting = followExperiment(
      world.deps,
      world.admin,
      { experimentId, after: start?.cursor },
      new AbortController().signal,
    ).next();
    const gone = expect(waiting).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.deps.database.read.query('DELETE FROM experiment WHERE id = $1', [experimentId]);
    await world.deps.database.transaction((tx) =>
      recordChange(tx, { projectId: world.project.id, experimentId, kind: 'experiment', subjectId: experimentId }),
    );
    world.deps.wakeups.notify(`experiment:${experimentId}`);
    await gone;
  });

  it('refuses those who may not read it, and cursors of other experiments', async () => {
    const [one, two] = [await newRunningTrial(world), await newRunningTrial(world)];
    const [start] = await take({ experimentId: one.experimentId }, 1);
    const first = (principal: Parameters<typeof followExperiment>[1], input: FollowExperimentInput) =>
      followExperiment(world.deps, principal, input, new AbortController().signal).next();

    for (const principal of [outsider(world), foreigner(world)])
      await expect(first(principal, { experimentId: one.experimentId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(first(one.token, { experimentId: one.experimentId })).rejects.toMatchObject({
      code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/),
    });
    await expect(first(world.admin, { experimentId: two.experimentId, after: start?.cursor })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });

  async function take(input: FollowExperimentInput, count: number): Promise<ExperimentDelta[]> {
    const controller = new AbortController();
    const deltas: ExperimentDelta[] = [];
    for await (const delta of followExperiment(world.deps, world.admin, input, controller.signal)) {
      deltas.push(delta);
      if (deltas.length === count) controller.abort();
    }
    return deltas;
  }

  /** Renames the trial and notes an event, in a transaction that may take its time. */
  async function touch(
    experimentId: ExperimentId,
    trialId: TrialId,
    name: string,
    ms = 0,
    deps: Deps = world.deps,
  ): Promise<void> {
    const projectId = world.project.id;
    await deps.database.transaction(async (tx) => {
      await tx.query('UPDATE trial SET name = $2 WHERE id = $1', [trialId, name]);
      await recordChange(tx, { projectId, experimentId, kind: 'trial', subjectId: trialId });
      await recordEvent(tx, deps, { projectId, experimentId, trialId, kind: 'TRIAL_CREATED', message: name });
      if (ms > 0) await pause(ms);
    });
    deps.wakeups.notify(`experiment:${experimentId}`);
  }
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

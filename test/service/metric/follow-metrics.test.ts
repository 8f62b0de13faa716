import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlatformError } from '../../../src/domain/errors.js';
import type { Deps } from '../../../src/service/deps.js';
import {
  type FollowMetricsInput,
  followMetrics,
  type MetricDelta,
} from '../../../src/service/metric/follow-metrics.js';
import { readSeries } from '../../../src/service/metric/read-series.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { openWorld, type World } from '../../support/world.js';
import { newExperiment, newRunningTrial, outsider, type RunningTrial } from './running-trial.js';

const POINTS = 300;

describe('following metrics', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('gives followers that come and go at random all that is stored, once', async () => {
    const experimentId = await newExperiment(world);
    const trials = await Promise.all(Array.from({ length: 4 }, () => newRunningTrial(world, experimentId)));
    const other = await world.openServer();
    const random = seeded(7);

    const followers = Array.from({ length: 5 }, (_, i) =>
      followUnsteadily(
        i % 2 === 0 ? world.deps : other,
        { experimentId, minIntervalMs: 5 },
        trials.length * POINTS * 2,
        random,
      ),
    );
    await Promise.all(trials.map((trial, i) => write(i % 2 === 0 ? other : world.deps, trial, random)));

    for (const received of await Promise.all(followers)) {
      for (const { trialId } of trials) {
        for (const key of ['a', 'b']) {
          const own = received.filter((point) => point.trialId === trialId && point.key === key);
          expect(own.map(({ value }) => value)).toEqual(Array.from({ length: POINTS }, (_, i) => i));
        }
      }
    }
  });

  it('goes on from the cursor of a read', async () => {
    const trial = await newRunningTrial(world);
    await report(world.deps, trial, 0, [1, 2]);
    const { cursor } = await readSeries(world.deps, world.admin, {
      trialIds: [trial.trialId],
      keys: ['a'],
      maxPoints: 10,
    });
    await report(world.deps, trial, 2, [3]);

    const [delta] = await take(world.deps, { trialIds: [trial.trialId], after: cursor }, 1);

    expect(valuesOf(delta as MetricDelta)).toEqual([3]);
  });

  it('starts with a delta at once, be it empty, and then waits for points', async () => {
    const trial = await newRunningTrial(world);
    const deltas = take(world.deps, { trialIds: [trial.trialId], minIntervalMs: 1 }, 2);
    await pause(30);
    await report(world.deps, trial, 0, [1, 2]);

    expect((await deltas).map(valuesOf)).toEqual([[], [1, 2]]);
  });

  it('finds points whose wake-up was lost, by asking every two seconds', async () => {
    const trial = await newRunningTrial(world);
    const deaf: Deps = {
      ...world.deps,
      wakeups: {
        ...world.deps.wakeups,
        notify: () => undefined,
        subscribe: (topics) => world.deps.wakeups.subscribe(topics.map((topic) => `never ${topic}`)),
        wait: async () => undefined,
        close: async () => undefined,
      },
    };
    const startedMs = performance.now();
    const deltas = take(deaf, { trialIds: [trial.trialId], minIntervalMs: 1 }, 2);
    await pause(30);

    await report(deaf, trial, 0, [5]);

    expect((await deltas).map(valuesOf)).toEqual([[], [5]]);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  it('sends no more than the interval allows, and larger deltas in place of more', async () => {
    const trial = await newRunningTrial(world);
    const seen: number[] = [];
    const controller = new AbortController();
    const following = (async () => {
      for await (const delta of followMetrics(
        world.deps,
        world.admin,
        { trialIds: [trial.trialId], minIntervalMs: 200 },
        controller.signal,
      ))
        seen.push(valuesOf(delta).length);
    })();
    const startedMs = performance.now();
    for (let seq = 0; seq < 50; seq++) {
      await report(world.deps, trial, seq, [seq]);
      await pause(10);
    }
    await pause(250);
    controller.abort();
    await following;

    expect(seen.reduce((sum, n) => sum + n, 0)).toBe(50);
    expect(seen.length).toBeLessThanOrEqual((performance.now() - startedMs) / 200 + 2); // the empty first one, and the last
  });

  it('reads once for all followers who stand at the same place', async () => {
    const trial = await newRunningTrial(world);
    let reads = 0;
    const metrics: Deps['metrics'] = {
      ...world.deps.metrics,
      readTail: (query) => {
        reads += 1;
        return world.deps.metrics.readTail(query);
      },
    };
    const deps = { ...world.deps, metrics };
    const crowd = Array.from({ length: 20 }, () => take(deps, { trialIds: [trial.trialId] }, 3));
    await pause(50);
    const before = reads;
    await report(deps, trial, 0, [1, 2]);
    await pause(300);
    await report(deps, trial, 2, [3]);

    for (const deltas of await Promise.all(crowd)) expect(deltas.map(valuesOf)).toEqual([[], [1, 2], [3]]);
    expect(reads - before).toBeLessThanOrEqual(4);
  });

  it('ends when its signal aborts, be it in the middle of a wait', async () => {
    const trial = await newRunningTrial(world);
    const controller = new AbortController();
    const stream = followMetrics(world.deps, world.admin, { trialIds: [trial.trialId] }, controller.signal);
    await stream.next();
    const startedMs = performance.now();

    const end = stream.next();
    controller.abort();

    expect((await end).done).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('asks again who is there, and ends with what that says', async () => {
    const trial = await newRunningTrial(world);
    let isRevoked = false;
    const recheck = async () => {
      if (isRevoked) throw new PlatformError('UNAUTHENTICATED', 'the key was revoked');
      return world.admin;
    };
    const stream = followMetrics(
      world.deps,
      world.admin,
      { trialIds: [trial.trialId], recheck, minIntervalMs: 1 },
      new AbortController().signal,
    );
    await stream.next();
    isRevoked = true;

    const next = stream.next();
    await report(world.deps, trial, 0, [1]);

    await expect(next).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses those who may not read, and cursors that are not its own', async () => {
    const trial = await newRunningTrial(world);
    const first = (principal: Parameters<typeof followMetrics>[1], after: string | null) =>
      followMetrics(world.deps, principal, { trialIds: [trial.trialId], after }, new AbortController().signal).next();

    await expect(first(outsider(world), null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(first(world.admin, 'nonsense')).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  async function take(deps: Deps, input: FollowMetricsInput, count: number): Promise<MetricDelta[]> {
    const controller = new AbortController();
    const deltas: MetricDelta[] = [];
    for await (const delta of followMetrics(deps, world.admin, input, controller.signal)) {
      deltas.push(delta);
      if (deltas.length === count) controller.abort();
    }
    return deltas;
  }

  /** Leaves without warning after any delta, and comes back with the last cursor it kept. */
  async function followUnsteadily(
    deps: Deps,
    input: FollowMetricsInput,
    expected: number,
    random: () => number,
  ): Promise<Received[]> {
    const received: Received[] = [];
    let after: string | null = null;
    while (received.length < expected) {
      const controller = new AbortController();
      for await (const delta of followMetrics(deps, world.admin, { ...input, after }, controller.signal)) {
        for (const { trialId, key, values } of delta.series)
          for (const value of values) received.push({ trialId, key, value });
        after = delta.cursor;
        if (received.length >= expected || random() < 0.3) break;
      }
      controller.abort();
    }
    return received;
  }
});

interface Received {
  readonly trialId: string;
  readonly key: string;
  readonly value: number;
}

async function write(deps: Deps, trial: RunningTrial, random: () => number): Promise<void> {
  const values = Array.from({ length: POINTS }, (_, i) => i);
  let at = 0;
  while (at < POINTS) {
    const part = values.slice(at, at + 1 + Math.floor(random() * 20));
    const columns = {
      steps: Float64Array.from(part),
      times: new Float64Array(part.length),
      values: Float64Array.from(part),
    };
    const input = {
      trialId: trial.trialId,
      attempt: 1,
      stream: 's',
      seq: at * 2,
      series: [
        { key: 'a', ...columns },
        { key: 'b', ...columns },
      ],
    };
    await reportMetrics(deps, trial.token, input);
    if (random() < 0.2) await reportMetrics(deps, trial.token, input); // the ack was lost
    at += part.length;
  }
}

async function report(deps: Deps, trial: RunningTrial, seq: number, values: readonly number[]): Promise<void> {
  const columns = {
    steps: Float64Array.from(values, (_, i) => seq + i),
    times: new Float64Array(values.length),
    values: Float64Array.from(values),
  };
  const { outcome } = await reportMetrics(deps, trial.token, {
    trialId: trial.trialId,
    attempt: 1,
    stream: 's',
    seq,
    series: [{ key: 'a', ...columns }],
  });
  expect(outcome).toBe('ACCEPTED');
}

function valuesOf({ series }: MetricDelta): number[] {
  return series.flatMap(({ values }) => [...values]);
}

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

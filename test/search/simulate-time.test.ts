import { describe, expect, it } from 'vitest';
import { historyAt } from '../../src/search/history.js';
import { propose } from '../../src/search/propose.js';
import { pruningReport } from '../../src/search/simulate-pruning.js';
import { createEventQueue } from '../../src/search/simulate-queue.js';
import { simulateTime, type Training } from '../../src/search/simulate-time.js';
import { makeGenerator } from './support.js';
import { falling, line } from './training.js';

const base = { space: line, sampler: { kind: 'random' }, workers: 3, trials: 10, seed: 'time', makeGenerator } as const;

describe('simulated time', () => {
  it('trains every epoch of every trial, as many at once as there are workers', () => {
    const { history, epochs, seconds, idleShare } = simulateTime({ ...base, train: falling(6) });

    expect(history.trials.every((trial) => trial.state === 'COMPLETED' && trial.steps.length === 6)).toBe(true);
    expect([epochs, seconds]).toEqual([60, 24]);
    // The last of ten runs alone.
    expect(idleShare).toBeCloseTo(1 - 60 / 72, 12);
  });

  it('reports the best completed value with its time and epochs', () => {
    const { history, improvements } = simulateTime({ ...base, train: falling(6), workers: 1 });
    const values = history.trials.map((trial) => trial.values?.[0] ?? Infinity);

    expect(improvements.map(({ value }) => value)).toEqual(
      values.filter((value, i) => values.slice(0, i).every((earlier) => value < earlier)),
    );
    for (const { seconds, epochs } of improvements) expect(seconds).toBe(epochs);
  });

  it('lets short trials be followed at once, without waiting for long ones', () => {
    const train = (_: unknown, number: number): Training => ({
      epochs: 1,
      valueAt: () => number,
      secondsOf: () => (number === 0 ? 100 : 1),
    });
    const { history, seconds, idleShare } = simulateTime({ ...base, train, workers: 2, trials: 101 });

    expect(seconds).toBe(100);
    expect(history.trials[0]?.endedAt).toBeGreaterThan(history.trials[98]?.endedAt ?? Infinity);
    expect(idleShare).toBeCloseTo(0, 12);
  });

  it('ends at a limit of time or epochs, with what runs still running', () => {
    const inTime = simulateTime({ ...base, train: falling(6), seconds: 7.5 });
    expect([inTime.seconds, inTime.epochs]).toEqual([7.5, 21]);
    expect(inTime.idleShare).toBeCloseTo(0, 12);
    expect(inTime.history.trials.map((trial) => trial.state)).toEqual([
      ...Array(3).fill('COMPLETED'),
      ...Array(3).fill('RUNNING'),
    ]);

    expect(simulateTime({ ...base, train: falling(6), epochs: 10 }).epochs).toBe(10);

    const [first] = simulateTime({ ...base, train: falling(6) }).improvements;
    const until = simulateTime({ ...base, train: falling(6), target: first?.value ?? 0 });
    expect([until.seconds, until.improvements]).toEqual([6, [first]]);
  });

  it('makes workers wait while proposals are made one after the other', () => {
    const { seconds, idleShare } = simulateTime({ ...base, train: falling(6), trials: 3, proposalSeconds: 2 });

    expect(seconds).toBe(12);
    expect(idleShare).toBeCloseTo(1 - 18 / 36, 12);
  });

  it('ends failing trials in the epoch they fail in, with the cause', () => {
    const train = (params: Parameters<ReturnType<typeof falling>>[0]): Training => ({
      ...falling(6)(params),
      failure: { epoch: 3, cause: 'OOM' },
    });
    const { history, epochs } = simulateTime({ ...base, train, trials: 2 });

    expect(history.trials).toMatchObject(Array(2).fill({ state: 'FAILED', cause: 'OOM' }));
    expect(history.trials[0]?.steps.length).toBe(2);
    expect(epochs).toBe(6);
  });

  it('replays with many workers and a pruner', () => {
    const sampler = { kind: 'tpe', options: { nStartup: 4 } };
    const { history } = simulateTime({
      ...base,
      sampler,
      pruner: { kind: 'asha' },
      train: falling(9),
      workers: 7,
      trials: 40,
    });

    for (const { askedAt, params } of history.trials) {
      const known = historyAt(history, askedAt);
      expect(propose({ sampler, history: known, count: 1, makeGenerator })).toMatchObject([{ params }]);
    }
  });
});

describe('pruning report', () => {
  it('counts what was saved, and which prunes were wrong', () => {
    const run = simulateTime({ ...base, pruner: { kind: 'asha' }, train: falling(27), workers: 1, trials: 60 });
    const right = pruningReport(
      run,
      ({ params }) => Number(params.x),
      () => 27,
    );
    const wrong = pruningReport(
      run,
      ({ params }) => -Number(params.x),
      () => 27,
    );

    expect(right.epochsSaved).toBeCloseTo(1 - run.epochs / (60 * 27), 12);
    expect(right.pruned).toBe(run.history.trials.filter((trial) => trial.state === 'PRUNED').length);
    expect([wrong.falsePrunes * wrong.pruned, wrong.lost]).toEqual([3, 1]);
    expect(right.lost).toBeLessThan(1);
  });
});

describe('event queue', () => {
  it('gives the earliest first, and ties in the order of entry', () => {
    const queue = createEventQueue<number>();
    const times = [5, 3, 8, 3, 1, 9, 3, 5, 0, 7];
    times.forEach((time, i) => {
      queue.add(time, i);
    });
    const taken = Array.from(times, () => queue.next());

    expect(taken.map((entry) => entry?.event)).toEqual([8, 4, 1, 3, 6, 0, 7, 9, 2, 5]);
    expect(queue.next()).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { type History, type HistoryTrial, historyAt, type Replicates } from '../../src/search/history.js';
import { propose } from '../../src/search/propose.js';
import { replicateSeed } from '../../src/search/replicates.js';
import { key } from '../../src/search/space/key.js';
import type { SearchSpace } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from './support.js';

const LINE = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
const NONE: Replicates = { count: 1, first: 1, share: 0.2, confirm: null };

interface Run {
  readonly rule: Partial<Replicates>;
  readonly trials: number;
  readonly space?: SearchSpace;
  readonly budget?: number;
  readonly parallel?: number;
  /** Of the trial at a point; the second argument counts the trials there. */
  readonly value?: (x: number, time: number) => number | null;
}

/** What a search comes to whose trials end in the order they were asked for. */
function run({ rule, trials, space = LINE, budget = trials, parallel = 1, value = (x) => x }: Run): History {
  const done: HistoryTrial[] = [];
  let history: History = historyOf(space, done, { budget, replicates: { ...NONE, ...rule } });
  let position = 0;
  const times = new Map<string, number>();
  while (done.length < trials) {
    const count = Math.min(parallel, trials - done.length);
    const asked = propose({ sampler: { kind: 'random', options: {} }, history, count, makeGenerator });
    if (asked.length === 0) break;
    for (const { params, by } of asked)
      done.push({ ...trial(done.length, params), state: 'RUNNING', by, askedAt: ++position });
    for (let i = done.length - asked.length; i < done.length; i++) {
      const one = done[i]!;
      const time = times.get(key(one.params)) ?? 0;
      times.set(key(one.params), time + 1);
      const result = value(Number(one.params.x), time);
      const end = result === null ? ({ state: 'FAILED', cause: 'OOM' } as const) : { values: [result] };
      done[i] = { ...one, state: 'COMPLETED', ...end, endedAt: ++position };
    }
    history = { ...history, trials: [...done] };
  }
  return history;
}

/** How many trials each point has, the best value first. */
function timesOf({ trials }: History): readonly (readonly [x: number, times: number])[] {
  const times = new Map<number, number>();
  for (const { params } of trials) times.set(Number(params.x), (times.get(Number(params.x)) ?? 0) + 1);
  return [...times].sort(([a], [b]) => a - b);
}

describe('replicates', () => {
  it('tries every point as often as it is told before the next one', () => {
    const { trials } = run({ rule: { count: 3, first: 3 }, trials: 12 });

    expect(trials.map(({ by }) => by)).toEqual(Array.from({ length: 12 }, (_, i) => (i % 3 ? 'replicate' : 'random')));
    expect(new Set(trials.map(({ params }) => key(params))).size).toBe(4);
  });

  it('buys more trials for the best part of the points only, and none while they are few', () => {
    const history = run({ rule: { count: 4, share: 0.2 }, trials: 80 });

    const times = timesOf(history);
    const several = times.filter(([, n]) => n > 1);
    expect(times[0]?.[1]).toBe(4);
    expect(several.length).toBeGreaterThanOrEqual(Math.floor(times.length * 0.2));
    expect(several.length).toBeLessThan(times.length / 2);
    expect(history.trials.slice(0, 5).every(({ by }) => by === 'random')).toBe(true);
  });

  it('spends no more on a point that fails', () => {
    const history = run({ rule: { count: 3, first: 3 }, trials: 30, value: (x) => (x < 0.5 ? null : x) });

    for (const [x, times] of timesOf(history)) expect(times).toBe(x < 0.5 ? 1 : 3);
  });

  it('goes by the mean of a point, not by its luckiest trial', () => {
    const lucky = run({ rule: { count: 2, first: 2, confirm: { top: 1, times: 5 } }, trials: 43, value: luckyOnce });

    const confirmed = timesOf(lucky).filter(([, n]) => n > 2);
    expect(confirmed).toHaveLength(1);
    expect(confirmed[0]?.[0]).toBe(Math.min(...timesOf(lucky).map(([x]) => x)));

    /** The worst points shine the first time. */
    function luckyOnce(x: number, time: number): number {
      return x > 0.7 && time === 0 ? -0.1 : x;
    }
  });

  it('keeps the end of the budget for confirming the best, when trials run at once too', () => {
    for (const parallel of [1, 4]) {
      const history = run({ rule: { confirm: { top: 2, times: 4 } }, trials: 30, parallel });

      const times = timesOf(history);
      expect(times.slice(0, 2).map(([, n]) => n)).toEqual([4, 4]);
      expect(times.slice(2).every(([, n]) => n === 1)).toBe(true);
      expect(history.trials.slice(-6).every(({ by }) => by === 'replicate')).toBe(true);
    }
  });

  it('confirms once the space is exhausted, and then is done', () => {
    const space = parseSpace({ x: { kind: 'int', low: 1, high: 5 } });
    const history = run({ rule: { confirm: { top: 1, times: 3 } }, trials: 40, budget: 100, space });

    expect(timesOf(history)).toEqual([
      [1, 3],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
  });

  it('is replayed: the same history gives the same trial again', () => {
    const history = run({ rule: { count: 3, share: 0.3, confirm: { top: 2, times: 5 } }, trials: 60, parallel: 3 });

    for (const { number, params, by, askedAt } of history.trials) {
      const then = historyAt(history, askedAt);
      const [again] = propose({ sampler: { kind: 'random', options: {} }, history: then, count: 1, makeGenerator });
      expect([number, again?.params, again?.by]).toEqual([number, params, by]);
    }
  });

  it('asked for several at once answers as if asked one by one', () => {
    const history = run({ rule: { count: 3, share: 0.5 }, trials: 20, budget: 100 });
    const request = { sampler: { kind: 'random', options: {} }, makeGenerator };

    const many = propose({ ...request, history, count: 6 });

    expect(many).toHaveLength(6);
    expect(propose({ ...request, history, count: 2 })).toEqual(many.slice(0, 2));
  });

  it('waits for a trial that is paused, which spoils nothing', () => {
    const paused = trial(0, { x: 0.25 }, { state: 'WAITING', pausedAt: Float64Array.of(2) });
    const history = historyOf(LINE, [paused], { replicates: { ...NONE, count: 2, first: 2 } });

    const [next] = propose({ sampler: { kind: 'random', options: {} }, history, count: 1, makeGenerator });

    expect(next).toMatchObject({ by: 'replicate', params: { x: 0.25 }, point: 0 });
  });

  it('counts the trials of other experiments that it began with for nothing', () => {
    const warm = trial(-1, { x: 0.25 }, { values: [0], askedAt: -1, endedAt: -1 });
    const history = historyOf(LINE, [warm], { replicates: { ...NONE, count: 3, first: 3 } });

    const [next] = propose({ sampler: { kind: 'random', options: {} }, history, count: 1, makeGenerator });

    expect(next?.by).toBe('random');
  });
});

describe('replicateSeed', () => {
  it('is 31 bits, one for each place, and another for another experiment', () => {
    const seeds = [0, 1, 2, 3].map((place) => replicateSeed('seed', place));

    expect(seeds).toEqual([0, 1, 2, 3].map((place) => replicateSeed('seed', place)));
    expect(new Set([...seeds, replicateSeed('other', 0)]).size).toBe(5);
    for (const seed of seeds) expect(seed >= 0 && seed < 2 ** 31 && Number.isInteger(seed)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { fitted, type History, historyAt, isPaused, nextNumber } from '../../src/search/history.js';
import { parseSpace } from '../../src/search/space/parse-space.js';
import { standingOf, violation } from '../../src/search/standing.js';
import { curve, everything, historyOf, trial } from './support.js';

describe('historyAt', () => {
  const early = curve(0, [3, 2, 1], {
    askedAt: 1,
    endedAt: 4,
    values: [1],
    reportedAt: Float64Array.of(1, 2, 3),
    seconds: 9,
    parent: 7,
  });
  const failed = trial(1, {}, { askedAt: 2, endedAt: 5, state: 'FAILED', cause: 'OOM' });
  const history = historyOf(everything, [failed, early, trial(2, {}, { askedAt: 3 })]);

  it('keeps earlier trials only', () => {
    expect(historyAt(history, 3).trials.map((some) => some.number)).toEqual([1, 0]);
    expect(historyAt(history, 1).trials).toEqual([]);
  });

  it('makes what ended later run again, without what it came to', () => {
    const [, then] = historyAt(history, 3).trials;

    expect(then).toEqual({
      number: 0,
      params: {},
      state: 'RUNNING',
      by: 'user',
      askedAt: 1,
      parent: 7,
      steps: Float64Array.of(0, 1),
      reports: Float64Array.of(3, 2),
      reportedAt: Float64Array.of(1, 2),
    });
    expect(historyAt(history, 5).trials[0]).not.toHaveProperty('cause');
  });

  it('knows whether a trial was paused then', () => {
    const pausedTwice = trial(
      0,
      {},
      {
        askedAt: 1,
        endedAt: 9,
        pausedAt: Float64Array.of(3, 7),
        resumedAt: Float64Array.of(5, 8),
      },
    );
    const then = (position: number) => historyAt(historyOf(everything, [pausedTwice]), position).trials[0]!;

    expect([3, 4, 5, 6, 8, 9].map((position) => then(position).state)).toEqual([
      'RUNNING',
      'WAITING',
      'WAITING',
      'RUNNING',
      'WAITING',
      'RUNNING',
    ]);
    expect(isPaused(then(4))).toBe(true);
    expect(then(10)).toEqual(pausedTwice);
  });

  it('leaves what ended before as it is', () => {
    expect(historyAt(history, 6).trials).toEqual([failed, early, { ...history.trials[2], state: 'RUNNING' }]);
  });

  it('numbers the next trial after the highest', () => {
    expect(nextNumber(history)).toBe(3);
    expect(nextNumber(historyOf(everything, []))).toBe(0);
  });
});

describe('historyAt of a search that was revised', () => {
  const wide = parseSpace({ x: { kind: 'int', low: 0, high: 9 } });
  const narrow = parseSpace({ x: { kind: 'int', low: 0, high: 5 }, y: { kind: 'int', low: 1, high: 3, default: 2 } });
  const recorded = [
    trial(0, { x: 3 }, { askedAt: 1, endedAt: 2, values: [1] }),
    trial(1, { x: 8 }, { askedAt: 3, endedAt: 4, values: [1] }),
    trial(2, { x: 4, y: 1 }, { askedAt: 5, endedAt: 6, values: [1] }),
  ];
  const history: History = {
    ...historyOf(narrow, []),
    budget: 50,
    ...fitted(narrow, recorded),
    revisions: [
      { from: 0, space: wide, budget: 10 },
      { from: 4, space: narrow },
      { from: 4, space: narrow, budget: 50 },
      { from: 6, space: narrow, budget: 60 },
    ],
  };

  it('knows the trials that fit, completed by defaults, and the others by their numbers only', () => {
    expect(history.trials.map(({ params }) => params)).toEqual([
      { x: 3, y: 2 },
      { x: 4, y: 1 },
    ]);
    expect(history.outside?.map(({ number }) => number)).toEqual([1]);
    expect(nextNumber({ ...history, trials: history.trials.slice(0, 1) })).toBe(2);
  });

  it('gives space, budget and params as they were then', () => {
    const before = historyAt(history, 4);

    expect(before).toMatchObject({ space: wide, budget: 10, outside: [] });
    expect(before.trials).toEqual(recorded.slice(0, 2).map((some, i) => (i === 0 ? some : { ...some, ...running })));
    expect(historyAt(history, 5)).toMatchObject({ space: narrow, budget: 50, outside: [{ number: 1 }] });
    expect(historyAt(history, 7)).toMatchObject({ budget: 60, trials: [{ asked: { x: 3 } }, { number: 2 }] });
  });

  it('takes the last of several revisions between two proposals, and none that came later', () => {
    expect(historyAt(history, 5).revisions).toHaveLength(3);
    expect(historyAt(history, 4).revisions).toHaveLength(1);
    expect(historyAt(historyAt(history, 7), 4)).toEqual(historyAt(history, 4));
  });

  const running = { state: 'RUNNING', endedAt: undefined, values: undefined } as const;
});

describe('standingOf', () => {
  it.each([
    [{ state: 'WAITING' }, 'PENDING'],
    [{ state: 'RUNNING' }, 'PENDING'],
    [{ state: 'WAITING', pausedAt: Float64Array.of(1) }, 'PARTIAL'],
    [{ state: 'WAITING', pausedAt: Float64Array.of(1), resumedAt: Float64Array.of(2) }, 'PENDING'],
    [{ values: [1] }, 'OBSERVED'],
    [{ values: [Number.NaN] }, 'FAILED'],
    [{ values: [-Infinity] }, 'FAILED'],
    [{ values: [1, 2] }, 'FAILED'],
    [{}, 'FAILED'],
    [{ state: 'PRUNED' }, 'PARTIAL'],
    [{ state: 'STOPPED' }, 'IGNORED'],
    [{ state: 'STOPPED', reports: Float64Array.of(1) }, 'PARTIAL'],
    [{ state: 'FAILED', cause: 'HANG' }, 'FAILED'],
    [{ state: 'FAILED' }, 'FAILED'],
    [{ state: 'FAILED', cause: 'INFRASTRUCTURE' }, 'IGNORED'],
    [{ state: 'FAILED', cause: 'PREEMPTED' }, 'IGNORED'],
  ] as const)('reads %j as %s', (rest, standing) => {
    expect(standingOf(trial(0, {}, rest), 1)).toBe(standing);
  });

  it('adds up what constraints exceed', () => {
    expect(violation(trial(0, {}, { constraints: [-1, 2, 3] }))).toBe(5);
    expect(violation(trial(0, {}, { constraints: [Number.NaN] }))).toBe(Infinity);
    expect(violation(trial(0, {}))).toBe(0);
  });
});

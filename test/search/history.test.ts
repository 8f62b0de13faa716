import { describe, expect, it } from 'vitest';
import { historyAt, isPaused, nextNumber } from '../../src/search/history.js';
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

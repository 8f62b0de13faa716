import { describe, expect, it } from 'vitest';
import { type HistoryTrial, historyAt, isPaused } from '../../../../src/search/history.js';
import { judge, resume } from '../../../../src/search/judge.js';
import { propose } from '../../../../src/search/propose.js';
import { simulateTime } from '../../../../src/search/simulate-time.js';
import { curve, everything, historyOf, makeGenerator } from '../../support.js';
import { falling, line } from '../../training.js';

const scheduler = { kind: 'asha_promote', options: {} };

/** A trial that paused at its last report. */
const paused = (number: number, reports: readonly number[], rest: Partial<HistoryTrial> = {}) =>
  curve(number, reports, { state: 'WAITING', pausedAt: Float64Array.of(number + 0.5), ...rest });

function starts(trials: readonly HistoryTrial[], free = 9, budget?: number) {
  const history = historyOf(everything, trials, budget === undefined ? {} : { budget });
  return resume({ scheduler, history, free, makeGenerator }).map((start) => ('trial' in start ? start.trial : start));
}

describe('asha_promote', () => {
  it('pauses at each rung once, and not at the end of a trial', () => {
    const verdict = (trial: HistoryTrial, others: readonly HistoryTrial[] = []) =>
      judge({ pruner: scheduler, history: historyOf(everything, [...others, trial]), trialNumber: trial.number });
    const resumed = { state: 'RUNNING', pausedAt: Float64Array.of(3), resumedAt: Float64Array.of(4) } as const;

    expect(verdict(curve(3, [9], { state: 'RUNNING' })).code).toBe('CONTINUE');
    expect(verdict(curve(3, [9, 8], { state: 'RUNNING' }))).toMatchObject({ code: 'PAUSE', stop: true, rung: 1 });
    expect(verdict(curve(3, [9, 8], resumed)).code).toBe('CONTINUE');
    expect(verdict(curve(3, [9, 8, 7], { ...resumed, reportedAt: Float64Array.of(3, 3, 4) })).code).toBe('CONTINUE');
    expect(verdict(curve(3, [9, 8, 7, 6], { ...resumed, reportedAt: Float64Array.of(3, 3, 4, 5) }))).toMatchObject({
      code: 'PAUSE',
      rung: 3,
    });
    expect(verdict(curve(3, [9, 8, 7], { state: 'RUNNING' }), [curve(0, [1, 1])]).code).toBe('CONTINUE');
  });

  it('lets a trial complete whose reports come all at once', () => {
    const history = historyOf(everything, [curve(0, [9, 8, 7, 6], { state: 'RUNNING' })]);
    const code = (maxSteps: number) =>
      judge({ pruner: { ...scheduler, options: { maxSteps } }, history, trialNumber: 0 }).code;

    expect([code(3), code(4)]).toEqual(['CONTINUE', 'PAUSE']);
  });

  it('promotes the best third of a rung, the highest rung first, and never twice', () => {
    const low = [5, 1, 3, 2, 4, 6].map((value, i) => paused(i, [9, value]));
    const high = [paused(6, [9, 7, 7, 2]), paused(7, [9, 8, 7, 1]), paused(8, [9, 9, 7, 3])];

    expect(starts(low)).toEqual([1, 3]);
    expect(starts(low.slice(0, 2))).toEqual([]);
    expect(starts([...low, ...high])).toEqual([7, 1, 3, 2]);
    expect(starts([...low, ...high], 2)).toEqual([7, 1]);
    expect(starts(low.map((trial) => (trial.number === 1 ? { ...trial, state: 'RUNNING' } : trial)))).toEqual([3]);
  });

  it('does not take a trial that waits for another runner for a paused one', () => {
    const lost = [1, 2, 3].map((value, i) => curve(i, [9, value], { state: 'WAITING' }));

    expect(starts(lost)).toEqual([]);
  });

  it('finishes the best of a small experiment, which would end without an answer', () => {
    const two = [paused(0, [9, 4]), paused(1, [9, 3])];

    expect(starts(two, 9, 3)).toEqual([]);
    expect(starts(two, 9, 2)).toEqual([1]);
    expect(starts([...two, curve(2, [9], { state: 'RUNNING' })], 9, 3)).toEqual([]);
  });

  it('asks its own trials alone whether a small experiment is stuck', () => {
    const two = [paused(0, [9, 4]), paused(1, [9, 3])];
    const warm = curve(-1, [9, 1, 1, 1, 1], { endedAt: -1 });

    expect(starts([...two, warm], 9, 2)).toEqual([1]);
    expect(starts([...two, warm], 9, 3)).toEqual([]);
    expect(starts([...two, { ...warm, state: 'PRUNED' }], 9, 3)).toEqual([]);
  });

  it('spends most epochs on the best: of 81 trials one in three goes on at each rung', () => {
    const { history, idleShare } = simulateTime({
      space: line,
      sampler: { kind: 'random' },
      pruner: scheduler,
      train: falling(81),
      workers: 1,
      trials: 81,
      seed: 'counts',
      makeGenerator,
    });
    const reached = (step: number) => history.trials.filter((trial) => (trial.steps.at(-1) ?? 0) >= step).length;
    const best = [...history.trials].sort((a, b) => Number(a.params.x) - Number(b.params.x))[0];

    // A few too many: who is among the best of those that have come may not stay so.
    expect([1, 3, 9, 27, 81].map(reached)).toEqual([81, 29, 10, 3, 1]);
    expect(best?.state).toBe('COMPLETED');
    expect(idleShare).toBeCloseTo(0, 12);
  });

  it('replays with a sampler that learns from paused trials', () => {
    const sampler = { kind: 'tpe', options: { nStartup: 5 } };
    const { history } = simulateTime({
      space: line,
      sampler,
      pruner: scheduler,
      train: falling(9),
      workers: 5,
      trials: 40,
      seed: 'replay',
      makeGenerator,
    });

    expect(history.trials.some(isPaused)).toBe(true);
    for (const { askedAt, params } of history.trials) {
      const known = historyAt(history, askedAt);
      expect(propose({ sampler, history: known, count: 1, makeGenerator })).toMatchObject([{ params }]);
    }
  });
});

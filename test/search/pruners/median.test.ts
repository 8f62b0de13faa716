import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/search/judge.js';
import { curve, everything, historyOf } from '../support.js';

/** Five completed trials with values 10, 20, 30, 40, 50 at every one of four steps. */
const completed = [10, 20, 30, 40, 50].map((value, i) => curve(i, [value, value, value, value]));

function verdict(reports: readonly number[], options: Record<string, unknown> = {}, others = completed) {
  const history = historyOf(everything, [...others, curve(9, reports, { state: 'RUNNING' })]);
  return judge({ pruner: { kind: 'median', options }, history, trialNumber: 9 });
}

describe('median pruner', () => {
  it('stops what is worse than the median, and no tie', () => {
    expect(verdict([30]).stop).toBe(false);
    expect(verdict([31])).toEqual({
      stop: true,
      code: 'PRUNE',
      reason: 'best value 31 against a median of 30 over 5 completed trials at step 0',
    });
  });

  it('compares the best value so far, not the last', () => {
    expect(verdict([5, 99]).stop).toBe(false);
    expect(verdict([99, 31, 99]).stop).toBe(true);
    expect(verdict([Number.NaN, 31]).stop).toBe(true);
  });

  it('takes the middle between two for an even number, and the values at the same step only', () => {
    const falling = [curve(0, [10, 1]), curve(1, [20, 2]), curve(2, [30]), curve(3, [40])];

    expect(verdict([25], { startupTrials: 4 }, falling).stop).toBe(false);
    expect(verdict([26], { startupTrials: 4 }, falling).stop).toBe(true);
    expect(verdict([3, 3], { startupTrials: 4 }, falling).stop).toBe(true);
    expect(verdict([3, 3], { startupTrials: 4, minTrials: 3 }, falling).stop).toBe(false);
  });

  it('waits for the start-up trials and the warm-up', () => {
    expect(verdict([99], { startupTrials: 6 }).stop).toBe(false);
    expect(verdict([99, 99], { warmupSteps: 2 }).stop).toBe(false);
    expect(verdict([99, 99, 99], { warmupSteps: 2 }).stop).toBe(true);
  });

  it('decides once an interval, at the first report in it, though steps are skipped', () => {
    const sparse = (...steps: number[]) => {
      const running = curve(
        9,
        steps.map(() => 99),
        { state: 'RUNNING', steps: Float64Array.from(steps) },
      );
      const options = { intervalSteps: 5, startupTrials: 1 };
      const long = [
        curve(
          0,
          Array.from({ length: 30 }, () => 1),
        ),
      ];
      return judge({
        pruner: { kind: 'median', options },
        history: historyOf(everything, [...long, running]),
        trialNumber: 9,
      }).stop;
    };

    expect(sparse(0)).toBe(true);
    expect(sparse(0, 4)).toBe(false);
    expect(sparse(0, 4, 7)).toBe(true);
    expect(sparse(0, 4, 7, 9)).toBe(false);
  });

  it('leaves out what is NaN at the step, and stops a trial that becomes NaN itself', () => {
    const broken = [...completed, curve(5, [Number.NaN]), curve(6, [Number.NaN])];

    expect(verdict([30], {}, broken).stop).toBe(false);
    expect(verdict([31], {}, broken).stop).toBe(true);
    expect(verdict([1, Number.NaN]).code).toBe('NAN');
    expect(verdict([1, Number.NaN], { warmupSteps: 3 }).stop).toBe(false);
  });
});

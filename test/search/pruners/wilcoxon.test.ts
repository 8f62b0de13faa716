import { describe, expect, it } from 'vitest';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** The best trial: 1 at each of six folds. */
const best = curve(0, [1, 1, 1, 1, 1, 1], { values: [1] });
const other = curve(1, [0, 0, 0, 0, 0, 0], { values: [5] });

describe('wilcoxon pruner', () => {
  it('stops once worse at enough steps, since only then chance is excluded', () => {
    const codes = [1, 2, 3, 4].map(
      (n) => verdictOn([1.1, 1.21, 1.32, 1.43].slice(0, n), 'wilcoxon', {}, [best, other]).code,
    );

    // The least p of n pairs is 2^-n.
    expect(codes).toEqual(['CONTINUE', 'CONTINUE', 'CONTINUE', 'PRUNE']);
  });

  it('pairs by step, in whatever order the folds come', () => {
    const stops = (steps: readonly number[]) =>
      verdictOn([1.1, 1.21, 1.32, 1.43], 'wilcoxon', {}, [best], { steps }).stop;

    expect(stops([5, 3, 1, 0])).toBe(true);
    expect(stops([5, 3, 1, 17])).toBe(false);
  });

  it('lets a trial go on whose average is no worse, or that is itself the best', () => {
    expect(verdictOn([1.1, 1.21, 1.32, 1.43, -9], 'wilcoxon', { pThreshold: 1 }, [best]).stop).toBe(false);
    expect(verdictOn([9, 9, 9, 9], 'wilcoxon', {}, []).stop).toBe(false);
  });

  it('leaves out pairs that are not finite, and never stops for them', () => {
    const infinite = [1.1, Infinity, 1.32, Number.NaN];

    expect(verdictOn(infinite, 'wilcoxon', {}, [best]).stop).toBe(false);
    expect(verdictOn([...infinite, 1.4, 1.5], 'wilcoxon', {}, [best]).stop).toBe(true);
    expect(verdictOn([Infinity, Infinity, Infinity, Infinity], 'wilcoxon', {}, [best]).stop).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../../src/search/math/student.js';

describe('meanInterval', () => {
  it('is the mean with Student’s interval', () => {
    const { count, mean, deviation, low, high } = meanInterval([4, 6, 8]);

    expect([count, mean, deviation]).toEqual([3, 6, 2]);
    expect(low).toBeCloseTo(6 - (4.302653 * 2) / Math.sqrt(3), 6);
    expect(high).toBeCloseTo(6 + (4.302653 * 2) / Math.sqrt(3), 6);
  });

  it('has no width for one value, and a finite one for the largest', () => {
    expect(meanInterval([3])).toEqual({ count: 1, mean: 3, deviation: null, low: null, high: null });
    expect(meanInterval([1e308, 1e308]).mean).toBe(1e308);
  });

  it('goes on smoothly beyond thirty degrees of freedom', () => {
    const widthOf = (n: number) => {
      const values = Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1));
      const { deviation, high, mean } = meanInterval(values);
      return ((high ?? 0) - mean) / ((deviation ?? 1) / Math.sqrt(n));
    };

    expect(widthOf(31)).toBeCloseTo(2.042272, 5);
    expect(widthOf(32)).toBeCloseTo(2.039513, 5); // 31 degrees of freedom
    expect(widthOf(101)).toBeCloseTo(1.983972, 5);
    expect(widthOf(100_001)).toBeCloseTo(1.959964, 4);
  });
});

import { describe, expect, it } from 'vitest';

import { padded, withoutOutliers } from '../../../web/src/charts/y-range.js';

describe('the range of the value axis', () => {
  it('has space around the values, but not below zero without need', () => {
    expect(padded(0.01, 1)).toEqual([0, 1 + 0.99 * 0.06]);
    expect(padded(-1, 1)).toEqual([-1.12, 1.12]);
  });

  it('is not empty for a constant', () => {
    expect(padded(5, 5)).toEqual([4.5, 5.5]);
    expect(padded(0, 0)).toEqual([0, 1]);
  });

  it('leaves the ends of the values out when outliers are ignored', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => (i === 100 ? 1e9 : i));

    expect(withoutOutliers([{ values }])).toEqual([5, 95]);
  });

  it('has nothing to say about lines without finite values', () => {
    expect(withoutOutliers([{ values: Float64Array.of(Number.NaN) }])).toBeNull();
  });
});

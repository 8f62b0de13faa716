import { describe, expect, it } from 'vitest';

import { smooth } from '../../../web/src/charts/smooth.js';

describe('smooth', () => {
  it('is the debiased exponential moving average', () => {
    const smoothed = smooth(Float64Array.of(1, 3, 2), 0.5);

    // s: 0.5, 1.75, 1.875; divided by 1 - w^n: 0.5, 0.75, 0.875
    expect(Array.from(smoothed)).toEqual([1, 1.75 / 0.75, 1.875 / 0.875]);
  });

  it('gives the values at weight 0', () => {
    expect(Array.from(smooth(Float64Array.of(4, -2, 0.5), 0))).toEqual([4, -2, 0.5]);
  });

  it('starts at the first value, whatever the weight', () => {
    expect(smooth(Float64Array.of(0.1, 7), 0.99)[0]).toBeCloseTo(0.1, 12);
  });

  it('leaves a constant series bit for bit as it is', () => {
    const values = Float64Array.of(0.1, 0.1, Number.NaN, 0.1);

    expect(Array.from(smooth(values, 0.9))).toEqual([0.1, 0.1, Number.NaN, 0.1]);
  });

  it('breaks the line at non-finite values and keeps them out of the average', () => {
    const broken = smooth(Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 2), 0.5);
    const whole = smooth(Float64Array.of(1, 3, 2), 0.5);

    expect(Array.from(broken)).toEqual([whole[0], Number.NaN, whole[1], Number.NaN, whole[2]]);
  });

  it('leaves its input alone', () => {
    const values = Float64Array.of(1, 2);

    smooth(values, 0.5);

    expect(Array.from(values)).toEqual([1, 2]);
  });
});

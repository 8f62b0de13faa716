import { describe, expect, it } from 'vitest';

import { bestSoFar, visibleRange } from '../../../web/src/charts/history-chart.js';

const NONE = new Uint8Array(8);

describe('bestSoFar', () => {
  it('falls when less is better and rises when more is', () => {
    const values = Float64Array.of(3, 5, 2, 4);

    expect(Array.from(bestSoFar(values, NONE, true))).toEqual([3, 3, 2, 2]);
    expect(Array.from(bestSoFar(values, NONE, false))).toEqual([3, 5, 5, 5]);
  });

  it('never takes a pruned, missing or infinite value', () => {
    const values = Float64Array.of(Number.NaN, 4, 9, Number.POSITIVE_INFINITY);

    expect(Array.from(bestSoFar(values, Uint8Array.of(0, 0, 1, 0), false))).toEqual([Number.NaN, 4, 4, 4]);
  });
});

describe('visibleRange', () => {
  it('is not stretched by a far outlier', () => {
    const [low, high] = visibleRange(Float64Array.of(1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 900), NONE);

    expect(low).toBe(1);
    expect(high).toBeLessThan(5);
  });

  it('is of the pruned trials when there are no others', () => {
    expect(visibleRange(Float64Array.of(2, 6), Uint8Array.of(1, 1))).toEqual([2, 6]);
  });

  it('is [0, 1] without values', () => {
    expect(visibleRange(new Float64Array(0), NONE)).toEqual([0, 1]);
  });
});

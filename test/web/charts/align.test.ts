import { describe, expect, it } from 'vitest';

import { align, countPoints, nearestPoint } from '../../../web/src/charts/align.js';

const line = (steps: number[], values: number[]) => ({
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
});

describe('align', () => {
  it('puts lines with steps of their own on one rising axis', () => {
    const { x, ys } = align([line([0, 10, 20], [1, 2, 3]), line([5, 10], [7, 8])], false);

    expect(x).toEqual([0, 5, 10, 20]);
    expect(ys).toEqual([
      [1, undefined, 2, 3],
      [undefined, 7, 8, undefined],
    ]);
  });

  it('makes gaps of values that are not finite', () => {
    const { ys } = align([line([0, 1, 2], [1, Number.NaN, Number.NEGATIVE_INFINITY])], false);

    expect(ys).toEqual([[1, null, null]]);
  });

  it('makes gaps of what a log scale cannot show', () => {
    const { ys } = align([line([0, 1, 2], [0, -1, 10])], true);

    expect(ys).toEqual([[null, null, 10]]);
  });

  it('draws the last of several points at one step', () => {
    const { x, ys } = align([line([0, 1, 1, 2], [1, 2, 3, 4])], false);

    expect(x).toEqual([0, 1, 2]);
    expect(ys).toEqual([[1, 3, 4]]);
  });

  it('has nothing to draw without lines', () => {
    expect(align([], false)).toEqual({ x: [], ys: [] });
    expect(countPoints([])).toBe(0);
  });
});

describe('nearestPoint', () => {
  const x = [0, 10, 18, 20];

  it('finds the point of the line that is next to a step it does not have', () => {
    expect(nearestPoint(x, [1, undefined, undefined, 4], 1)).toBe(0);
    expect(nearestPoint(x, [1, undefined, undefined, 4], 2)).toBe(3);
  });

  it('finds the only side there is', () => {
    expect(nearestPoint(x, [undefined, 2, undefined, undefined], 3)).toBe(1);
    expect(nearestPoint(x, [undefined, undefined, null, 4], 0)).toBe(3);
  });

  it('is -1 for a line without values', () => {
    expect(nearestPoint(x, [undefined, null, undefined, undefined], 1)).toBe(-1);
  });
});

import { expect, it } from 'vitest';
import { isotonicFit } from '../../../src/search/math/isotonic.js';

it('pools neighbours that fall, and leaves a rising sequence as it is', () => {
  expect([...isotonicFit(Float64Array.of(1, 2, 3))]).toEqual([1, 2, 3]);
  expect([...isotonicFit(Float64Array.of(3, 2, 1))]).toEqual([2, 2, 2]);
  expect([...isotonicFit(Float64Array.of(1, 3, 2, 2, 5, 4))]).toEqual([1, 7 / 3, 7 / 3, 7 / 3, 4.5, 4.5]);
  expect([...isotonicFit(new Float64Array(0))]).toEqual([]);
});

it('is nearer than any other rising sequence on a grid', () => {
  const values = Float64Array.of(2, 0, 1, 3, 2);
  const fitted = isotonicFit(values);
  const error = (fit: ArrayLike<number>) => values.reduce((sum, value, i) => sum + (value - (fit[i] ?? 0)) ** 2, 0);
  const grid = [0, 0.5, 1, 1.5, 2, 2.5, 3];

  for (const a of grid)
    for (const b of grid)
      for (const c of grid)
        for (const d of grid)
          for (const e of grid)
            if (a <= b && b <= c && c <= d && d <= e)
              expect(error(fitted)).toBeLessThanOrEqual(error([a, b, c, d, e]) + 1e-12);
});

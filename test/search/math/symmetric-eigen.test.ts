import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/search/math/rng.js';
import { symmetricEigen } from '../../../src/search/math/symmetric-eigen.js';
import { makeGenerator } from '../support.js';

describe('symmetricEigen', () => {
  it('finds the eigenvalues that are known in closed form', () => {
    // The second difference matrix has 2 - 2 cos(k pi / (d + 1)).
    const d = 12;
    const matrix = Float64Array.from({ length: d * d }, (_, at) => {
      const gap = Math.abs(Math.floor(at / d) - (at % d));
      return gap === 0 ? 2 : gap === 1 ? -1 : 0;
    });

    symmetricEigen(matrix, d).values.forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (d + 1)), 13);
    });
  });

  it.each([1, 2, 5, 30, 100])('rebuilds a matrix of %d rows from its eigenvectors, which are orthonormal', (d) => {
    const rng = createRng(`eigen ${d}`, makeGenerator);
    const matrix = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = (rng.next() - 0.5) * 10 ** ((8 * (i + j)) / (2 * d));
        matrix[i * d + j] = entry;
        matrix[j * d + i] = entry;
      }
    }
    const scale = Math.max(...matrix.map(Math.abs));
    const { values, vectors } = symmetricEigen(matrix, d);
    const sum = (i: number, j: number, of: (k: number) => number) => {
      let total = 0;
      for (let k = 0; k < d; k++) total += (vectors[i * d + k] ?? 0) * of(k) * (vectors[j * d + k] ?? 0);
      return total;
    };

    expect([...values]).toEqual([...values].sort((a, b) => a - b));
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        expect(Math.abs(sum(i, j, () => 1) - (i === j ? 1 : 0))).toBeLessThan(1e-13 * d);
        expect(Math.abs(sum(i, j, (k) => values[k] ?? 0) - (matrix[i * d + j] ?? 0))).toBeLessThan(1e-14 * d * scale);
      }
    }
  });
});

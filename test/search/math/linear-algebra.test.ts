import { describe, expect, it } from 'vitest';
import { factorFrom, invertFactor } from '../../../src/search/math/cholesky.js';
import { solveBackward, solveForward } from '../../../src/search/math/triangular.js';
import { makeGenerator } from '../support.js';

const A = [
  [4, 1.2, -0.6, 0.5, 0.1],
  [1.2, 3, 0.4, -0.2, 0.7],
  [-0.6, 0.4, 2.5, 0.3, -0.4],
  [0.5, -0.2, 0.3, 1.8, 0.2],
  [0.1, 0.7, -0.4, 0.2, 1.1],
];

describe('Cholesky factor', () => {
  it('and inverse are what numpy computes', () => {
    const factor = { entries: Float64Array.from(A.flat()), stride: 5, size: 5 };
    const inverse = new Float64Array(25);

    expect(factorFrom(factor, 0)).toBe(true);
    invertFactor(factor, new Float64Array(25), inverse);

    const expectedFactor = [
      [2],
      [0.6, 1.624807680927192],
      [-0.3, 0.356965323840065, 1.5108195648639706],
      [0.25, -0.21541010921383227, 0.2991051677535209, 1.2655570249781805],
      [0.05, 0.41235649478076464, -0.3522571338589245, 0.3015965927711447, 0.8440477048641584],
    ];
    const expectedInverse = [
      [0.36337675946364467],
      [-0.23073866113329214, 0.5882761446671521],
      [0.17963227105293486, -0.25454661803754514, 0.5728853258559574],
      [-0.18005403693578356, 0.22599743086402738, -0.21738395348067746, 0.704079966811388],
      [0.21185736605024608, -0.48703415321954613, 0.39350029687227867, -0.3345112478779903, 1.4036732172483337],
    ];
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j <= i; j++) {
        expect(factor.entries[i * 5 + j]).toBeCloseTo(expectedFactor[i]![j]!, 14);
        expect(inverse[i * 5 + j]).toBeCloseTo(expectedInverse[i]![j]!, 14);
      }
    }
  });

  it('times its transpose is the matrix, its inverse times the matrix is the identity, at every size up to 40', () => {
    for (let size = 1; size <= 40; size++) {
      const matrix = randomMatrix(size, size);
      const factor = { entries: matrix.slice(), stride: size, size };
      const inverse = new Float64Array(size * size);
      expect(factorFrom(factor, 0)).toBe(true);
      invertFactor(factor, new Float64Array(size * size), inverse);

      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          let entry = 0;
          for (let k = 0; k <= j; k++) entry += factor.entries[i * size + k]! * factor.entries[j * size + k]!;
          expect(entry).toBeCloseTo(matrix[i * size + j]!, 11);
        }
        for (let j = 0; j < size; j++) {
          let entry = 0;
          for (let k = 0; k < size; k++) {
            const a = matrix[Math.max(i, k) * size + Math.min(i, k)]!;
            entry += a * inverse[Math.max(k, j) * size + Math.min(k, j)]!;
          }
          expect(entry).toBeCloseTo(i === j ? 1 : 0, 9);
        }
      }
    }
  });

  it('has the same bits whether rows are appended or factored at once, in any room', () => {
    const size = 37;
    const matrix = randomMatrix(size, size);
    const whole = { entries: matrix.slice(), stride: size, size };
    factorFrom(whole, 0);
    for (const begin of [0, 1, 6, 35]) {
      const stride = 50;
      const entries = new Float64Array(stride * stride);
      for (let i = 0; i < size; i++) entries.set(matrix.subarray(i * size, i * size + i + 1), i * stride);
      if (begin > 0) factorFrom({ entries, stride, size: begin }, 0);
      for (let rows = begin; rows < size; rows += 3) {
        factorFrom({ entries, stride, size: Math.min(size, rows + 3) }, rows);
      }

      for (let i = 0; i < size; i++) {
        expect(entries.slice(i * stride, i * stride + i + 1)).toEqual(whole.entries.slice(i * size, i * size + i + 1));
      }
    }
  });

  it('says when the matrix is not positive definite', () => {
    const indefinite = Float64Array.of(1, 0, 2, 1);
    const unknown = Float64Array.of(Number.NaN);

    expect(factorFrom({ entries: indefinite, stride: 2, size: 2 }, 0)).toBe(false);
    expect(factorFrom({ entries: unknown, stride: 1, size: 1 }, 0)).toBe(false);
  });
});

describe('triangular solves', () => {
  it('give back what was multiplied, alone with the same bits as among others', () => {
    for (const size of [1, 2, 3, 4, 7, 21]) {
      const factor = { entries: randomMatrix(size, size), stride: size, size };
      factorFrom(factor, 0);
      const draw = makeGenerator('right-hand sides');
      const rows = Float64Array.from({ length: 6 * size }, draw);
      const solved = rows.slice();
      solveForward(factor, { entries: solved, offset: 0, stride: size, count: 6 });

      for (let r = 0; r < 6; r++) {
        const single = rows.slice(r * size, (r + 1) * size);
        const transposed = single.slice();
        solveForward(factor, { entries: single, offset: 0, stride: size, count: 1 });
        solveBackward(factor, transposed);

        expect(single).toEqual(solved.slice(r * size, (r + 1) * size));
        for (let i = 0; i < size; i++) {
          let forward = 0;
          let backward = 0;
          for (let k = 0; k <= i; k++) forward += factor.entries[i * size + k]! * single[k]!;
          for (let k = i; k < size; k++) backward += factor.entries[k * size + i]! * transposed[k]!;
          expect(forward).toBeCloseTo(rows[r * size + i]!, 11);
          expect(backward).toBeCloseTo(rows[r * size + i]!, 11);
        }
      }
    }
  });
});

/** B B' + I for a random B, its lower triangle and some rubbish above. */
function randomMatrix(size: number, seed: number): Float64Array {
  const draw = makeGenerator(`matrix ${seed}`);
  const b = Float64Array.from({ length: size * size }, () => draw() - 0.5);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < size; k++) sum += b[i * size + k]! * b[j * size + k]!;
      matrix[i * size + j] = j <= i ? sum : 1e9;
    }
  }
  return matrix;
}

import { describe, expect, it } from 'vitest';
import { hashText } from '../../../src/search/math/hash.js';
import { SOBOL_DIMENSIONS, sobolPoint } from '../../../src/search/math/sobol.js';

/** FNV-1a of a list of 32-bit numbers, as the figures of scipy below were made. */
function digest(numbers: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x01000193);
  return hash >>> 0;
}

/** scipy goes through the points in Gray order. */
const gray = (i: number) => i ^ (i >> 1);

describe('sobolPoint', () => {
  // Values of scipy 1.17.1, qmc.Sobol(1024, scramble=False), times 64; it uses the same file of Joe and Kuo.
  it.each([
    [0, [0, 32, 48, 16, 24, 56, 40, 8, 12, 44, 60, 28, 20, 52, 36, 4]],
    [1, [0, 32, 16, 48, 24, 56, 8, 40, 20, 52, 4, 36, 12, 44, 28, 60]],
    [2, [0, 32, 16, 48, 40, 8, 56, 24, 60, 28, 44, 12, 20, 52, 4, 36]],
    [4, [0, 32, 48, 16, 24, 56, 40, 8, 36, 4, 20, 52, 60, 28, 12, 44]],
    [17, [0, 32, 16, 48, 56, 24, 40, 8, 52, 20, 36, 4, 12, 44, 28, 60]],
    [100, [0, 32, 16, 48, 40, 8, 56, 24, 4, 36, 20, 52, 44, 12, 60, 28]],
    [1023, [0, 32, 48, 16, 56, 24, 8, 40, 4, 36, 52, 20, 60, 28, 12, 44]],
  ])('has the published points in dimension %d', (dimension, expected) => {
    const points = Array.from({ length: 16 }, (_, i) => 64 * sobolPoint(gray(i), dimension, null));

    expect(points).toEqual(expected);
  });

  it('agrees with scipy in the first 64 points of all dimensions, and in all their direction numbers to 30 bits', () => {
    const dimensions = Array.from({ length: SOBOL_DIMENSIONS }, (_, j) => j);
    const points = Array.from({ length: 64 }, (_, i) => dimensions.map((j) => 64 * sobolPoint(gray(i), j, null)));
    const directions = dimensions.map((j) =>
      Array.from({ length: 30 }, (_, k) => Math.floor(2 ** 30 * sobolPoint(2 ** k, j, null))),
    );

    expect(digest(points.flat())).toBe(3_955_283_973);
    expect(digest(directions.flat())).toBe(2_093_784_379);
  });

  it('stays a net when scrambled: 2^k points, one in each interval of each dimension, whatever the seed', () => {
    for (const seed of ['a', 'b', 'c'].map(hashText)) {
      for (const dimension of [0, 1, 7, 333, 1023]) {
        const cells = Array.from({ length: 256 }, (_, i) => Math.floor(256 * sobolPoint(i, dimension, seed)));

        expect(new Set(cells).size).toBe(256);
      }
    }
  });

  it('keeps the stratification of dimensions 1 and 2 in every elementary box', () => {
    for (const [across, up] of [
      [1, 64],
      [4, 16],
      [8, 8],
      [32, 2],
    ] as const) {
      const boxes = Array.from(
        { length: 64 },
        (_, i) =>
          Math.floor(across * sobolPoint(i, 0, hashText('net'))) * up +
          Math.floor(up * sobolPoint(i, 1, hashText('net'))),
      );

      expect(new Set(boxes).size).toBe(64);
    }
  });

  it('moves each point uniformly over seeds', () => {
    const counts = new Array<number>(20).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const k = Math.floor(20 * sobolPoint(i % 5, i % 7, hashText(`seed ${i}`)));
      counts[k] = (counts[k] ?? 0) + 1;
    }

    expect(counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)).toBeLessThan(43.8); // 19 degrees, 0.1 %
  });

  it('integrates smooth functions with an error that falls almost as n^-3/2, as Owen 1997 proves of such scrambles', () => {
    const error = (n: number) => {
      const squares = Array.from({ length: 40 }, (_, s) => {
        const seed = hashText(`integral ${s}`);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += Math.exp(sobolPoint(i, 0, seed) + sobolPoint(i, 1, seed)) / n;
        return (sum - (Math.E - 1) ** 2) ** 2 / 40;
      });
      return Math.sqrt(squares.reduce((sum, square) => sum + square));
    };
    const [few, many] = [error(64), error(1_024)];

    // Chance: 1.1 / 8, and a quarter of that at 16 times the points.
    expect(few).toBeLessThan(0.015);
    expect(many).toBeLessThan(few / 30);
  });

  it('scrambles dimensions and seeds apart', () => {
    const first = Array.from({ length: 40 }, (_, i) => sobolPoint(0, i % 20, hashText(i < 20 ? 'a' : 'b')));

    expect(new Set(first).size).toBe(40);
    expect(first.reduce((sum, x) => sum + x / 40, 0)).toBeCloseTo(0.5, 0);
  });

  it('refuses dimensions it has no numbers for', () => {
    expect(() => sobolPoint(0, SOBOL_DIMENSIONS, null)).toThrow(RangeError);
    expect(() => sobolPoint(0, 0.5, null)).toThrow(RangeError);
  });
});

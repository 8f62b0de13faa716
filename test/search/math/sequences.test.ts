import { describe, expect, it } from 'vitest';
import { haltonPoint } from '../../../src/search/math/halton.js';
import { hashText } from '../../../src/search/math/hash.js';
import { permute, unpermute } from '../../../src/search/math/permutation.js';

describe('permute', () => {
  it('is a bijection of every size', () => {
    for (const size of [1, 2, 3, 5, 12, 64, 100, 1_000]) {
      for (const seed of [0, 1, 0xffffffff]) {
        const places = Array.from({ length: size }, (_, i) => permute(i, size, seed));

        expect(new Set(places).size).toBe(size);
        expect(Math.min(...places)).toBe(0);
        expect(Math.max(...places)).toBe(size - 1);
        expect(places.map((place) => unpermute(place, size, seed))).toEqual(places.map((_, i) => i));
      }
    }
  });

  it('reaches all orders of three about equally often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = [0, 1, 2].map((k) => permute(k, 3, hashText(`seed ${i}`))).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);

    expect(counts.size).toBe(6);
    expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, 0.1 %
  });

  it('spreads neighbours, also beyond 32 bits', () => {
    const size = 2 ** 50 + 7;
    const places = Array.from({ length: 1_000 }, (_, i) => permute(i, size, 1) / size);
    const counts = new Array<number>(10).fill(0);
    for (const place of places) counts[Math.floor(10 * place)] = (counts[Math.floor(10 * place)] ?? 0) + 1;

    expect(new Set(places).size).toBe(1_000);
    expect(counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(27.9); // 9 degrees, 0.1 %
  });
});

describe('haltonPoint', () => {
  // scipy 1.17.1, qmc.Halton(12, scramble=False).
  it.each([
    [1, [0.5, 0.3333333333333333, 0.2, 0.14285714285714285, 0.09090909090909091, 0.07692307692307693]],
    [7, [0.875, 0.5555555555555556, 0.44, 0.02040816326530612, 0.6363636363636364, 0.5384615384615385]],
    [29, [0.71875, 0.6790123456790123, 0.808, 0.22448979591836732, 0.6528925619834711, 0.242603550295858]],
  ])('has the published point %d', (index, expected) => {
    for (const [dimension, x] of expected.entries()) expect(haltonPoint(index, dimension, null)).toBeCloseTo(x, 14);
    expect(haltonPoint(index, 11, null)).toBeCloseTo({ 1: 1 / 37, 7: 7 / 37, 29: 29 / 37 }[index] ?? 0, 14);
  });

  it('stays even when scrambled: b^k points, one in each interval', () => {
    for (const [dimension, base] of [2, 3, 5, 7].entries()) {
      const count = base ** 3;
      const cells = Array.from({ length: count }, (_, i) => Math.floor(count * haltonPoint(i, dimension, 99)));

      expect(new Set(cells).size).toBe(count);
    }
  });

  it('does not correlate in high dimensions when scrambled, as it does when not', () => {
    const correlation = (seed: number | null) => {
      const points = Array.from(
        { length: 37 },
        (_, i) => [haltonPoint(i, 20, seed), haltonPoint(i, 21, seed)] as const,
      );
      const mean = (of: (point: readonly [number, number]) => number) =>
        points.reduce((sum, point) => sum + of(point) / points.length, 0);
      const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
      const spread = (of: (point: readonly [number, number]) => number) => mean(of);
      return (
        spread(([a, b]) => (a - x) * (b - y)) /
        Math.sqrt(spread(([a]) => (a - x) ** 2) * spread(([, b]) => (b - y) ** 2))
      );
    };

    expect(correlation(null)).toBeGreaterThan(0.99);
    for (const seed of [1, 2, 3, 4, 5]) expect(Math.abs(correlation(seed))).toBeLessThan(0.55);
  });
});

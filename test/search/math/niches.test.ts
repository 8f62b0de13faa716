import { describe, expect, it } from 'vitest';
import { evenDirections, fillNiches, nichesOf } from '../../../src/search/math/niches.js';

describe('directions of a front', () => {
  it.each([
    [2, 3, 4],
    [3, 12, 91],
    [4, 3, 20],
    [10, 3, 220],
  ])('of %s objectives in %s steps are %s, each once, with sum 1', (objectives, divisions, count) => {
    const directions = evenDirections(objectives, divisions);

    expect(directions.length).toBe(count);
    expect(new Set(directions.map(String)).size).toBe(count);
    for (const direction of directions) {
      expect(direction.length).toBe(objectives);
      expect(direction.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    }
  });

  it('of no objectives are none', () => {
    expect(evenDirections(0, 3)).toEqual([]);
  });

  it('are met by the vectors that lie on them, whatever the unit and origin of each objective', () => {
    const directions = evenDirections(4, 3);
    const scales = [1, 1_000, 1e-3, 7];
    const vectors = directions.map((direction) => direction.map((w, o) => 5 * scales[o]! + scales[o]! * w));

    const { nearest, distances } = nichesOf(vectors, directions);

    expect([...nearest]).toEqual(directions.map((_, i) => i));
    for (const distance of distances) expect(distance).toBeLessThan(1e-6);
  });

  it('have the distances that geometry gives', () => {
    const ends = [
      [1, 0],
      [0, 1],
    ];
    const { nearest, distances } = nichesOf([...ends, [0.2, 0.6], [0.6, 0.6]], [...ends, [0.5, 0.5]]);

    expect([...nearest]).toEqual([0, 1, 1, 2]);
    expect(distances[2]).toBeCloseTo(0.2, 9);
    expect(distances[3]).toBeCloseTo(0, 9);
  });

  it('are found in fronts that span no plane', () => {
    for (const vectors of [
      [[1, 1, 1, 1]],
      [
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
    ]) {
      const { nearest, distances } = nichesOf(vectors, evenDirections(4, 3));

      expect([...nearest].every((at) => at >= 0 && at < 20)).toBe(true);
      expect([...distances].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('filling niches', () => {
  const niches = { nearest: Int32Array.of(0, 0, 1, 1, 2, 2), distances: Float64Array.of(0, 0.1, 0.3, 0.2, 0.5, 0.6) };

  it('takes of the emptiest direction the nearest, ties in order', () => {
    expect(fillNiches(niches, [0], [1, 2, 3, 4, 5], 2)).toEqual([3, 4]);
    expect(fillNiches(niches, [0], [1, 2, 3, 4, 5], 4)).toEqual([3, 4, 1, 2]);
    expect(fillNiches(niches, [], [5, 4, 1], 9)).toEqual([1, 4, 5]);
  });
});

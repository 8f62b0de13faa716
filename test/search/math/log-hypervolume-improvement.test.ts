import { describe, expect, it } from 'vitest';
import type { Values } from '../../../src/search/math/fronts.js';
import { exclusive } from '../../../src/search/math/hypervolume.js';
import {
  logHypervolumeImprovementOf,
  type MomentSlopes,
} from '../../../src/search/math/log-hypervolume-improvement.js';
import { logImprovement } from '../../../src/search/math/log-improvement.js';
import { nonDominatedBoxes } from '../../../src/search/math/non-dominated-boxes.js';
import { inverseLowerMass } from '../../../src/search/math/normal.js';
import { sobolPoint } from '../../../src/search/math/sobol.js';

const plane = [
  [0.1, 0.9],
  [0.3, 0.4],
  [0.8, 0.2],
];
const solid = [
  [0.1, 0.9, 0.5],
  [0.3, 0.4, 0.7],
  [0.8, 0.2, 0.3],
  [0.5, 0.5, 0.1],
  [0.2, 0.7, 0.6],
];
const REFERENCE = [1, 1, 1];

function logImprovementAt(front: readonly Values[], means: readonly number[], deviations: readonly number[]): number {
  const boxes = nonDominatedBoxes(front, REFERENCE.slice(0, means.length));
  return logHypervolumeImprovementOf(boxes)(Float64Array.from(means), Float64Array.from(deviations));
}

/** Mean growth of the volume over many quasi-random vectors: nothing in common with the boxes. */
function sampledImprovement(front: readonly Values[], means: readonly number[], deviations: readonly number[]): number {
  const count = 2 ** 15;
  const reference = REFERENCE.slice(0, means.length);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const vector = means.map((mu, o) => mu + (deviations[o] ?? 0) * inverseLowerMass(sobolPoint(i, o, 7) || 1e-10));
    sum += exclusive(vector, front, reference);
  }
  return sum / count;
}

describe('expected growth of the volume below a front', () => {
  it.each([
    ['inside two', plane, [0.4, 0.3], [0.2, 0.1]],
    ['dominated by two', plane, [0.7, 0.7], [0.15, 0.3]],
    ['beyond two', plane, [-0.5, 1.1], [0.4, 0.2]],
    ['inside three', solid, [0.4, 0.4, 0.4], [0.1, 0.2, 0.3]],
    ['dominated by three', solid, [0.8, 0.7, 0.6], [0.3, 0.2, 0.25]],
    ['at the edge of three', solid, [0.3, 0.4, 0.7], [0.05, 0.4, 0.1]],
  ] as const)('is what samples say, %s', (_, front, means, deviations) => {
    const expected = sampledImprovement(front, means, deviations);

    expect(Math.exp(logImprovementAt(front, means, deviations)) / expected).toBeCloseTo(1, 2);
  });

  it('is the product of expected improvements when there is no front', () => {
    const expected = Math.log(0.2) + logImprovement((1 - 0.7) / 0.2) + Math.log(0.5) + logImprovement((1 - 1.3) / 0.5);

    expect(logImprovementAt([], [0.7, 1.3], [0.2, 0.5])).toBeCloseTo(expected, 12);
  });

  it('is the growth itself when nothing is uncertain', () => {
    for (const [front, vector] of [
      [plane, [0.2, 0.3]],
      [solid, [0.4, 0.3, 0.2]],
    ] as const) {
      const growth = exclusive(vector, front, REFERENCE.slice(0, vector.length));
      const certain = vector.map(() => 1e-9);

      expect(Math.exp(logImprovementAt(front, vector, certain))).toBeCloseTo(growth, 7);
    }
  });

  it('is the same whatever dominated or repeated points are listed with the front', () => {
    const more = [...solid, [0.9, 0.9, 0.9], [0.3, 0.4, 0.7], [0.4, 0.2, 2]];
    const at = [0.5, 0.3, 0.4];

    expect(logImprovementAt(more, at, [0.1, 0.1, 0.2])).toBeCloseTo(logImprovementAt(solid, at, [0.1, 0.1, 0.2]), 10);
  });

  it('stays finite, and falls with the distance, where no number could hold it', () => {
    const values = [1, 10, 100, 1_000].map((far) => logImprovementAt(plane, [far, far], [1e-3, 1e-3]));

    for (const [i, value] of values.entries()) {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeLessThan(values[i - 1] ?? 0);
    }
  });

  it.each([
    ['two', plane, [0.4, 0.3], [0.2, 0.1]],
    ['two, far off', plane, [3, 4], [0.2, 0.1]],
    ['three', solid, [0.6, 0.4, 0.5], [0.1, 0.2, 0.3]],
    // Edges that are next to each other: logs of nearly equal numbers.
    ['close edges', [...solid, [0.3 + 1e-7, 0.3, 0.8], [0.1, 0.9 - 1e-7, 0.6]], [0.3, 0.8, 0.5], [0.4, 0.6, 0.3]],
  ] as const)('of %s has the slopes that differences have', (_, front, means, deviations) => {
    const m = means.length;
    const improvement = logHypervolumeImprovementOf(nonDominatedBoxes(front, REFERENCE.slice(0, m)));
    const slopes: MomentSlopes = { means: new Float64Array(m), deviations: new Float64Array(m) };
    const at = (list: readonly number[], shift: number, o: number) =>
      Float64Array.from(list, (x, i) => x + (i === o ? shift : 0));
    const step = 1e-6;

    improvement(Float64Array.from(means), Float64Array.from(deviations), slopes);

    for (let o = 0; o < m; o++) {
      const [mu, sigma] = [at(means, 0, o), at(deviations, 0, o)];
      const byMean = improvement(at(means, step, o), sigma) - improvement(at(means, -step, o), sigma);
      const byDeviation = improvement(mu, at(deviations, step, o)) - improvement(mu, at(deviations, -step, o));
      expect(slopes.means[o]! / (byMean / (2 * step))).toBeCloseTo(1, 4);
      expect(slopes.deviations[o]! / (byDeviation / (2 * step))).toBeCloseTo(1, 4);
    }
  });
});

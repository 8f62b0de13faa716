import { describe, expect, it } from 'vitest';
import { dominates, type Values } from '../../../src/search/math/fronts.js';
import { hypervolume } from '../../../src/search/math/hypervolume.js';
import { type Boxes, nonDominatedBoxes } from '../../../src/search/math/non-dominated-boxes.js';
import { makeGenerator } from '../support.js';

/** Lower and upper ends of each box. */
function boxesOf({ count, edges, lower, upper }: Boxes): readonly (readonly [Values, Values])[] {
  const ends = (places: Boxes['lower'], k: number) => edges.map((list, o) => list[places[o]![k]!]!);
  return Array.from({ length: count }, (_, k) => [ends(lower, k), ends(upper, k)] as const);
}

/** On a grid of quarters, so that coordinates are shared and points repeat. */
function randomPoints(count: number, objectives: number, seed: string): Values[] {
  const draw = makeGenerator(seed);
  return Array.from({ length: count }, () => Array.from({ length: objectives }, () => Math.floor(draw() * 12) / 4));
}

describe('boxes that a front leaves', () => {
  it('are one more than the points of a front of two objectives', () => {
    const front = [
      [1, 3],
      [2, 2],
      [3, 1],
    ];

    expect(boxesOf(nonDominatedBoxes(front, [4, 4]))).toEqual([
      [
        [-Infinity, -Infinity],
        [1, 4],
      ],
      [
        [1, -Infinity],
        [2, 3],
      ],
      [
        [2, -Infinity],
        [3, 2],
      ],
      [
        [3, -Infinity],
        [4, 1],
      ],
    ]);
  });

  it('are a single one without a front, and with points that dominate nothing inside the reference', () => {
    for (const points of [[], [[4, 0]], [[0, 5]], [[4, 4]]]) {
      expect(boxesOf(nonDominatedBoxes(points, [4, 4]))).toEqual([
        [
          [-Infinity, -Infinity],
          [4, 4],
        ],
      ]);
    }
    expect(nonDominatedBoxes([], [1, 1, 1]).count).toBe(1);
  });

  it.each([2, 3])('of %s objectives have the volume that the front does not cover, and share none of it', (m) => {
    for (let seed = 0; seed < 40; seed++) {
      const points = randomPoints(1 + (seed % 20), m, `boxes ${seed}`);
      const reference = Array.from({ length: m }, () => 2.5);
      const boxes = nonDominatedBoxes(points, reference);
      const cut = boxesOf(boxes).map(([low, high]) =>
        high.reduce((side, u, o) => side * (u - Math.max(low[o]!, -1)), 1),
      );
      const draw = makeGenerator(`probe ${seed}`);

      expect(cut.reduce((sum, volume) => sum + volume, 0)).toBeCloseTo(3.5 ** m - hypervolume(points, reference), 9);
      expect(boxes.count).toBeLessThanOrEqual((m - 1) * points.length + 1);
      for (let i = 0; i < 50; i++) {
        const probe = Array.from({ length: m }, () => 3.5 * draw() - 1);
        const holding = boxesOf(boxes).filter(([low, high]) => probe.every((x, o) => x > low[o]! && x <= high[o]!));
        const isFree = !points.some((point) => dominates(point, probe));
        expect(holding.length).toBe(isFree && probe.every((x) => x <= 2.5) ? 1 : 0);
      }
    }
  });
});

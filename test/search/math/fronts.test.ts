import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestByFronts } from '../../../src/search/math/best-by-fronts.js';
import { crowdingDistances } from '../../../src/search/math/crowding.js';
import { dominates, frontsOf, type Values } from '../../../src/search/math/fronts.js';
import { contributions, hypervolume, referenceOf } from '../../../src/search/math/hypervolume.js';
import { hypervolumeSubset } from '../../../src/search/math/hypervolume-subset.js';

/** Small whole numbers: ties and duplicates are common. */
const points = (objectives: number, most: number, maxLength = 14) =>
  fc.array(fc.array(fc.nat(most), { minLength: objectives, maxLength: objectives }), { minLength: 1, maxLength });

/** By inclusion and exclusion over all subsets: slow, and obviously right. */
function slowVolume(of: readonly Values[], reference: Values): number {
  let total = 0;
  for (let mask = 1; mask < 1 << of.length; mask++) {
    const members = of.filter((_, i) => mask & (1 << i));
    const box = reference.reduce(
      (product, end, o) => product * Math.max(0, end - Math.max(...members.map((point) => point[o] ?? 0))),
      1,
    );
    total += members.length % 2 ? box : -box;
  }
  return total;
}

describe('frontsOf', () => {
  it.each([1, 2, 3, 4])('peels %d objectives as the definition says', (objectives) => {
    fc.assert(
      fc.property(points(objectives, 6, 30), (all) => {
        let rest = [...all.keys()];
        const expected: number[][] = [];
        while (rest.length > 0) {
          const front = rest.filter((i) => !rest.some((j) => dominates(all[j] ?? [], all[i] ?? [])));
          expected.push(front);
          rest = rest.filter((i) => !front.includes(i));
        }

        expect(frontsOf(all)).toEqual(expected);
        const enough = Math.ceil(all.length / 2);
        const some = frontsOf(all, enough);
        expect(some).toEqual(expected.slice(0, some.length));
        expect(some.flat().length).toBeGreaterThanOrEqual(enough);
        expect(some.slice(0, -1).flat().length).toBeLessThan(enough);
      }),
    );
  });
});

describe('crowdingDistances', () => {
  it('adds the gaps between neighbours over the range, and never parts with the ends', () => {
    const front = [
      [0, 10],
      [1, 6],
      [3, 5],
      [10, 0],
    ];

    expect([...crowdingDistances(front)]).toEqual([Infinity, 3 / 10 + 5 / 10, 9 / 10 + 6 / 10, Infinity]);
    expect([...crowdingDistances([[1, 1]])]).toEqual([Infinity]);
    expect([...crowdingDistances([[1], [1], [1]])]).toEqual([Infinity, 0, Infinity]);
  });
});

describe('hypervolume', () => {
  it('is what the literature gives for a plane', () => {
    // DTLZ-like examples worked by hand: a staircase, and two boxes that share a quarter.
    expect(
      hypervolume(
        [
          [1, 3],
          [2, 2],
          [3, 1],
        ],
        [4, 4],
      ),
    ).toBe(6);
    expect(
      hypervolume(
        [
          [0, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ],
        [2, 2, 2],
      ),
    ).toBe(7);
  });

  it.each([1, 2, 3, 4, 5])('of %d objectives is that of inclusion and exclusion', (objectives) => {
    fc.assert(
      fc.property(points(objectives, 5, 9), (all) => {
        const reference = Array.from({ length: objectives }, () => 5);

        expect(hypervolume(all, reference)).toBe(slowVolume(all, reference));
        const without = all.map((_, i) => all.filter((__, j) => j !== i));
        const whole = slowVolume(all, reference);
        expect([...contributions(all, reference)]).toEqual(without.map((rest) => whole - slowVolume(rest, reference)));
      }),
    );
  });

  it('tends to the volume under the sphere octant of DTLZ2', () => {
    const steps = 60;
    const octant = Array.from({ length: steps + 1 }, (_, i) =>
      Array.from({ length: steps + 1 }, (__, j) => {
        const [a, b] = [(i / steps) * (Math.PI / 2), (j / steps) * (Math.PI / 2)];
        return [Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)];
      }),
    ).flat();

    // Up to (1, 1, 1): the cube less an eighth of the ball.
    expect(hypervolume(octant, [1, 1, 1])).toBeCloseTo(1 - Math.PI / 6, 1);
    expect(hypervolume(octant, [1, 1, 1])).toBeLessThan(1 - Math.PI / 6);
  });

  it('takes the reference from the worst values, whatever their sign', () => {
    expect(
      referenceOf([
        [1, -2, 0],
        [-3, -4, 0],
      ]),
    ).toEqual([1.1, -1.8, 1e-12]);
  });
});

describe('hypervolumeSubset', () => {
  it.each([2, 3])('adds the best next point of %d objectives each time', (objectives) => {
    fc.assert(
      fc.property(points(objectives, 9, 12), fc.nat(8), (all, size) => {
        const reference = referenceOf(all);
        const picked = hypervolumeSubset(all, size, reference);

        expect(picked.length).toBe(Math.min(size, all.length));
        picked.forEach((_, k) => {
          const before = picked.slice(0, k);
          const grown = (i: number) =>
            hypervolume(
              [...before, i].map((at) => all[at] ?? []),
              reference,
            );
          const best = Math.max(...[...all.keys()].filter((i) => !before.includes(i)).map(grown));
          expect(grown(picked[k] ?? 0)).toBeCloseTo(best, 9);
        });
      }),
    );
  });

  it('keeps whole fronts while they fit, and spreads over the one that does not', () => {
    const front = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => [i, 8 - i]);
    const all = [...front.map(([x = 0, y = 0]) => [x + 1, y + 1]), ...front];

    expect([...bestByFronts(all, 9)].sort((a, b) => a - b)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(bestByFronts(all, 10).length).toBe(10);
    // The middle first, then the middles of what is left.
    expect(bestByFronts(front, 1)).toEqual([4]);
    expect([...bestByFronts(front, 3)].sort((a, b) => a - b)).toEqual([2, 4, 6]);
    expect(bestByFronts(front, 50).length).toBe(9);
  });

  it('picks each point once, whatever the size of the values', () => {
    const front = (size: number) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => [i * size, (8 - i) * size]);
    const all = [...Array(9).keys()];
    for (const size of [1e200, 1.9e307, 1e-200]) {
      expect([...bestByFronts(front(size), 3)].sort((a, b) => a - b)).toEqual([2, 4, 6]);
      expect([...hypervolumeSubset(front(size), 9, [9 * size, 9 * size])].sort((a, b) => a - b)).toEqual(all);
    }
    const infinite = [0, 1, 2, 3].map((i) => [-Infinity, i]);
    expect([...hypervolumeSubset(infinite, 4, [1, 9])].sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  it('beyond three objectives keeps those that stand most alone', () => {
    const front = [0, 1, 2, 10, 20].map((i) => [i, -i, i, -i]);

    expect(bestByFronts(front, 3)).toEqual([0, 4, 3]);
  });
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createRng } from '../../../../src/search/math/rng.js';
import { drawCandidates } from '../../../../src/search/samplers/gp/candidates.js';
import { evidenceOf } from '../../../../src/search/samplers/gp/evidence.js';
import { featuresOf, paramsAt, pointOf, writeRow } from '../../../../src/search/samplers/gp/features.js';
import { fitAt } from '../../../../src/search/samplers/gp/fit.js';
import { constraintSample, objectiveSample } from '../../../../src/search/samplers/gp/sample.js';
import { milestoneUpTo, scheduledFit } from '../../../../src/search/samplers/gp/schedule.js';
import { halfRank, WARPS, warp } from '../../../../src/search/samplers/gp/warp.js';
import { orderScore } from '../../../../src/search/samplers/gp/warp-choice.js';
import { drawUniform } from '../../../../src/search/samplers/uniform.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { validateParams } from '../../../../src/search/space/validate-params.js';
import { everything, historyOf, makeGenerator, small, trial } from '../../support.js';

describe('features', () => {
  it('take params to a point and back, in any space', () => {
    for (const space of [everything, small]) {
      const features = featuresOf(space);
      for (let i = 0; i < 50; i++) {
        const params = drawUniform(space, createRng(`params ${i}`, makeGenerator));
        const back = paramsAt(features, pointOf(features, params));

        expect(Object.keys(back).sort()).toEqual(Object.keys(params).sort());
        for (const [name, value] of Object.entries(params)) {
          if (typeof value === 'number') expect(back[name]).toBeCloseTo(value, 12);
          else expect(back[name]).toBe(value);
        }
      }
    }
  });

  it('lay a row out with numeric columns first, and inactive parameters in a place of their own', () => {
    const space = parseSpace({
      choice: { kind: 'categorical', choices: ['a', 'b', null] },
      x: { kind: 'float', low: 0, high: 10 },
      depth: { kind: 'int', low: 1, high: 4, when: { param: 'choice', in: ['a'] } },
      flag: { kind: 'boolean', when: { param: 'choice', in: ['a'] } },
      fixed: { kind: 'int', low: 3, high: 3 },
    });
    const features = featuresOf(space);
    const rowOf = (params: Record<string, string | number | boolean | null>) => {
      const row = new Float64Array(features.width);
      writeRow(features, pointOf(features, params), row, 0);
      return [...row];
    };

    expect(features).toMatchObject({ numeric: 3, width: 5, isConditional: true });
    expect(rowOf({ choice: 'a', x: 2, depth: 4, flag: true, fixed: 3 })).toEqual([0.2, 0.875, 0, 0, 1]);
    expect(rowOf({ choice: null, x: 2, fixed: 3 })).toEqual([0.2, 0.5, 1, 2, 2]);
    expect(paramsAt(features, Float64Array.of(2, 0.2, 0.9, 1))).toEqual({ choice: null, x: 2, fixed: 3 });
  });

  it('are drawn as candidates that are legal, half of them near a centre', () => {
    for (const space of [everything, small]) {
      const features = featuresOf(space);
      const rng = createRng('candidates', makeGenerator);
      const centre = pointOf(features, drawUniform(space, rng));
      const drawn = drawCandidates(features, [centre], new Float64Array(features.width).fill(0.3), 200, rng);

      for (const point of drawn) expect(validateParams(space, paramsAt(features, point))).toEqual([]);
      const shared = drawn.filter(
        (point) => point.filter((place, a) => place === centre[a]).length >= point.length / 2,
      );
      expect(shared.length).toBeGreaterThan(50);
    }
  });
});

describe('warps', () => {
  it.each(WARPS)('%s keeps the order, has mean 0 and deviation 1, and leads back', (kind) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 }),
        (list) => {
          const original = Float64Array.from(list, (y) => Math.round(y * 100) / 100);
          const { values, invert } = warp(kind, original);

          original.forEach((y, i) => {
            original.forEach((other, j) => {
              if (y < other) expect(values[i]! - values[j]!).toBeLessThan(1e-9);
            });
          });
          const isConstant = new Set(original).size === 1;
          const squares = values.reduce((sum, z) => sum + z * z, 0) / values.length;
          expect(values.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 6);
          expect(squares).toBeCloseTo(isConstant ? 0 : 1, 6);
          original.forEach((y, i) => {
            expect(Math.abs(invert(values[i]!) - y)).toBeLessThan(1e-3 * Math.max(1, Math.abs(y)));
          });
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it.each(WARPS)('%s survives values of any size', (kind) => {
    for (const original of [[1e300, -1e300, 3], [1e-300, 2e-300, 5e-300], [7, 7, 7], [1.7e308, -1.7e308], [0]]) {
      const { values, invert } = warp(kind, Float64Array.from(original));

      expect(values.every(Number.isFinite)).toBe(true);
      for (const z of [-40, 0, 40]) expect(Number.isFinite(invert(z))).toBe(true);
    }
  });

  it('leaves the better half alone and takes the worse half to a normal law by rank', () => {
    const ranked = halfRank(Float64Array.of(1, 2, 3, 100, 1e6));

    expect([...ranked.slice(0, 3)]).toEqual([1, 2, 3]);
    // S = sqrt(5/3) about the median 3, D = 2.5: quantiles 0.1 and 0.3
    expect(ranked[4]).toBeCloseTo(3 + Math.sqrt(5 / 3) * 1.2815515655446004, 9);
    expect(ranked[3]).toBeCloseTo(3 + Math.sqrt(5 / 3) * 0.5244005127080407, 9);
  });

  it('keeps the worse half apart where the better one is a single value, but for its last digit', () => {
    const { values } = warp('half-rank', Float64Array.of(6e-17, 0, 1e-17, 6e-17, 0.2, 0.9));

    expect(values[4]! - values[0]!).toBeGreaterThan(0.5);
    expect(values[5]! - values[4]!).toBeGreaterThan(0.5);
  });

  it('are not chosen where they leave nothing to order', () => {
    const sample = (values: readonly number[]) => ({
      table: { rows: Float64Array.of(0.1, 0.5, 0.9), count: 3, width: 1, numeric: 1 },
      values: Float64Array.from(values),
      noiseShare: Float64Array.of(1, 1, 1),
    });
    const hyperparameters = { weights: Float64Array.of(1), signal: 1, noise: 0.1 };

    expect(orderScore(sample([0, 0, 0]), hyperparameters)).toBe(-Infinity);
    expect(orderScore(sample([0, 1, 2]), hyperparameters)).toBeGreaterThan(-Infinity);
  });
});

describe('schedule of fits', () => {
  it('goes on by a twentieth, at most 8, and stops at every milestone', () => {
    const fits = new Set(Array.from({ length: 200 }, (_, i) => scheduledFit(i + 1)));

    expect([...fits].slice(0, 30)).toEqual([
      ...Array.from({ length: 21 }, (_, i) => i + 1),
      ...[23, 24, 26, 28, 30, 32, 34, 36, 38],
    ]);
    for (const milestone of [48, 64, 96, 128, 192]) expect(fits).toContain(milestone);
    for (const n of [5, 47, 64, 1_000, 5_000]) {
      expect(scheduledFit(n)).toBeLessThanOrEqual(n);
      expect(n - scheduledFit(n)).toBeLessThan(8);
    }
  });

  it('has milestones at powers of two and half-way between', () => {
    expect([1, 3, 4, 5, 6, 7, 8, 11, 12, 16, 23, 24, 100, 128].map(milestoneUpTo)).toEqual([
      1, 3, 4, 4, 6, 6, 8, 8, 12, 16, 16, 24, 96, 128,
    ]);
  });
});

describe('memo of fits', () => {
  it('keeps what is asked for again and again, however much else is asked for', () => {
    const features = featuresOf(parseSpace({ x: { kind: 'float', low: 0, high: 1 } }));
    const { known } = evidenceOf(historyOf(features.space, [trial(0, { x: 0.1 }, { values: [1] })]), features);
    const growing = (name: string) => ({
      prefix: vi.fn(() => objectiveSample(features, known)!),
      nameOf: (k: number) => `${name} ${k}`,
    });
    const milestone = growing('milestone');
    const options = { warps: ['identity'], isDeterministic: false } as const;

    for (let i = 0; i < 400; i++) {
      fitAt(1, milestone, options);
      fitAt(1, growing(`other ${i}`), options);
    }

    expect(milestone.prefix).toHaveBeenCalledTimes(1);
  });
});

describe('evidence', () => {
  const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
  const features = featuresOf(space);

  it('comes in order of ending, negated when maximised', () => {
    const history = historyOf(
      space,
      [
        trial(0, { x: 0.1 }, { values: [1], endedAt: 9 }),
        trial(1, { x: 0.2 }, { values: [2], endedAt: 5 }),
        trial(2, { x: 0.3 }, { state: 'FAILED', cause: 'OOM', endedAt: 6 }),
        trial(3, { x: 0.4 }, { state: 'RUNNING' }),
        trial(4, { x: 0.5 }, { state: 'FAILED', cause: 'PREEMPTED', endedAt: 8 }),
        trial(5, { x: 7 }, { values: [3], endedAt: 7 }),
      ],
      { directions: ['maximize'] },
    );

    const { known, failed, pending, outcomes } = evidenceOf(history, features);

    expect(known.map(({ value }) => value)).toEqual([-2, -1]);
    expect(failed.map(({ point }) => [...point])).toEqual([[0.3]]);
    expect(pending.map(({ point }) => [...point])).toEqual([[0.4]]);
    expect(outcomes.map(({ value }) => value)).toEqual([0, 1, 0]);
  });

  it('groups replicates, and takes a pruned trial for no better than the median', () => {
    const report = (value: number) => ({
      steps: Float64Array.of(0),
      reports: Float64Array.of(value),
      reportedAt: Float64Array.of(1),
    });
    const { known } = evidenceOf(
      historyOf(space, [
        trial(0, { x: 0.1 }, { values: [1], endedAt: 1 }),
        trial(1, { x: 0.1 }, { values: [3], endedAt: 2 }),
        trial(2, { x: 0.2 }, { values: [5], endedAt: 3 }),
        trial(3, { x: 0.3 }, { state: 'PRUNED', endedAt: 4, ...report(0) }),
        trial(4, { x: 0.4 }, { state: 'PRUNED', endedAt: 5, ...report(4) }),
        trial(5, { x: 0.5 }, { state: 'PRUNED', endedAt: 6 }),
        trial(6, { x: 0.6 }, { state: 'STOPPED', endedAt: 7, ...report(-9) }),
      ]),
      features,
    );

    const sample = objectiveSample(features, known)!;

    expect([...sample.values]).toEqual([2, 5, 3, 4, 5, 1]);
    expect([...sample.noiseShare]).toEqual([0.5, 1, 4, 4, 4, 4]);
  });

  it('reads constraints where they were reported, the worst for what is not a number', () => {
    const { known } = evidenceOf(
      historyOf(space, [
        trial(0, { x: 0.1 }, { values: [1], constraints: [-1], endedAt: 1 }),
        trial(1, { x: 0.2 }, { values: [1], constraints: [Number.NaN], endedAt: 2 }),
        trial(2, { x: 0.3 }, { values: [1], endedAt: 3 }),
        trial(3, { x: 0.4 }, { values: [1], constraints: [2], endedAt: 4 }),
      ]),
      features,
    );

    expect([...constraintSample(features, known, 0)!.values]).toEqual([-1, 2, 2]);
    expect(constraintSample(features, known, 1)).toBeNull();
    expect(objectiveSample(features, [])).toBeNull();
    const silent = known.map((some) => ({
      ...some,
      source: 'PRUNED' as const,
      value: Infinity,
      constraints: [Number.NaN],
    }));
    expect([...objectiveSample(features, silent)!.values]).toEqual([0, 0, 0, 0]);
    expect([...constraintSample(features, silent, 0)!.values]).toEqual([1, 1, 1, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../../src/search/columns/table.js';
import type { HistoryTrial } from '../../../../src/search/history.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { drawWithin } from '../../../../src/search/samplers/gp/candidates.js';
import { featuresOf, paramsAt } from '../../../../src/search/samplers/gp/features.js';
import { boxAbout, regionOf } from '../../../../src/search/samplers/gp/trust-region.js';
import { turbo } from '../../../../src/search/samplers/gp/turbo.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { validateParams } from '../../../../src/search/space/validate-params.js';
import { everything, historyOf, makeGenerator, trial } from '../../support.js';

const line = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

/** Values in order of ending, each with who proposed it; so many run at a time. */
function regionAfter(
  ends: readonly (readonly [by: string, value: number])[],
  { axes = 2, startup = 0, workers = 1 } = {},
) {
  const trials = ends.map(([by, value], i): HistoryTrial => {
    const askedAt = 2 * Math.max(0, i - workers + 1) + 1;
    return trial(i, { x: i / 1_000 }, { by, values: [value], askedAt, endedAt: 2 * i + 2 });
  });
  return regionOf(tableOf(historyOf(line, trials)), ['minimize'], { kind: 'turbo', axes, startup });
}

const repeat = (count: number, end: readonly [string, number]) => Array.from({ length: count }, () => end);

describe('a trust region', () => {
  it('begins about the best trial, whoever proposed it', () => {
    expect(regionAfter([])).toEqual({ side: 0.8, restarts: 0, ended: 0, centre: -1 });
    expect(
      regionAfter([
        ['user', 3],
        ['tpe', 1],
        ['user', 2],
      ]),
    ).toEqual({ side: 0.8, restarts: 0, ended: 3, centre: 1 });
  });

  it('doubles after three successes in a row, up to 1.6, and halves after as many failures as axes', () => {
    const won = [
      ['turbo', 9],
      ['turbo', 8],
      ['turbo', 7],
    ] as const;

    expect(regionAfter([['user', 10], ...won]).side).toBe(1.6);
    expect(regionAfter([['user', 10], ...won, ['turbo', 6], ['turbo', 5], ['turbo', 4]]).side).toBe(1.6);
    expect(regionAfter([['user', 0], ...repeat(3, ['turbo', 5])]).side).toBe(0.8);
    expect(regionAfter([['user', 0], ...repeat(4, ['turbo', 5])]).side).toBe(0.4);
    expect(regionAfter([['user', 0], ...repeat(6, ['turbo', 5])], { axes: 7 }).side).toBe(0.8);
    expect(regionAfter([['user', 0], ...repeat(7, ['turbo', 5])], { axes: 7 }).side).toBe(0.4);
  });

  it('does not count what others proposed', () => {
    expect(regionAfter([['user', 0], ...repeat(20, ['gp', 5])]).side).toBe(0.8);
  });

  it('goes on elsewhere once it is too small: all before is forgotten', () => {
    // 0.8 is below 2^-7 after seven halvings.
    const exhausted = [['user', 0] as const, ...repeat(28, ['turbo', 5])];

    expect(regionAfter(exhausted.slice(0, -1))).toMatchObject({ restarts: 0, centre: 0 });
    expect(regionAfter(exhausted)).toEqual({ side: 0.8, restarts: 1, ended: 0, centre: -1 });
    expect(regionAfter([...exhausted, ['turbo', 7], ['turbo', 6]])).toEqual({
      side: 0.8,
      restarts: 1,
      ended: 2,
      centre: 30,
    });
  });

  it('begins again without what was in flight, and without what others propose near the old best', () => {
    const exhausted = [['user', 0] as const, ...repeat(28, ['turbo', 5])];
    const inFlight = repeat(7, ['turbo', -1]);

    expect(regionAfter([...exhausted, ...inFlight], { workers: 8 })).toEqual({
      side: 0.8,
      restarts: 1,
      ended: 0,
      centre: -1,
    });
    expect(regionAfter([...exhausted, ...inFlight, ['turbo', 7]], { workers: 8 })).toMatchObject({
      ended: 1,
      centre: 36,
    });
    expect(regionAfter([...exhausted, ['gp', -1], ['turbo', 7], ['tpe', -2]])).toMatchObject({ ended: 1, centre: 30 });
  });

  it('judges nothing of a start-up, of the first region or of a later one', () => {
    // Four that failed before the model spoke, and two that were in flight when it first did.
    const spread = [['turbo', 0] as const, ...repeat(5, ['turbo', 5])];
    const crowd = { startup: 4, workers: 3 };

    expect(regionAfter([...spread, ...repeat(3, ['turbo', 5])], crowd)).toMatchObject({ side: 0.8, centre: 0 });
    expect(regionAfter([...spread, ...repeat(4, ['turbo', 5])], crowd)).toMatchObject({ side: 0.4, centre: 0 });

    const exhausted = [['turbo', 0] as const, ...repeat(31, ['turbo', 5])];
    const again = (failures: number) =>
      regionAfter([...exhausted, ...repeat(4 + failures, ['turbo', 5])], { startup: 4 });
    expect(again(3)).toEqual({ side: 0.8, restarts: 1, ended: 7, centre: 32 });
    expect(again(4)).toMatchObject({ side: 0.4, restarts: 1 });
  });

  it('is a box that is longer where the model sees slow change, within the space', () => {
    const features = featuresOf(
      parseSpace({
        x: { kind: 'float', low: 0, high: 1 },
        y: { kind: 'float', low: 0, high: 1 },
        n: { kind: 'int', low: 1, high: 4 },
        c: { kind: 'categorical', choices: ['a', 'b'] },
      }),
    );
    const { low, high } = boxAbout(
      features,
      Float64Array.of(0.5, 0.9, 0.375, 1),
      Float64Array.of(1, 0.25, 0.5, 1),
      0.2,
    );

    // Lengths over their geometric mean 1/2: 2, 1/2 and 1; the neighbours of n are a quarter away.
    expect([...low].slice(0, 3)).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.85, 12), 0.125]);
    expect([...high].slice(0, 3)).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0.95, 12), 0.625]);
  });

  it('holds what is drawn in it, and what is proposed', () => {
    const features = featuresOf(everything);
    const rng = createRng('within', makeGenerator);
    const centre = Float64Array.from(features.axes, ({ isUnordered }) => (isUnordered ? 1 : 0.5));
    const box = boxAbout(features, centre, new Float64Array(features.width).fill(1), 0.2);

    for (const point of drawWithin(features, box, centre, 200, rng)) {
      expect(validateParams(everything, paramsAt(features, point))).toEqual([]);
      features.axes.forEach(({ isUnordered, levels }, a) => {
        // On a logarithmic grid cells are as wide as they are.
        if (isUnordered || levels < Infinity) return;
        expect(point[a]).toBeGreaterThanOrEqual(box.low[a]!);
        expect(point[a]).toBeLessThanOrEqual(box.high[a]!);
      });
    }

    const trials = [
      trial(0, { x: 0.5 }, { values: [0], endedAt: 2 }),
      ...Array.from({ length: 28 }, (_, i) =>
        trial(
          i + 1,
          { x: ((i + 1) * 0.618) % 1 },
          { by: 'turbo', values: [1 + i], askedAt: 2 * i + 3, endedAt: 2 * i + 4 },
        ),
      ),
    ];
    const [proposal] = turbo.create({}).suggest(historyOf(line, trials), 1, createRng('seed', makeGenerator));
    // The first four are its start-up; six halvings: 1/80 wide.
    expect(Math.abs(Number(proposal?.params.x) - 0.5)).toBeLessThanOrEqual(0.0063);
  });
});

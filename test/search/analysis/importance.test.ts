import { describe, expect, it } from 'vitest';
import { fanova } from '../../../src/search/analysis/fanova.js';
import { cellGridOf, gridDensity } from '../../../src/search/analysis/grid-density.js';
import { pedAnova } from '../../../src/search/analysis/ped-anova.js';
import { codecOf } from '../../../src/search/columns/codec.js';
import type { History } from '../../../src/search/history.js';
import { growForest } from '../../../src/search/math/regression-forest.js';
import { createRng } from '../../../src/search/math/rng.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import type { Parameter, Params, SearchSpace } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const rng = createRng('importance', makeGenerator);
const drawn = (
  space: SearchSpace,
  count: number,
  f: (params: Params) => number | readonly number[],
  rest: Partial<History> = {},
) => {
  const draws = rng.fork(`${count}`);
  const trials = Array.from({ length: count }, (_, i) => {
    const params = drawUniform(space, draws);
    const value = f(params);
    return trial(i, params, { values: typeof value === 'number' ? [value] : value });
  });
  return historyOf(space, trials, rest);
};
const cube = parseSpace(Object.fromEntries('abcd'.split('').map((name) => [name, { kind: 'float', low: 0, high: 1 }])));
const shares = (result: { readonly importances: readonly { readonly name: string; readonly importance: number }[] }) =>
  Object.fromEntries(result.importances.map(({ name, importance }) => [name, importance]));

describe('gridDensity', () => {
  const gridOf = (declared: unknown) => cellGridOf(codecOf(parseSpace({ x: declared }).parameters[0] as Parameter));

  it('sums to 1 and is highest where most is', () => {
    const grid = gridOf({ kind: 'float', low: 0, high: 1 });
    const counts = new Float64Array(50);
    counts[10] = 8;
    counts[12] = 5;
    counts[49] = 2;
    const density = gridDensity(grid, counts);

    expect(density.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
    expect(density.indexOf(Math.max(...density))).toBe(10);
    expect(Math.min(...density)).toBeGreaterThan(0);
  });

  it('of choices is their share, with one uniform trial added', () => {
    expect([...gridDensity(gridOf({ kind: 'categorical', choices: ['a', 'b'] }), Float64Array.of(3, 0))]).toEqual([
      3.5 / 4,
      0.5 / 4,
    ]);
  });

  it('gives each value of a short logarithmic range its own cell', () => {
    const codec = codecOf(parseSpace({ x: { kind: 'int', low: 1, high: 8, log: true } }).parameters[0] as Parameter);

    expect([1, 2, 3, 4, 5, 6, 7, 8].map((x) => cellGridOf(codec).cellOf(codec.pointOf(x)))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('has as many cells as values where they are few', () => {
    expect(gridOf({ kind: 'int', low: 1, high: 8 }).count).toBe(8);
    expect(gridOf({ kind: 'int', low: 1, high: 800 }).count).toBe(50);
    expect([0, 0.4, 0.999, 1].map(gridOf({ kind: 'ordinal', values: [1, 2, 3] }).cellOf)).toEqual([0, 1, 2, 2]);
  });
});

describe('pedAnova', () => {
  it('orders parameters by how much they decide, and sums to 1', () => {
    const history = drawn(cube, 2_000, ({ a, b, c }) => 10 * Number(a) + 3 * Number(b) + Number(c));
    const result = pedAnova(history);
    const { a = 0, b = 0, c = 0, d = 0 } = shares(result);

    expect(result.importances.map(({ name }) => name).slice(0, 2)).toEqual(['a', 'b']);
    expect(a + b + c + d).toBeCloseTo(1, 12);
    expect(a).toBeGreaterThan(4 * b);
    expect(d).toBeLessThan(0.02);
  });

  it('gives what Optuna 5.0.0 gives for numbers', () => {
    const space = parseSpace({
      a: { kind: 'float', low: 1e-3, high: 10, log: true },
      b: { kind: 'int', low: 0, high: 100 },
      c: { kind: 'int', low: 1, high: 8 },
      d: { kind: 'float', low: 0, high: 1 },
    });
    const reference = createRng('reference', makeGenerator);
    const trials = Array.from({ length: 400 }, (_, i) => {
      const params = drawUniform(space, reference);
      const u = (Math.log10(Number(params.a)) + 3) / 4;
      const v = Number(params.b) / 100;
      const value =
        4 * (u - 0.6) ** 2 +
        2 * Math.abs(v - 0.3) +
        0.3 * (Number(params.c) / 4) +
        (u - 0.5) * (Number(params.d) - 0.5);
      return trial(i, params, { values: [value] });
    });
    const found = shares(pedAnova(historyOf(space, trials)));

    // Of its PedAnovaImportanceEvaluator on the same trials, normalised.
    for (const [name, share] of Object.entries({ a: 0.24897, b: 0.42822, c: 0.29799, d: 0.02482 })) {
      expect(Math.abs((found[name] ?? 0) - share), name).toBeLessThan(0.002);
    }
  });

  it('does not care for the direction, nor for monotone scales', () => {
    const f = ({ a, b }: Params) => 4 * Number(a) + Number(b);
    const plain = drawn(cube, 300, f);

    expect(pedAnova(drawn(cube, 300, (params) => -f(params), { directions: ['maximize'] }))).toEqual(pedAnova(plain));
    expect(pedAnova(drawn(cube, 300, (params) => Math.exp(9 * f(params))))).toEqual(pedAnova(plain));
  });

  it('counts a conditional parameter by the trials that have it', () => {
    const space = parseSpace({
      way: { kind: 'categorical', choices: ['x', 'y'] },
      good: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['x'] } },
      bad: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['y'] } },
    });
    // Only trials on the way x are ever among the best.
    const history = drawn(space, 2_000, ({ way, good, bad }) => (way === 'x' ? Number(good) : 5 + Number(bad)));
    const { good = 0, bad = 0, way = 0 } = shares(pedAnova(history));

    expect(good).toBeGreaterThan(way);
    expect(way).toBeGreaterThan(0.05);
    expect(bad).toBe(0);
  });

  it('looks at fronts when there are several objectives, or at one of them', () => {
    const directions = ['minimize', 'maximize'] as const;
    const history = drawn(cube, 1_000, ({ a, b, c }) => [Number(a) + 5 * Number(c), Number(b) - 5 * Number(c)], {
      directions,
    });

    expect(pedAnova(history).importances[0]?.name).toBe('c');
    expect(shares(pedAnova(history, { objective: 1 })).a).toBeLessThan(0.05);
  });

  it('says why it says nothing', () => {
    expect(pedAnova(drawn(cube, 3, () => 1)).problem).toBe('TOO_FEW');
    expect(pedAnova(drawn(cube, 50, () => 1)).problem).toBe('NO_VARIANCE');
    expect(pedAnova(historyOf(cube, [])).importances).toEqual([]);
  });
});

describe('growForest', () => {
  it('fits its resample with leaves that fill the cube', () => {
    const points = Float64Array.from({ length: 60 }, () => rng.next());
    const choices = points.map((_, i) => i % 3);
    const values = points.map((u, i) => u * u + (i % 3));
    const features = [
      { points, choices: 0 },
      { points: choices, choices: 3 },
    ];
    for (const tree of growForest(features, values, 5, rng.fork('forest'))) {
      const volume = tree.reduce((sum, { low, high, allowed }) => {
        const set = allowed[1]?.reduce((total, is) => total + is, 0) ?? 0;
        return sum + (((high[0] ?? 0) - (low[0] ?? 0)) * set) / 3;
      }, 0);
      expect(volume).toBeCloseTo(1, 12);
      const found = [...points].map((u, i) =>
        tree.filter(({ low, high, allowed }) => u >= (low[0] ?? 0) && u < (high[0] ?? 0) && allowed[1]?.[i % 3] === 1),
      );
      expect(found.every((leaves) => leaves.length === 1)).toBe(true);
      // Nearly two thirds of the rows are in the resample, and are met exactly.
      const exact = found.filter(([leaf], i) => leaf?.value === values[i]).length;
      expect(exact).toBeGreaterThan(30);
    }
  });
});

describe('fanova', () => {
  const mixed = parseSpace({
    a: { kind: 'float', low: 1e-3, high: 10, log: true },
    b: { kind: 'int', low: 0, high: 100 },
    c: { kind: 'categorical', choices: ['p', 'q', 'r', 's'] },
    d: { kind: 'float', low: 0, high: 1 },
  });
  const u = (params: Params) => ({
    a: (Math.log10(Number(params.a)) + 3) / 4,
    b: Number(params.b) / 100,
    c: 'pqrs'.indexOf(String(params.c)),
    d: Number(params.d),
  });

  it('finds the shares of an additive function, in the scale of the search', () => {
    // Variances: 16/12, 4/12, and 0.6^2 * 1.25.
    const f = (params: Params) => 4 * u(params).a + 2 * u(params).b + 0.6 * u(params).c;
    const total = 20 / 12 + 0.45;
    const found = shares(fanova(drawn(mixed, 1_000, f), rng.fork('additive'), { trees: 16 }));

    expect(found.a).toBeCloseTo(16 / 12 / total, 1);
    expect(found.b).toBeCloseTo(4 / 12 / total, 1);
    expect(found.c).toBeCloseTo(0.45 / total, 1);
    expect(found.d).toBeLessThan(0.01);
  });

  it('finds an interaction that neither parameter shows by itself', () => {
    const f = (params: Params) => (u(params).a - 0.5) * (u(params).d - 0.5);
    const result = fanova(drawn(mixed, 1_000, f), rng.fork('pair'), { trees: 16, paired: 4 });

    expect(result.interactions[0]?.names.toSorted()).toEqual(['a', 'd']);
    expect(result.interactions[0]?.importance).toBeGreaterThan(0.7);
    expect(shares(result).a).toBeLessThan(0.1);
  });

  it('is the same for the same stream, and for maximised values', () => {
    const f = (params: Params) => u(params).a;
    const result = fanova(drawn(mixed, 60, f), rng.fork('same'), { trees: 4 });

    expect(fanova(drawn(mixed, 60, f), rng.fork('same'), { trees: 4 })).toEqual(result);
    const flipped = drawn(mixed, 60, (params) => -f(params), { directions: ['maximize'] });
    expect(fanova(flipped, rng.fork('same'), { trees: 4 })).toEqual(result);
  });

  it('keeps to the most frequent regime', () => {
    const space = parseSpace({
      way: { kind: 'categorical', choices: ['x', 'x2', 'y'] },
      more: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['x', 'x2'] } },
    });
    const result = fanova(
      drawn(space, 90, ({ more }) => Number(more ?? 7)),
      rng.fork('regime'),
      { trees: 4 },
    );

    expect(result.importances[0]?.name).toBe('more');
    expect(result.trials).toBeLessThan(90);
  });

  it('says why it says nothing', () => {
    expect(
      fanova(
        drawn(cube, 50, () => 1),
        rng,
      ).problem,
    ).toBe('NO_VARIANCE');
    expect(fanova(historyOf(cube, []), rng).problem).toBe('TOO_FEW');
  });
});

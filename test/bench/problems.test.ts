import { describe, expect, it } from 'vitest';
import { BBOB_FUNCTIONS } from '../../bench/support/regret/bbob/bbob.js';
import { rotation } from '../../bench/support/regret/bbob/draws.js';
import { bumped, times, transposed } from '../../bench/support/regret/bbob/transforms.js';
import { PROBLEMS } from '../../bench/support/regret/problems.js';
import { drawEdges } from '../../bench/support/regret/synthetic/max-sat.js';
import { createRng } from '../../src/search/math/rng.js';
import { drawUniform } from '../../src/search/samplers/uniform.js';
import type { Params } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';
import { makeGenerator } from '../search/support.js';

const rng = createRng('problems', makeGenerator);

describe('every problem', () => {
  it('has a name of its own', () => {
    const names = PROBLEMS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });

  it.each(PROBLEMS.map((problem) => [problem.name, problem] as const))(
    '%s is nowhere better than its optimum',
    (_, problem) => {
      for (const seed of [0, 1, 4]) {
        const { space, optimum, evaluate } = problem.instance(seed);
        const draws = rng.fork(problem.name).fork(String(seed));
        expect(parseSpace(space)).toEqual(space);
        expect(optimum).toBe(problem.instance(seed).optimum);

        for (let i = 0; i < 30; i++) {
          const params = drawUniform(space, draws);
          const noise = draws.fork(String(i));
          const { value, truth = value, constraints = [] } = evaluate(params, noise);
          expect(evaluate(params, draws.fork(String(i))).value).toBe(value);
          if (Number.isNaN(truth) || constraints.some((excess) => excess > 0)) continue;
          const gap = problem.direction === 'maximize' ? optimum - truth : truth - optimum;
          expect(gap).toBeGreaterThanOrEqual(0);
        }
      }
    },
  );
});

describe('synthetic problems', () => {
  const at = (name: string, params: Params) =>
    PROBLEMS.find((problem) => problem.name === `synthetic-${name}`)!
      .instance(0)
      .evaluate(params, rng.fork(name));
  const optimumOf = (name: string) =>
    PROBLEMS.find((problem) => problem.name === `synthetic-${name}`)!.instance(0).optimum;

  it('reach the optimum where it is published', () => {
    const vessel = at('pressure-vessel', { shell: 13, head: 7, radius: 42.098445595, length: 176.636595843 });
    const camel = { h0: 'c1', h1: 'c1', h2: 'c0', x: 0.0898420131 / 2, y: -0.7126564032 / 2 };
    const hartmann = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];

    expect(vessel.value).toBeCloseTo(optimumOf('pressure-vessel'), 4);
    for (const excess of vessel.constraints ?? []) expect(excess).toBeLessThan(1e-7);
    expect(at('func-2c', camel).value).toBeCloseTo(optimumOf('func-2c'), 9);
    expect(at('func-3c', camel).value).toBeCloseTo(optimumOf('func-3c'), 9);
    const { truth } = at('noise-10', Object.fromEntries(hartmann.map((value, i) => [`x${i}`, value])));
    expect(truth).toBeCloseTo(optimumOf('noise-10'), 5);
  });

  it('cut the graph of disjoint pairs of eight things', () => {
    const edges = drawEdges(rng.fork('edges'));

    expect(edges).toHaveLength(210);
    expect(new Set(edges.map(({ a, b }) => `${a} ${b}`)).size).toBe(210);
  });

  it('fail in three tenths of the box, and never at their best', () => {
    const { space, evaluate } = PROBLEMS.find(({ name }) => name === 'synthetic-nan-region')!.instance(0);
    const draws = rng.fork('nan');

    const values = Array.from({ length: 4_000 }, () => evaluate(drawUniform(space, draws), draws).value);

    expect(values.filter(Number.isNaN).length / values.length).toBeCloseTo(0.3, 1);
  });

  it('have noise of the share that their name says', () => {
    const params = Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`x${i}`, 0.5]));
    const draws = rng.fork('noise');
    const { evaluate } = PROBLEMS.find(({ name }) => name === 'synthetic-noise-10')!.instance(0);

    const errors = Array.from({ length: 4_000 }, () => {
      const { value, truth = 0 } = evaluate(params, draws);
      return value - truth;
    });

    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.332, 1);
  });
});

describe('functions of BBOB', () => {
  const cases = BBOB_FUNCTIONS.flatMap((make, i) => [2, 5, 10].map((d) => [`f${i + 1} in ${d}`, make, d] as const));

  it.each(cases)('%s is 0 at its optimum inside the box, and more beside it', (name, make, dimension) => {
    const draws = rng.fork(name);
    const { optimum, gap } = make(dimension, draws.fork('shape'));

    expect(optimum).toHaveLength(dimension);
    for (const value of optimum) expect(Math.abs(value)).toBeLessThanOrEqual(5);
    expect(gap(optimum)).toBeLessThan(1e-8);
    for (let i = 0; i < 50; i++) {
      // f5 is flat outside, where its corner stands.
      const near = optimum.map((value) => value * (1 - 0.1 * draws.next()));
      expect(gap(near)).toBeGreaterThan(0);
    }
  });

  it('have the published values at places that can be worked out by hand', () => {
    const gapOf = (number: number, dimension: number, move: (optimum: readonly number[]) => readonly number[]) => {
      const { optimum, gap } = BBOB_FUNCTIONS[number - 1]!(dimension, rng.fork('by hand'));
      return gap(move(optimum));
    };
    const stepAlong = (axis: number, by: number) => (x: readonly number[]) =>
      x.map((v, i) => (i === axis ? v + by : v));

    expect(gapOf(1, 3, stepAlong(1, 2))).toBeCloseTo(4, 12);
    expect(gapOf(2, 3, stepAlong(2, 1))).toBeCloseTo(1e6, 3);
    expect(gapOf(2, 3, stepAlong(1, 1))).toBeCloseTo(1e3, 9);
    expect(gapOf(3, 3, stepAlong(0, 1))).toBeCloseTo(1, 9); // Rastrigin repeats at whole numbers
    expect(gapOf(4, 3, stepAlong(0, 1))).toBeCloseTo(100, 9); // the first coordinate is tenfold above 0
    expect(gapOf(5, 2, (x) => x.map(() => 0))).toBeCloseTo(5 * (1 + 10), 12);
    expect(gapOf(8, 3, stepAlong(0, -1))).toBeCloseTo(100 + 1, 9); // at z = (0, 1, 1)
    expect(gapOf(8, 3, stepAlong(2, 1))).toBeCloseTo(100, 9); // at z = (1, 1, 2)
  });

  it('follow from the same stream and differ between instances', () => {
    for (const make of BBOB_FUNCTIONS) {
      const [x, y] = [make(3, rng.fork('a')), make(3, rng.fork('b'))];

      expect(make(3, rng.fork('a')).gap([1, 2, 3])).toBe(x.gap([1, 2, 3]));
      expect(y.gap([1, 2, 3])).not.toBe(x.gap([1, 2, 3]));
    }
  });

  it('are turned by orthogonal matrices', () => {
    const r = rotation(rng.fork('r'), 6);
    const x = [1, -2, 3, -4, 5, -6];

    const back = times(transposed(r), times(r, x));

    back.forEach((value, i) => void expect(value).toBeCloseTo(x[i] ?? 0, 12));
  });

  it('have bumps that keep the sign and the place of 1 and 0', () => {
    expect([bumped(0), bumped(1), bumped(-1)]).toEqual([0, 1, -1]);
    expect(bumped(2)).toBeCloseTo(1.988409243192105, 12);
  });
});

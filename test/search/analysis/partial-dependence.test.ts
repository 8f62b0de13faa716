import { describe, expect, it } from 'vitest';
import { partialDependence } from '../../../src/search/analysis/partial-dependence.js';
import { createRng } from '../../../src/search/math/rng.js';
import { expectationOf } from '../../../src/search/samplers/gp/expectation.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import type { Params, SearchSpace } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const drawn = (space: SearchSpace, count: number, f: (params: Params) => number) => {
  const rng = createRng('dependence', makeGenerator);
  return historyOf(
    space,
    Array.from({ length: count }, (_, i) => {
      const params = drawUniform(space, rng);
      return trial(i, params, { values: [f(params)], endedAt: i });
    }),
  );
};
const square = parseSpace({ a: { kind: 'float', low: 0, high: 1 }, b: { kind: 'float', low: 0, high: 1 } });
const bowl = ({ a, b }: Params) => 10 * (Number(a) - 0.3) ** 2 + Number(b);
const history = drawn(square, 40, bowl);

/** Where the least mean is. */
const lowest = (found: ReturnType<typeof partialDependence>) => {
  const { points, means } = found!;
  return points[0]?.[means.indexOf(Math.min(...means))];
};

describe('partialDependence', () => {
  it('follows a sum along each of its parts', () => {
    const alongA = partialDependence(history, ['a']);
    const alongB = partialDependence(history, ['b']);

    expect(lowest(alongA)).toBeCloseTo(0.3, 1);
    expect(lowest(alongB)).toBe(0);
    expect(alongA?.trials).toBe(40);
    // Of a sum the curves are the parts, up to a constant: 0.7^2 10 - 0.3^2 10 between the ends, and 1.
    const rise = (means: Float64Array) => (means.at(-1) ?? 0) - (means[0] ?? 0);
    // The average is taken on the scale of the model, hence "about".
    expect(Math.abs(rise(alongA!.means) - 4)).toBeLessThan(1);
    expect(Math.abs(rise(alongB!.means) - 1)).toBeLessThan(0.5);
    expect(alongA!.deviations.every((deviation) => deviation >= 0 && deviation < 1)).toBe(true);
  });

  it('turns over when the opposite is maximised', () => {
    const opposite = { ...drawn(square, 40, (params) => -bowl(params)), directions: ['maximize'] as const };
    const [down, up] = [partialDependence(history, ['a'])!, partialDependence(opposite, ['a'])!];

    up.means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(-(down.means[i] as number), 9);
    });
  });

  it('is a table of two, the first one slowest', () => {
    const { points, means } = partialDependence(history, ['a', 'b'])!;
    const [a, b] = points as [Float64Array, Float64Array];

    expect([a.length, b.length, means.length]).toEqual([15, 15, 225]);
    const row = (i: number) => means.slice(i * b.length, (i + 1) * b.length);
    expect(row(14)[0]).toBeGreaterThan((row(4)[0] as number) + 2);
    expect(row(4)[14]).toBeGreaterThan((row(4)[0] as number) + 0.5);
  });

  it('takes each choice, and each value of a short range', () => {
    const space = parseSpace({
      way: { kind: 'categorical', choices: ['x', 'y', 'z'] },
      layers: { kind: 'int', low: 1, high: 4 },
      width: { kind: 'int', low: 4, high: 1024, log: true },
    });
    const mixed = drawn(space, 60, ({ way, layers }) => (way === 'y' ? 0 : 5) + Number(layers));
    const ways = partialDependence(mixed, ['way'])!;

    expect([...(ways.points[0] ?? [])]).toEqual([0, 1, 2]);
    expect(lowest(ways)).toBe(1);
    expect([...(partialDependence(mixed, ['layers'])?.points[0] ?? [])]).toEqual([0, 1, 2, 3]);
    expect(partialDependence(mixed, ['width'])?.points[0]?.length).toBeGreaterThan(20);
  });

  it('averages a conditional parameter where it is active', () => {
    const space = parseSpace({
      way: { kind: 'categorical', choices: ['x', 'y'] },
      more: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['y'] } },
      less: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['x'] } },
    });
    const branches = drawn(space, 60, ({ more, less }) => 3 * Number(more ?? 0) + Number(less ?? 9));

    expect(lowest(partialDependence(branches, ['more']))).toBe(0);
    expect(partialDependence(branches, ['more', 'less'])).toBeNull();
  });

  it('is null where nothing can be said', () => {
    const fixed = parseSpace({ a: { kind: 'float', low: 0, high: 1 }, one: { kind: 'categorical', choices: [1] } });

    expect(partialDependence(historyOf(square, history.trials.slice(0, 3)), ['a'])).toBeNull();
    expect(partialDependence(history, ['none'])).toBeNull();
    expect(
      partialDependence(
        drawn(fixed, 9, () => 1),
        ['one'],
      ),
    ).toBeNull();
    expect(
      partialDependence(
        drawn(fixed, 9, () => 1),
        ['a'],
      )?.means.every((mean) => Math.abs(mean - 1) < 1e-9),
    ).toBe(true);
  });
});

describe('expectationOf', () => {
  const expectation = expectationOf(history)!;
  const at = (...points: readonly (readonly [number, number])[]) =>
    expectation.averageOver(Float64Array.from(points.flat()), points.length);

  it('knows what it has seen', () => {
    const { a, b } = history.trials[5]!.params;
    const seen = at([Number(a), Number(b)]);

    expect(Math.abs(seen.mean - history.trials[5]!.values![0]!)).toBeLessThan(0.2);
    expect(seen.deviation).toBeLessThan(0.3);
  });

  it('knows an average of two at least as well as their mean deviation, and no better than one of equals', () => {
    const [one, other] = [at([0.1, 0.9]), at([0.9, 0.1])];

    expect(at([0.1, 0.9], [0.1, 0.9]).mean).toBeCloseTo(one.mean, 9);
    expect(at([0.1, 0.9], [0.1, 0.9]).deviation).toBeCloseTo(one.deviation, 6);
    expect(at([0.1, 0.9], [0.9, 0.1]).deviation).toBeLessThanOrEqual(Math.max(one.deviation, other.deviation));
  });

  it('is null without anything to know', () => {
    expect(expectationOf(historyOf(square, []))).toBeNull();
    expect(expectationOf(historyOf(parseSpace({ one: { kind: 'categorical', choices: [1] } }), []))).toBeNull();
  });
});

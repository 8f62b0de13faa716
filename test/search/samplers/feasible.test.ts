import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/search/math/rng.js';
import { keepConstraints } from '../../../src/search/samplers/feasible.js';
import type { Phase } from '../../../src/search/samplers/proposal.js';
import { isFeasible } from '../../../src/search/space/constraint.js';
import { findFeasible } from '../../../src/search/space/find-feasible.js';
import type { Params, SearchSpace } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { InfeasibleError } from '../../../src/search/space/space-error.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const unit = { kind: 'float', low: 0, high: 1 };
const square = { x: unit, y: unit };
const rng = (seed: string | number) => createRng(String(seed), makeGenerator);
const suggestion = (params: Params, phase: Phase) => ({ params, explanation: { phase, mean: 3 } });
const linear = (coefficients: Record<string, number>, atMost: number, name?: string) =>
  name === undefined ? { kind: 'linear', coefficients, atMost } : { kind: 'linear', name, coefficients, atMost };
const triangle = parseSpace({ parameters: square, constraints: [linear({ x: 1, y: 1 }, 1)] });

function kept(space: SearchSpace, params: Params, phase: Phase, seed: number, trials: readonly Params[] = []) {
  const history = historyOf(
    space,
    trials.map((known, number) => trial(number, known, { values: [0] })),
  );
  return keepConstraints(history, suggestion(params, phase), rng(seed));
}

describe('keepConstraints', () => {
  it('leaves alone what satisfies them, and spaces without any', () => {
    const fine = suggestion({ x: 0.2, y: 0.3 }, 'EXPLOIT');
    const free = suggestion({ x: 0.9, y: 0.9 }, 'EXPLOIT');

    expect(keepConstraints(historyOf(triangle, []), fine, rng(1))).toBe(fine);
    expect(keepConstraints(historyOf(parseSpace(square), []), free, rng(1))).toBe(free);
    expect(keepConstraints(historyOf(triangle, [trial(0, { x: 0, y: 0 })]), null, rng(1))).toBeNull();
  });

  it('draws a model’s point back to the border, on the way to the nearest feasible trial', () => {
    const answer = kept(triangle, { x: 0.8, y: 0.6 }, 'EXPLOIT', 1, [
      { x: 0, y: 0.1 },
      { x: 0.2, y: 0.4 },
      { x: 0.9, y: 0.9 },
    ]);

    expect(answer?.params.y).toBeCloseTo(0.5, 2);
    expect(answer?.params.x).toBeCloseTo(0.5, 2);
    expect(answer?.explanation).toEqual({ phase: 'EXPLOIT', reason: expect.stringContaining('breaks a constraint') });
    const onTheWay = kept(triangle, { x: 0.6, y: 0.6 }, 'EXPLORE', 1, [{ x: 0, y: 0 }]);
    expect(onTheWay?.params.x).toBeCloseTo(0.5, 4);
    expect(onTheWay?.params.y).toBeCloseTo(0.5, 4);
  });

  it('draws other points anew, uniformly over what is feasible', () => {
    const points = Array.from({ length: 2_000 }, (_, i) => kept(triangle, { x: 0.8, y: 0.9 }, 'LISTED', i));
    const quarter = points.filter((some) => Number(some?.params.x) < 0.5 && Number(some?.params.y) < 0.5);

    expect(points.every((some) => isFeasible(triangle, some?.params ?? {}))).toBe(true);
    expect(new Set(points.map((some) => some?.explanation.phase))).toEqual(new Set(['RANDOM']));
    // The square of side 1/2 is half of the triangle; sd 0.011.
    expect(Math.abs(quarter.length / 2_000 - 0.5)).toBeLessThan(0.04);
  });

  it('walks all over a slab that drawing never hits', () => {
    const slab = parseSpace({
      parameters: square,
      constraints: [linear({ x: 1, y: 1 }, 1.00001), linear({ x: -1, y: -1 }, -1)],
    });
    const points = Array.from({ length: 200 }, (_, i) => kept(slab, { x: 0.9, y: 0.9 }, 'RANDOM', i)?.params);
    const below = points.filter((some) => Number(some?.x) < 0.5).length;

    expect(points.every((some) => isFeasible(slab, some ?? {}))).toBe(true);
    expect(below).toBeGreaterThan(50);
    expect(below).toBeLessThan(150);
  });

  it('says which constraints were never satisfied together', () => {
    const none = parseSpace({
      parameters: square,
      constraints: [linear({ x: 1 }, 0.4, 'small'), linear({ x: -1 }, -0.6, 'large'), linear({ y: 1 }, 0.5, 'other')],
    });

    const failure = (() => {
      try {
        return kept(none, { x: 0.5, y: 0.5 }, 'EXPLOIT', 1);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(InfeasibleError);
    const { code, message, problems } = failure as InfeasibleError;
    expect(code).toBe('SPACE_INFEASIBLE');
    expect(message).toContain('no values satisfy small, large, other together');
    expect(problems.length).toBe(1);
    expect(['small', 'large']).toContain(problems[0]?.path);
  });

  it('says so too of a finite space, whatever the method answers', () => {
    const none = parseSpace({
      parameters: { n: { kind: 'int', low: 0, high: 9 } },
      constraints: [linear({ n: 1 }, -1)],
    });

    for (const phase of ['RANDOM', 'EXPLOIT', 'DEFAULT'] as const) {
      expect(() => kept(none, { n: 3 }, phase, 1)).toThrow(InfeasibleError);
    }
    expect(() => keepConstraints(historyOf(none, []), null, rng(1))).toThrow(InfeasibleError);
  });
});

describe('findFeasible', () => {
  const ints = (count: number, high: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, { kind: 'int', low: 0, high }]));
  const spaces: Readonly<Record<string, unknown>> = {
    'a sum of twenty integers': {
      parameters: ints(20, 1_000),
      constraints: [1, -1].map((sign) =>
        linear(Object.fromEntries(Object.keys(ints(20, 1)).map((name) => [name, sign])), sign * 5_000),
      ),
    },
    'a chain of orders': {
      parameters: ints(8, 9),
      constraints: Array.from({ length: 7 }, (_, i) => ({
        forbid: { not: { param: `n${i}`, below: { param: `n${i + 1}` } } },
      })),
    },
    'one choice in 4,096 with a parent': {
      parameters: {
        on: { kind: 'boolean' },
        ...Object.fromEntries(
          Array.from({ length: 12 }, (_, i) => [`c${i}`, { kind: 'boolean', when: { param: 'on', in: [true] } }]),
        ),
      },
      constraints: [
        { forbid: { param: 'on', in: [false] } },
        ...Array.from({ length: 12 }, (_, i) => ({ forbid: { param: `c${i}`, in: [i % 2 === 0] } })),
      ],
    },
    'the only order of nine that differ, with the ends given': {
      parameters: ints(9, 8),
      constraints: [
        ...Array.from({ length: 9 }, (_, i) => i).flatMap((i) =>
          Array.from({ length: i }, (_, j) => ({ forbid: { param: `n${i}`, equals: { param: `n${j}` } } })),
        ),
        linear({ n0: 1, n1: -1 }, -8),
        linear({ n8: 1, n7: -1, n0: 1 }, -6),
      ],
    },
    'a log scale in a narrow band': {
      parameters: {
        rate: { kind: 'float', low: 1e-8, high: 1, log: true },
        n: { kind: 'int', low: 1, high: 1e6, log: true },
      },
      constraints: [linear({ rate: -1 }, -0.12345), linear({ rate: 1 }, 0.12346), linear({ n: 1, rate: 1 }, 3.2)],
    },
  };

  it.each(Object.keys(spaces))('finds its way to %s', (name) => {
    const space = parseSpace(spaces[name]);
    for (let seed = 0; seed < 5; seed++) {
      const { params, violation } = findFeasible(space, rng(seed));

      expect(violation).toBe(0);
      expect(isFeasible(space, params)).toBe(true);
    }
  });
});

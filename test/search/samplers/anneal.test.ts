import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../src/search/history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { suggestAnneal } from '../../../src/search/samplers/anneal.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const OPTIONS = { avg_best_idx: 2, shrink_coef: 0.1 };

function drawn(
  declared: unknown,
  trials: readonly HistoryTrial[],
  options: Partial<typeof OPTIONS> = {},
  draws = 3_000,
): readonly Params[] {
  const history = historyOf(parseSpace(declared), trials);
  const root = createRng('anneal', makeGenerator);
  return Array.from(
    { length: draws },
    (_, i) => suggestAnneal({ ...OPTIONS, ...options }, history, root.fork(String(i)))?.params ?? {},
  );
}

const observed = (number: number, params: Params, value: number) => trial(number, params, { values: [value] });
const numbers = (params: readonly Params[], name = 'x') => params.map((some) => Number(some[name]));

describe('anneal', () => {
  const line = { x: { kind: 'float', low: 0, high: 100 } };

  it('draws uniformly within 1/(1 + T shrink_coef) of the range around the good value, shifted to stay inside', () => {
    const five = [50, 40, 40, 40, 40].map((x, i) => observed(i, { x }, i));
    const around = numbers(drawn(line, five, { avg_best_idx: 1, shrink_coef: 1 }));

    // T = 5: a width of 100/6 around 50.
    expect(Math.min(...around)).toBeCloseTo(50 - 100 / 12, 0);
    expect(Math.max(...around)).toBeCloseTo(50 + 100 / 12, 0);
    expect(around.reduce((sum, x) => sum + x / around.length, 0)).toBeCloseTo(50, 0);
    const atEnd = numbers(drawn(line, [observed(0, { x: 1 }, 0)], { shrink_coef: 3 }));
    expect(Math.min(...atEnd)).toBeLessThan(0.5);
    expect(Math.max(...atEnd)).toBeCloseTo(25, 0);
  });

  it('counts pending trials in T, and draws in the logarithm where so declared', () => {
    const log = { x: { kind: 'float', low: 1e-4, high: 1, log: true } };
    const trials = [observed(0, { x: 1e-2 }, 1), trial(1, { x: 1e-1 }, { state: 'RUNNING' })];
    const exponents = numbers(drawn(log, trials, { avg_best_idx: 1, shrink_coef: 0.5 })).map(Math.log10);

    // T = 2: half of the four decades.
    expect(Math.min(...exponents)).toBeCloseTo(-3, 1);
    expect(Math.max(...exponents)).toBeCloseTo(-1, 1);
  });

  it('explores around rank r with probability p(1 - p)^(r - 1), p = 1/avg_best_idx, the last taking the rest', () => {
    const trials = [observed(0, { x: 90 }, 3), observed(1, { x: 10 }, 1), observed(2, { x: 50 }, 2)];
    const points = numbers(drawn(line, trials, { shrink_coef: 1_000 }));
    const share = (x: number) => points.filter((point) => Math.abs(point - x) < 1).length / points.length;

    // sd of a share: below 0.01.
    expect(Math.abs(share(10) - 0.5)).toBeLessThan(0.035);
    expect(Math.abs(share(50) - 0.25)).toBeLessThan(0.035);
    expect(Math.abs(share(90) - 0.25)).toBeLessThan(0.035);
  });

  it('keeps a choice with probability 1 - s + s/C', () => {
    const choices = { c: { kind: 'categorical', choices: ['a', 'b', 'c', 'd'] }, x: line.x };
    const points = drawn(choices, [observed(0, { c: 'b', x: 1 }, 1)], { shrink_coef: 1 });
    const share = (c: string) => points.filter((some) => some.c === c).length / points.length;

    expect(Math.abs(share('b') - (0.5 + 0.125))).toBeLessThan(0.035);
    expect(Math.abs(share('d') - 0.125)).toBeLessThan(0.03);
  });

  it('takes all parameters from one good trial, and another one only for what that has not', () => {
    const declared = {
      mode: { kind: 'categorical', choices: ['p', 'q'] },
      x: line.x,
      only: { kind: 'float', low: 0, high: 100, when: { param: 'mode', in: ['q'] } },
    };
    const trials = [
      observed(0, { mode: 'p', x: 10 }, 1),
      observed(1, { mode: 'q', x: 80, only: 30 }, 2),
      observed(2, { mode: 'q', x: 90, only: 60 }, 3),
    ];
    const points = drawn(declared, trials, { shrink_coef: 1_000 });

    for (const { mode, x, only } of points) {
      if (mode === 'p' && Number(x) < 50) expect(only).toBeUndefined();
      if (Number(x) > 70 && Number(x) < 85 && mode === 'q') expect(Number(only)).toBeCloseTo(30, -1);
    }
    const [kept] = points.filter(({ mode, x }) => mode === 'q' && Number(x) > 85);
    expect(Number(kept?.only)).toBeCloseTo(60, -1);
  });

  it('is uniform while no trial has a value', () => {
    const points = numbers(
      drawn(line, [trial(0, { x: 5 }, { state: 'RUNNING' }), trial(1, { x: 5 }, { values: [NaN] })]),
    );

    expect(points.reduce((sum, x) => sum + x / points.length, 0)).toBeCloseTo(50, -1);
    expect(Math.max(...points)).toBeGreaterThan(99);
  });
});

import { describe, expect, it } from 'vitest';
import { codecOf } from '../../../src/search/columns/codec.js';
import { tableOf } from '../../../src/search/columns/table.js';
import { hypervolume } from '../../../src/search/math/hypervolume.js';
import { createRng } from '../../../src/search/math/rng.js';
import { nsga2 } from '../../../src/search/samplers/nsga2/nsga2.js';
import { populationOf } from '../../../src/search/samplers/nsga2/population.js';
import { crossNumbers, mutate, mutateNumber, mutationChance } from '../../../src/search/samplers/nsga2/variation.js';
import { simulate } from '../../../src/search/simulate.js';
import type { Parameter, Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { samplerCourt } from '../../contract/sampler.js';
import { historyOf, makeGenerator, trial } from '../support.js';

// With the default population the court's histories hold little but start-up draws.
samplerCourt(nsga2, { options: { population: 8 }, constrained: 1_000 });

const line = parseSpace({ x: { kind: 'int', low: 0, high: 999 } });
const unitFloats = (count: number) =>
  parseSpace(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, { kind: 'float', low: 0, high: 1 }])),
  );
const zdt1 = (params: Params): readonly [number, number] => {
  const [x = 0, ...rest] = Object.values(params).map(Number);
  const g = 1 + (9 * rest.reduce((sum, u) => sum + u, 0)) / rest.length;
  return [x, g * (1 - Math.sqrt(x / g))];
};

describe('populationOf', () => {
  const directions = ['minimize', 'minimize'] as const;
  const population = (trials: Parameters<typeof historyOf>[1], size: number, seed = 'seed') =>
    populationOf(tableOf(historyOf(line, trials, { directions, seed })), directions, size).map(({ row }) => row);
  const ended = (values: readonly (readonly number[])[]) =>
    values.map((some, i) => trial(i, { x: i }, { values: some, endedAt: i + 1 }));

  it('keeps whole fronts, of the last the least crowded, the best first', () => {
    const trials = ended([
      [0, 10],
      [1, 9],
      [1.5, 8.5],
      [10, 0],
      [11, 11],
      [12, 12],
    ]);

    expect(population(trials, 5)).toEqual([0, 3, 2, 1, 4]);
    expect(population(trials, 3)).toEqual([0, 3, 2]);
  });

  it('keeps, of more than three objectives, trials in all directions of the front', () => {
    const four = ['minimize', 'minimize', 'minimize', 'maximize'] as const;
    // Ten about the middle of the front, then its four ends, alone in their directions.
    const middle = Array.from({ length: 10 }, (_, i) => [0.25 + i / 1e3, 0.25, 0.25 - i / 1e3, -0.25]);
    const ends = [0, 1, 2, 3].map((end) => [0, 1, 2, 3].map((o) => (o === 3 ? -1 : 1) * (o === end ? 1 : 0)));
    const rows = populationOf(tableOf(historyOf(line, ended([...middle, ...ends]), { directions: four })), four, 6);

    expect(rows.map(({ row }) => row).filter((row) => row >= 10)).toEqual([10, 11, 12, 13]);
    expect(rows.length).toBe(6);
  });

  it('puts infeasible trials by violation behind feasible ones, and failed ones last', () => {
    const trials = [
      trial(0, { x: 0 }, { state: 'FAILED', cause: 'OOM', endedAt: 1 }),
      trial(1, { x: 1 }, { values: [0, 0], constraints: [3], endedAt: 2 }),
      trial(2, { x: 2 }, { values: [1, 1], constraints: [1], endedAt: 3 }),
      trial(3, { x: 3 }, { values: [9, 9], constraints: [-1], endedAt: 4 }),
      trial(4, { x: 4 }, { state: 'RUNNING' }),
    ];

    expect(population(trials, 4)).toEqual([3, 2, 1, 0]);
  });

  it('is the same cold, warm, after other histories, and whatever the order of numbers', () => {
    const rng = createRng('population', makeGenerator);
    const trials = ended(Array.from({ length: 130 }, () => [Math.floor(rng.next() * 30), rng.next()])).map((some) => ({
      ...some,
      number: (some.number * 7) % 130,
    }));
    const warm = [20, 21, 60, 61, 130].map((count) => population(trials.slice(0, count), 20));
    const cold = [20, 21, 60, 61, 130].map((count) =>
      population(structuredClone(trials.slice(0, count)), 20, `other ${count}`),
    );

    expect(warm).toEqual(cold);
    const changed = trials.map((some, i) => (i === 3 ? { ...some, values: [-1, -1] } : some));
    expect(population(changed, 20)).toContain(
      changed
        .map((some) => some.number)
        .sort((a, b) => a - b)
        .indexOf(changed[3]?.number ?? -1),
    );
  });
});

describe('variation', () => {
  const rng = createRng('variation', makeGenerator);
  const mean = (count: number, draw: () => number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += draw();
    return sum / count;
  };

  it('keeps the mean of the parents, spreads less as eta grows, and stays in [0, 1]', () => {
    const spread = (eta: number) => mean(4_000, () => Math.abs(crossNumbers(0.4, 0.6, eta, rng) - 0.5));

    expect(mean(20_000, () => crossNumbers(0.4, 0.6, 2, rng))).toBeCloseTo(0.5, 2);
    expect(Math.abs(spread(20) - 0.1)).toBeLessThan(Math.abs(spread(1) - 0.1));
    for (let i = 0; i < 500; i++) {
      const child = crossNumbers(0.01, 0.9, 2, rng);
      expect(child >= 0 && child <= 1).toBe(true);
    }
    expect(crossNumbers(0.3, 0.3, 20, rng)).toBe(0.3);
  });

  it('mutates by little, evenly, and within [0, 1]', () => {
    expect(mean(20_000, () => mutateNumber(0.5, 20, rng))).toBeCloseTo(0.5, 2);
    // The mean of |shift| is 1/(eta + 2) of the way to the bound, at the bound itself.
    expect(mean(40_000, () => mutateNumber(0, 20, rng)) * 2).toBeCloseTo(1 / 22, 2);
    expect(Math.max(...Array.from({ length: 500 }, () => mutateNumber(1, 20, rng)))).toBe(1);
  });

  it('changes one parameter on average of those that can change', () => {
    const number = { kind: 'float', low: 0, high: 1 };
    const onB = { ...number, when: { param: 'way', in: ['b'] } };
    const space = parseSpace({
      parameters: { way: { kind: 'categorical', choices: ['a', 'b'] }, x: number, held: number, p: onB, q: onB },
      fixed: { held: 0.5 },
    });
    const table = tableOf(
      historyOf(space, [
        trial(0, { way: 'a', x: 0, held: 0.5 }, { values: [1] }),
        trial(1, { way: 'b', x: 0, held: 0.5, p: 0, q: 0 }, { values: [1] }),
      ]),
    );

    expect([mutationChance(table, 0), mutationChance(table, 1)]).toEqual([1 / 2, 1 / 4]);
  });

  it('always moves on grids and among choices', () => {
    for (const declared of [
      { kind: 'int', low: 0, high: 1 },
      { kind: 'int', low: 1, high: 3, log: true },
      { kind: 'ordinal', values: ['a', 'b', 'c', 'd'] },
      { kind: 'categorical', choices: ['a', 'b', 'c'] },
      { kind: 'boolean' },
    ]) {
      const codec = codecOf(parseSpace({ x: declared }).parameters[0] as Parameter);
      for (let k = 0; k < codec.levels; k++) {
        const point = codec.isUnordered ? k : codec.pointOf(codec.valueAt((k + 0.5) / codec.levels));
        for (let i = 0; i < 20; i++) {
          const moved = mutate(codec, point, 20, rng);
          expect(moved).not.toBe(point);
          expect(codec.pointOf(codec.valueAt(moved))).toBe(moved);
        }
      }
    }
  });
});

describe('nsga2', () => {
  const front = (kind: string, seed: number, trials: number) =>
    simulate({
      space: unitFloats(10),
      sampler: { kind },
      directions: ['minimize', 'minimize'],
      objective: (params) => ({ values: zdt1(params) }),
      trials,
      seed: `seed ${seed}`,
      makeGenerator,
      parallel: 4,
      finishingOrder: 'random',
    }).trials.map((some) => zdt1(some.params));

  it('comes near to the front of ZDT1 in 1,500 trials', () => {
    // The whole front has 2/3 less the strip beyond: 1.1 * 1.1 - 1/3 = 0.8767 up to (1.1, 1.1).
    const volumes = [0, 1, 2].map((seed) => hypervolume(front('nsga2', seed, 1_500), [1.1, 1.1]));

    expect(Math.min(...volumes)).toBeGreaterThan(0.6);
    expect(Math.max(...volumes)).toBeLessThan(1.21 - 1 / 3);
    expect(hypervolume(front('random', 0, 1_500), [1.1, 1.1])).toBeLessThan(0.1);
  });
});

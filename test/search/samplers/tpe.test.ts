import { describe, expect, it } from 'vitest';
import { bestTrial } from '../../../src/search/analysis/best-so-far.js';
import { type Codec, codecOf } from '../../../src/search/columns/codec.js';
import { tableOf } from '../../../src/search/columns/table.js';
import type { HistoryTrial } from '../../../src/search/history.js';
import { hypervolume } from '../../../src/search/math/hypervolume.js';
import { logSumExp } from '../../../src/search/math/log-sum-exp.js';
import { createRng } from '../../../src/search/math/rng.js';
import { blocksOf, commonBlocks } from '../../../src/search/samplers/tpe/blocks.js';
import { categoricalKernels } from '../../../src/search/samplers/tpe/categorical-kernels.js';
import type { Kernels } from '../../../src/search/samplers/tpe/kernels.js';
import { bandwidths, narrowestOf, numericKernels } from '../../../src/search/samplers/tpe/numeric-kernels.js';
import { ageWeights, parzen } from '../../../src/search/samplers/tpe/parzen.js';
import { belowCount, split } from '../../../src/search/samplers/tpe/split.js';
import { tpe } from '../../../src/search/samplers/tpe/tpe.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import { simulate } from '../../../src/search/simulate.js';
import type { Parameter, Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { samplerCourt } from '../../contract/sampler.js';
import { everything, historyOf, makeGenerator, trial } from '../support.js';

samplerCourt(tpe, { options: { nStartup: 4, group: false }, constrained: 1_000 });
samplerCourt(tpe, {
  options: { nStartup: 4, multivariate: false, constantLiar: false, gamma: 'sqrt' },
  constrained: 1_000,
});

const line = parseSpace({ x: { kind: 'int', low: 0, high: 99 } });

describe('split', () => {
  const of = (trials: readonly HistoryTrial[], liar = true, maximize = false) => {
    const table = tableOf(historyOf(line, trials));
    const { below, above } = split(table, [maximize ? 'maximize' : 'minimize'], 'optuna', liar);
    return [below, above].map((rows) => rows.map((row) => table.params[row]?.x));
  };
  const many = Array.from({ length: 11 }, (_, i) => trial(i, { x: i }, { values: [(i * 7) % 11] }));

  it('takes the best tenth below, and keeps both sides in order of age', () => {
    expect(of([...many].reverse())).toEqual([
      [0, 8],
      [1, 2, 3, 4, 5, 6, 7, 9, 10],
    ]);
    expect(of(many, true, true)[0]).toEqual([3, 6]);
  });

  it('puts pending trials above, or leaves them out; failed ones above; lost ones nowhere', () => {
    const others = [
      trial(20, { x: 20 }, { state: 'RUNNING' }),
      trial(21, { x: 21 }, { state: 'FAILED', cause: 'OOM' }),
      trial(22, { x: 22 }, { state: 'FAILED', cause: 'PREEMPTED' }),
      trial(23, { x: 23 }, { values: [Number.NaN] }),
    ];

    expect(of([...many, ...others])[1]?.slice(-3)).toEqual([20, 21, 23]);
    expect(of([...many, ...others], false)[1]?.slice(-3)).toEqual([10, 21, 23]);
    expect(of(others)).toEqual([[], [20, 21, 23]]);
  });

  it('ranks pruned trials by last step and value, after the completed and before the infeasible', () => {
    const report = (number: number, step: number, value: number) =>
      trial(number, { x: number }, { state: 'PRUNED', steps: Float64Array.of(step), reports: Float64Array.of(value) });
    const pool = [
      trial(1, { x: 1 }, { values: [0], constraints: [2] }),
      trial(2, { x: 2 }, { values: [9], constraints: [1] }),
      trial(3, { x: 3 }, { state: 'PRUNED' }),
      report(4, 7, Number.NaN),
      report(5, 7, 5),
      report(6, 7, 4),
      report(7, 9, 99),
      trial(8, { x: 8 }, { values: [100] }),
    ];
    const order: unknown[] = [];
    for (let rest = pool; rest.length > 0; rest = rest.filter((some) => some.number !== order.at(-1)))
      order.push(of(rest)[0]?.[0]);

    expect(order).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('sees replicates as one point with their mean', () => {
    const lucky = [
      trial(0, { x: 5 }, { values: [0] }),
      trial(1, { x: 5 }, { values: [10] }),
      trial(2, { x: 6 }, { values: [4] }),
    ];

    expect(of(lucky)).toEqual([[6], [5]]);
    const again = [
      trial(0, { x: 5 }, { values: [3] }),
      trial(1, { x: 6 }, { values: [4] }),
      trial(2, { x: 5 }, { values: [3] }),
      trial(3, { x: 7 }, { values: [0] }),
    ];
    expect(of([...again].reverse())).toEqual([[7], [5, 6]]);
  });

  it('puts feasible ones first, then those ended early, then the least infeasible', () => {
    const pool = Array.from({ length: 21 }, (_, i) =>
      trial(i, { x: i }, { values: [i], constraints: [i === 20 ? 0 : 20 - i, -5] }),
    );

    expect(of(pool)[0]).toEqual([18, 19, 20]);
    expect(of(pool.map((some) => (some.number === 18 ? { ...some, constraints: [Number.NaN] } : some)))[0]).toEqual([
      17, 19, 20,
    ]);
  });

  it('of several objectives takes whole fronts, and cuts the one that does not fit by hypervolume', () => {
    const directions = ['minimize', 'maximize'] as const;
    const front = Array.from({ length: 9 }, (_, i) => trial(i, { x: i }, { values: [i, i] }));
    const behind = Array.from({ length: 41 }, (_, i) => trial(i + 9, { x: i + 9 }, { values: [i + 20, -i] }));
    const below = (trials: readonly HistoryTrial[]) =>
      split(tableOf(historyOf(line, trials, { directions })), directions, 'optuna', true).below;

    expect(below([...front, ...behind.slice(0, 21)])).toEqual([2, 4, 6]);
    expect(below([...front, ...behind]).length).toBe(5);
  });

  it('of several objectives takes the share that it is given, and a tenth without one', () => {
    const directions = ['minimize', 'minimize'] as const;
    const trials = Array.from({ length: 1_000 }, (_, i) => trial(i, { x: i }, { values: [i, i % 100] }));
    const table = tableOf(historyOf(parseSpace({ x: { kind: 'int', low: 0, high: 999 } }), trials, { directions }));
    const counts = ([0.5, 'sqrt', 'linear', 'optuna'] as const).map((gamma) => {
      return split(table, directions, gamma, true).below.length;
    });

    expect(counts).toEqual([500, 8, 100, 100]);
  });

  it('leaves out trials that are not legal in the space', () => {
    expect(of([trial(0, { x: 500 }, { values: [0] }), trial(1, { x: 1 }, { values: [1] })])).toEqual([[1], []]);
  });

  it('sizes the good set as the papers do', () => {
    expect([1, 10, 11, 250, 9999].map((n) => belowCount('optuna', n))).toEqual([1, 1, 2, 25, 25]);
    expect([1, 100, 10_000].map((n) => belowCount('sqrt', n))).toEqual([1, 3, 25]);
    expect(belowCount('linear', 9999)).toBe(1000);
  });
});

/** ln of all kernels' densities. */
function logsAt(kernels: Kernels, point: number, count: number): Float64Array {
  if (kernels.isQuick) {
    const logs = kernels.constants.slice();
    kernels.add(point, logs);
    return logs;
  }
  const sums = { kernels: Uint32Array.from({ length: count }, (_, k) => k), logs: new Float64Array(count) };
  expect(kernels.add(point, sums, count, -Infinity)).toBe(count);
  return sums.logs;
}

describe('kernels', () => {
  const masses = (kernels: Kernels, points: readonly number[], count: number) => {
    const totals = new Float64Array(count);
    for (const point of points) {
      const logs = logsAt(kernels, point, count);
      logs.forEach((sum, k) => {
        expect(sum).toBeCloseTo(kernels.logAt(point, k), 12);
        totals[k] = (totals[k] ?? 0) + Math.exp(sum);
      });
    }
    return [...totals];
  };
  const parameterOf = (declared: unknown) => codecOf(parseSpace({ x: declared }).parameters[0] as Parameter);
  const column = Float64Array.of(0.25, 0.85, 0.25, 0.9, 0.05);

  it('hold mass 1 over the values of a grid', () => {
    for (const declared of [
      { kind: 'int', low: 1, high: 10 },
      { kind: 'int', low: 1, high: 40, log: true },
      { kind: 'ordinal', values: ['a', 'b', 'c', 'd'] },
    ]) {
      const parameter = parameterOf(declared);
      const kernels = numericKernels(parameter, column, false);
      const rng = createRng('draws', makeGenerator);
      const points = [...new Set(Array.from({ length: 20_000 }, () => kernels.draw(5, rng)))];

      for (const mass of masses(kernels, points, 6)) expect(mass).toBeCloseTo(1, 8);
    }
  });

  it('hold mass 1 over [0, 1] for a float', () => {
    const kernels = numericKernels(parameterOf({ kind: 'float', low: 0, high: 1 }), column, false);
    const points = Array.from({ length: 2_000 }, (_, i) => (i + 0.5) / 2_000);

    for (const mass of masses(kernels, points, 6)) expect(mass / 2_000).toBeCloseTo(1, 5);
  });

  it('hold mass 1 over choices, most of it on the one observed', () => {
    const kernels = categoricalKernels(3, Float64Array.of(2, 0), 1);

    for (const mass of masses(kernels, [0, 1, 2], 3)) expect(mass).toBeCloseTo(1, 12);
    expect(masses(kernels, [2], 3)[0]).toBeCloseTo((1 + 1 / 3) / 2, 12);
  });

  it('draw what their density says', () => {
    const rng = createRng('draws', makeGenerator);
    const share = (kernels: Kernels, kernel: number, point: number) =>
      Array.from({ length: 20_000 }, () => kernels.draw(kernel, rng)).filter((drawn) => drawn === point).length /
      20_000;
    const grid = numericKernels(parameterOf({ kind: 'int', low: 1, high: 10 }), column, false);
    const choices = categoricalKernels(3, Float64Array.of(2, 0), 1);

    expect(share(grid, 0, 0.25)).toBeCloseTo(masses(grid, [0.25], 6)[0] ?? 0, 1);
    expect(share(choices, 0, 2)).toBeCloseTo(2 / 3, 1);
    expect(share(choices, 0, 1)).toBeCloseTo(1 / 6, 1);
  });

  it('are as wide as the larger gap to a neighbour, within limits', () => {
    expect([...bandwidths(Float64Array.of(0.5, 0.2, 0.9), false, 0.04)].map((width) => width.toFixed(2))).toEqual([
      '0.40',
      '0.30',
      '0.40',
    ]);
    expect([...bandwidths(Float64Array.of(0.2), false, 0.04)]).toEqual([0.8]);
    expect([...bandwidths(Float64Array.of(0.5, 0.5, 0.5), false, 0.04)]).toEqual([0.04, 0.04, 0.04]);
    expect([...bandwidths(Float64Array.of(0.4, 0.5), true, 0.04)]).toEqual([0.4, 0.5]);
  });

  it('get narrower as they get more, faster over floats than over a grid, down to 0.03 of the range and half a cell', () => {
    expect([1, 2, 10, 5_000].map((m) => narrowestOf(m, Infinity))).toEqual([1 / 9, 1 / 16, 0.03, 0.03]);
    expect([1, 2, 10, 5_000].map((m) => narrowestOf(m, 4))).toEqual([1 / 3, 1 / 4, 1 / 8, 1 / 8]);
    expect(narrowestOf(5_000, 100)).toBe(0.005);
  });

  it('weigh less with age beyond the newest 25', () => {
    expect(new Set(ageWeights(24, 1))).toEqual(new Set([1 / 25]));
    const weights = ageWeights(35, 2);

    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
    expect((weights[0] ?? 0) / (weights[34] ?? 1)).toBeCloseTo(1 / 35, 12);
    expect((weights[35] ?? 0) / (weights[34] ?? 1)).toBeCloseTo(2, 12);
  });
});

describe('parzen', () => {
  const floats = parseSpace(
    Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, { kind: 'float', low: 0, high: 1 }])),
  );

  it.each([
    ['of every kind', everything],
    ['floats', floats],
  ])('leaves out only kernels that do not matter, parameters %s', (_, space) => {
    const rng = createRng('parzen', makeGenerator);
    const trials = Array.from({ length: 300 }, (_, i) => trial(i, drawUniform(space, rng)));
    const table = tableOf(historyOf(space, trials));
    const block = [0, 1, 2, 3, 4, 5];
    const options = { priorWeight: 1, considerEndpoints: false };
    const density = parzen(table, block, [...trials.keys()], options);
    const logWeights = ageWeights(300, 1).map(Math.log);
    const dimensions = block.map((j) => {
      const codec = table.codecs[j] as Codec;
      const column = table.points[j] as Float64Array;
      if (codec.isUnordered) return categoricalKernels(codec.levels, column, 1);
      return numericKernels(codec, column, false);
    });
    for (let i = 0; i < 50; i++) {
      const points = density.draw(rng);
      const all = logWeights.map((weight, k) =>
        dimensions.reduce((sum, kernels, j) => sum + kernels.logAt(points[j] ?? 0, k), weight),
      );

      const alone = dimensions.reduce(
        (sum, kernels, j) => sum + logSumExp(logWeights.map((weight, k) => weight + kernels.logAt(points[j] ?? 0, k))),
        0,
      );

      expect(Math.abs(density.logDensity(points) - logSumExp(all))).toBeLessThan(1e-7);
      // Of a float it is looked up.
      expect(Math.abs(density.logMarginals(points) - alone)).toBeLessThan(5e-3);
    }
  });
});

describe('blocksOf', () => {
  const space = parseSpace({
    a: { kind: 'boolean' },
    b: { kind: 'boolean', when: { param: 'a', in: [true] } },
    c: { kind: 'boolean', when: { param: 'a', in: [true] } },
    d: { kind: 'boolean', when: { param: 'c', in: [true] } },
    fixed: { kind: 'categorical', choices: ['only'] },
  });
  const names = (params: readonly Params[], of = blocksOf) => {
    const table = tableOf(
      historyOf(
        space,
        params.map((some, i) => trial(i, some)),
      ),
    );
    return of(table, [...params.keys()]).map((block) => block.map((j) => table.codecs[j]?.parameter.name));
  };
  const off = { a: false, fixed: 'only' };
  const on = { a: true, b: true, c: false, fixed: 'only' };
  const all = { a: true, b: true, c: true, d: false, fixed: 'only' };

  it('keeps together what was always active together, and knows nothing of what never was', () => {
    expect(names([off, on, off])).toEqual([['a'], ['b', 'c']]);
    expect(names([on, on, all])).toEqual([['a', 'b', 'c'], ['d']]);
    expect(names([on])).toEqual([['a', 'b', 'c']]);
    expect(names([])).toEqual([]);
  });

  it('without groups, keeps together only what all trials have', () => {
    expect(names([off, on, all], commonBlocks)).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(names([on, all], commonBlocks)).toEqual([['a', 'b', 'c'], ['d']]);
  });
});

describe('tpe', () => {
  const unitFloats = (count: number, low: number, high: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, { kind: 'float', low, high }]));
  const numbers = (params: Params) => Object.values(params).map(Number);
  const problems: Record<string, readonly [unknown, (params: Params) => number]> = {
    'a sphere': [unitFloats(5, -5, 5), (params) => numbers(params).reduce((sum, x) => sum + (x - 1) ** 2, 0)],
    'Branin’s function': [
      { x: { kind: 'float', low: -5, high: 10 }, y: { kind: 'float', low: 0, high: 15 } },
      ({ x, y }) =>
        (Number(y) - (5.1 / (4 * Math.PI ** 2)) * Number(x) ** 2 + (5 / Math.PI) * Number(x) - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(Number(x)) +
        10 -
        0.397887,
    ],
    'Rosenbrock’s valley': [
      unitFloats(4, -2, 2),
      (params) =>
        numbers(params)
          .slice(1)
          .reduce(
            (sum, x, i) => sum + 100 * (x - (numbers(params)[i] ?? 0) ** 2) ** 2 + (1 - (numbers(params)[i] ?? 0)) ** 2,
            0,
          ),
    ],
    'choices only': [
      Object.fromEntries(
        Array.from({ length: 6 }, (_, i) => [`op${i}`, { kind: 'categorical', choices: ['a', 'b', 'c', 'd', 'e'] }]),
      ),
      (params) =>
        Object.values(params).reduce<number>(
          (sum, op, i) => sum + ([3, 1, 4, 2, 0][('abcde'.indexOf(String(op)) + i) % 5] ?? 0) * (1 + 0.3 * i),
          0,
        ),
    ],
    'a training job with conditions and failures': [
      {
        learningRate: { kind: 'float', low: 1e-5, high: 1, log: true },
        layers: { kind: 'int', low: 1, high: 8 },
        optimizer: { kind: 'categorical', choices: ['sgd', 'adam', 'rms'] },
        momentum: { kind: 'float', low: 0, high: 1, when: { param: 'optimizer', in: ['sgd'] } },
        batchSize: { kind: 'ordinal', values: [16, 32, 64, 128] },
      },
      ({ learningRate, layers, optimizer, momentum, batchSize }) => {
        if (Number(learningRate) > 0.3) return Number.NaN;
        const best = optimizer === 'adam' ? 0.2 : optimizer === 'rms' ? 0.5 : 3 * (Number(momentum) - 0.9) ** 2;
        return (
          0.3 * (Math.log10(Number(learningRate)) + 2.5) ** 2 +
          0.15 * Math.abs(Number(layers) - 5) +
          best +
          (batchSize === 64 ? 0 : 0.2)
        );
      },
    ],
  };
  const regrets = (kind: string, declared: unknown, objective: (params: Params) => number, parallel: number) =>
    Array.from({ length: 20 }, (_, seed) => {
      const history = simulate({
        space: parseSpace(declared),
        sampler: { kind },
        objective,
        trials: 80,
        seed: `seed ${seed}`,
        makeGenerator,
        parallel,
        finishingOrder: 'random',
      });
      return bestTrial(history)?.values?.[0] ?? Infinity;
    });
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

  it.each(Object.keys(problems))(
    'has less than six tenths of the regret of random search on %s, alone and eight at once',
    (name) => {
      const [declared, objective] = problems[name] ?? [];
      if (objective === undefined) throw new Error(name);
      const random = regrets('random', declared, objective, 1);
      for (const parallel of [1, 8]) {
        const ours = regrets('tpe', declared, objective, parallel);

        expect(median(ours)).toBeLessThan(0.6 * median(random));
        expect(ours.filter((regret, seed) => regret < (random[seed] ?? 0)).length).toBeGreaterThanOrEqual(15);
      }
    },
  );

  it('keeps proposals in flight apart', () => {
    const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
    const history = simulate({
      space,
      sampler: { kind: 'tpe' },
      objective: ({ x }) => (Number(x) - 0.3) ** 2,
      trials: 60,
      seed: 's',
      makeGenerator,
      parallel: 10,
    });
    const points = history.trials.map((some) => Number(some.params.x));

    expect(new Set(points).size).toBe(60);
  });

  it('covers more of the front of ZDT1 than random search does, and maximises -f as it minimises f', () => {
    const space = parseSpace(unitFloats(6, 0, 1));
    const zdt1 = (params: Params): readonly [number, number] => {
      const [x = 0, ...rest] = numbers(params);
      const g = 1 + (9 * rest.reduce((sum, u) => sum + u, 0)) / rest.length;
      return [x, g * (1 - Math.sqrt(x / g))];
    };
    const front = (kind: string, seed: number, sign = 1) =>
      simulate({
        space,
        sampler: { kind },
        directions: sign > 0 ? ['minimize', 'minimize'] : ['maximize', 'maximize'],
        objective: (params) => ({ values: zdt1(params).map((value) => sign * value) }),
        trials: 120,
        seed: `seed ${seed}`,
        makeGenerator,
      }).trials.map((some) => zdt1(some.params));
    const volumes = (kind: string) => [0, 1, 2, 3, 4].map((seed) => hypervolume(front(kind, seed), [1.1, 7]));

    expect(median(volumes('tpe'))).toBeGreaterThan(median(volumes('random')) + 0.5);
    expect(front('tpe', 0, -1)).toEqual(front('tpe', 0));
  });
});

import { describe, expect, it } from 'vitest';
import { distribution } from '../../../src/search/analysis/distribution.js';
import { expectedGain } from '../../../src/search/analysis/expected-gain.js';
import { parallelCoordinates } from '../../../src/search/analysis/parallel-coordinates.js';
import { contour, slice } from '../../../src/search/analysis/scatter.js';
import { stoppingAdvice } from '../../../src/search/analysis/stopping.js';
import { curves, timeline } from '../../../src/search/analysis/timeline.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { curve, historyOf, trial } from '../support.js';

const space = parseSpace({
  rate: { kind: 'float', low: 0.01, high: 1, log: true },
  layers: { kind: 'int', low: 1, high: 4 },
  way: { kind: 'categorical', choices: ['a', 'b'] },
  more: { kind: 'int', low: 0, high: 99, when: { param: 'way', in: ['b'] } },
});
const trials = [
  trial(2, { rate: 0.1, layers: 4, way: 'b', more: 99 }, { values: [3], constraints: [1] }),
  trial(0, { rate: 0.01, layers: 1, way: 'a' }, { values: [5] }),
  trial(1, { rate: 1, layers: 2, way: 'b', more: 0 }, { values: [3] }),
  trial(3, { rate: 1, layers: 2, way: 'a' }, { state: 'RUNNING' }),
  trial(4, { rate: 1, layers: 2, way: 'a' }, { values: [Number.NaN] }),
];
const history = historyOf(space, trials);

describe('slice and contour', () => {
  it('give the completed trials that have the parameters, by number', () => {
    expect(slice(history, 'rate')).toEqual({
      axis: { name: 'rate', values: null, ends: [0.01, 1], isLog: true, points: Float64Array.of(0, 1, 0.5) },
      numbers: Int32Array.of(0, 1, 2),
      values: [0.01, 1, 0.1],
      objective: Float64Array.of(5, 3, 3),
      feasible: Uint8Array.of(1, 1, 0),
    });
    expect([...(slice(history, 'more')?.numbers ?? [])]).toEqual([1, 2]);
    expect(slice(history, 'none')).toBeNull();
  });

  it('rank the trials from the best to the worst, ties shared', () => {
    const found = contour(history, ['rate', 'layers']);

    expect([...(found?.ranks ?? [])]).toEqual([1, 0.25, 0.25]);
    expect(found?.values[0]).toEqual([0.01, 1]);
    expect(found?.axes.map(({ name, values, points }) => [name, values, [...points]])).toEqual([
      ['rate', null, [0, 1, 0.5]],
      ['layers', [1, 2, 3, 4], [0, 1, 3]],
    ]);
    expect([...(contour({ ...history, directions: ['maximize'] }, ['rate', 'layers'])?.ranks ?? [])]).toEqual([
      0, 0.75, 0.75,
    ]);
    expect(contour(history, ['rate', 'none'])).toBeNull();
  });
});

describe('distribution', () => {
  it('gives the share at least as good as each value', () => {
    expect(distribution(history)).toEqual({ values: Float64Array.of(3, 5), shares: Float64Array.of(2 / 3, 1) });
    const up = distribution({ ...history, directions: ['maximize'] });
    expect([...up.values]).toEqual([3, 5]);
    expect([...up.shares].map((share) => share.toFixed(3))).toEqual(['1.000', '0.333']);
    expect(distribution(historyOf(space, [])).values.length).toBe(0);
  });
});

describe('parallelCoordinates', () => {
  it('gives an axis a parameter, with its values where they are few', () => {
    const { axes, numbers, objectives } = parallelCoordinates(history);

    expect([...numbers]).toEqual([0, 1, 2]);
    expect([...(objectives[0] ?? [])]).toEqual([5, 3, 3]);
    expect(axes.map(({ name, values, ends, points }) => [name, values, ends, [...points]])).toEqual([
      ['rate', null, [0.01, 1], [0, 1, 0.5]],
      ['layers', [1, 2, 3, 4], [1, 4], [0, 1, 3]],
      ['way', ['a', 'b'], ['a', 'b'], [0, 1, 1]],
      ['more', null, [0, 99], [Number.NaN, 0.005, 0.995]],
    ]);
  });
});

describe('parallelCoordinates of a short logarithmic range', () => {
  it('lists every value once, and puts trials at theirs', () => {
    const logarithmic = parseSpace({ n: { kind: 'int', low: 1, high: 8, log: true } });
    const all = [3, 6, 8, 1].map((n, i) => trial(i, { n }, { values: [n] }));
    const [axis] = parallelCoordinates(historyOf(logarithmic, all)).axes;

    expect(axis?.values).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...(axis?.points ?? [])]).toEqual([2, 5, 7, 0]);
  });
});

describe('timeline and curves', () => {
  it('puts bars into the lowest lane that is free', () => {
    const bar = (number: number, askedAt: number, endedAt?: number) =>
      trial(number, {}, endedAt === undefined ? { askedAt, state: 'RUNNING' } : { askedAt, endedAt });
    const bars = timeline(historyOf(space, [bar(2, 3, 9), bar(0, 1, 4), bar(1, 2), bar(3, 5, 6)]));

    expect(bars.map(({ number, lane, from, to }) => [number, lane, from, to])).toEqual([
      [0, 0, 1, 4],
      [1, 1, 2, null],
      [2, 2, 3, 9],
      [3, 0, 5, 6],
    ]);
  });

  it('give the reports of those that reported', () => {
    const found = curves(historyOf(space, [curve(1, [3, 2]), trial(0, {}), curve(0, [1])]));

    expect(found.map(({ number, steps, values }) => [number, [...steps], [...values]])).toEqual([
      [0, [0], [1]],
      [1, [0, 1], [3, 2]],
    ]);
  });
});

describe('stoppingAdvice', () => {
  const line = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
  const of = (values: readonly number[]) =>
    historyOf(
      line,
      values.map((value, i) => trial(i, { x: 0.5 }, { values: [value], endedAt: i + 1 })),
    );
  const noise = Array.from({ length: 40 }, (_, i) => 10 + ((i * 7) % 11) / 10);

  it('says to stop when nothing was found for long, and nothing is to be expected', () => {
    const advice = stoppingAdvice(of([50, 40, 30, 20, 15, 12, 11, 10.5, 10.2, 5, ...noise]));

    expect(advice.shouldStop).toBe(true);
    expect(advice.rules.map(({ kind, shouldStop }) => [kind, shouldStop])).toEqual([
      ['stagnation', true],
      ['gain', true],
    ]);
    expect(advice.rules[0]?.value).toBe(40);
  });

  it('says to go on while values still fall, or spread far', () => {
    expect(stoppingAdvice(of(Array.from({ length: 60 }, (_, i) => 60 - i))).shouldStop).toBe(false);
    expect(stoppingAdvice(of([9.9, ...noise])).rules[1]?.shouldStop).toBe(false);
  });

  it('says nothing before there is enough to say', () => {
    expect(stoppingAdvice(of([1, 2, 3]))).toEqual({ shouldStop: false, rules: [], remaining: null });
    expect(stoppingAdvice(historyOf(line, []))).toEqual({ shouldStop: false, rules: [], remaining: null });
  });

  it('tells what the next trials are expected to gain per hour, once durations are known', () => {
    const values = [50, 40, 30, 20, 15, 12, 11, 10.5, 10.2, 5, ...noise];
    const timed = (seconds: number) =>
      historyOf(
        line,
        values.map((value, i) => trial(i, { x: 0.5 }, { values: [value], endedAt: i + 1, seconds })),
      );
    const [, gain, worth] = stoppingAdvice(timed(1_800)).rules;

    expect(worth?.kind).toBe('worth');
    // Ten trials of half an hour; from the median of the first ten, 13.5, to 5 in 25 hours.
    expect(worth?.value).toBeCloseTo((gain?.value ?? 0) / 5, 12);
    expect(worth?.threshold).toBeCloseTo((0.05 * 8.5) / 25, 12);
    expect(worth?.shouldStop).toBe(true);
    // Of trials twice as long both rates are half as large.
    expect(stoppingAdvice(timed(3_600)).rules[2]?.threshold).toBeCloseTo((0.05 * 8.5) / 50, 12);
  });

  it('holds the gain that was paid for here against the hours that were: not what it began with', () => {
    const warm = [50, 40, 30, 20, 15, 12, 11, 10.5, 10.2, 10].map((value, i) =>
      trial(-1 - i, { x: 0.5 }, { values: [value], askedAt: i - 20, endedAt: i - 20, seconds: 3_600 }),
    );
    const began = (best: number) =>
      historyOf(line, [
        ...warm,
        ...[best, ...noise].map((value, i) =>
          trial(i, { x: 0.5 }, { values: [value], endedAt: i + 1, seconds: 1_800 }),
        ),
      ]);
    const worthOf = (best: number) => stoppingAdvice(began(best)).rules.find(({ kind }) => kind === 'worth');

    // From 10 to 9 in 41 trials of half an hour.
    expect(worthOf(9)?.threshold).toBeCloseTo((0.05 * 1) / 20.5, 12);
    // Nothing was gained here: there is no rate that the next trials could fall behind.
    expect(stoppingAdvice(began(12)).rules.map(({ kind }) => kind)).toEqual(['stagnation', 'gain']);
  });

  it('expects of the rest of the budget what as many draws would gain', () => {
    const values = [9.9, ...noise];
    const { remaining } = stoppingAdvice({ ...of(values), budget: 100 });

    expect(remaining).toEqual({ trials: 59, gain: expectedGain(values.slice(-30), 9.9, 59) });
    expect(stoppingAdvice({ ...of(values), budget: 41 }).remaining).toEqual({ trials: 0, gain: 0 });
    expect(stoppingAdvice(of(values)).remaining).toBeNull();
  });

  it('looks at the front when there are several objectives', () => {
    const values = [[1, 1], ...Array.from({ length: 35 }, () => [2, 2])];
    const several = historyOf(
      line,
      values.map((some, i) => trial(i, { x: 0.5 }, { values: some, endedAt: i + 1 })),
      { directions: ['minimize', 'minimize'] },
    );

    expect(stoppingAdvice(several).rules.map(({ kind, value }) => [kind, value])).toEqual([['stagnation', 35]]);
  });

  it('expects the gain of the least of q normal draws', () => {
    const two = [-1, 1].map((x) => x * Math.SQRT1_2); // mean 0, deviation 1

    // z Phi(z) + phi(z) for one; of two, when all of it counts, the mean of the lesser is -1/sqrt(pi).
    expect(expectedGain(two, 0, 1)).toBeCloseTo(0.3989422804014327, 8);
    expect(expectedGain(two, 1, 1)).toBeCloseTo(1.0833154705876864, 8);
    expect(expectedGain(two, -2, 1)).toBeCloseTo(0.008490702616829, 8);
    expect(expectedGain(two, 8, 2)).toBeCloseTo(8 + 1 / Math.sqrt(Math.PI), 8);
    expect(expectedGain([3, 3, 3], 3, 5)).toBe(0);
  });
});

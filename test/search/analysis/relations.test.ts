import { describe, expect, it } from 'vitest';
import { correlations } from '../../../src/search/analysis/correlations.js';
import { costAndGain } from '../../../src/search/analysis/cost-and-gain.js';
import { intermediateValues } from '../../../src/search/analysis/intermediate-values.js';
import { parallelCoordinates } from '../../../src/search/analysis/parallel-coordinates.js';
import { rankedTrials } from '../../../src/search/analysis/rank.js';
import { evenly, telling } from '../../../src/search/analysis/thin-history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { curve, everything, historyOf, makeGenerator, trial } from '../support.js';

const space = parseSpace({
  a: { kind: 'float', low: 0, high: 1 },
  b: { kind: 'int', low: 1, high: 100 },
  flag: { kind: 'boolean' },
  way: { kind: 'categorical', choices: ['x', 'y'] },
  more: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['y'] } },
});
const rng = createRng('relations', makeGenerator);
const history = historyOf(
  space,
  Array.from({ length: 60 }, (_, i) => {
    const a = rng.next();
    const way = i % 3 === 0 ? 'y' : 'x';
    const params = { a, b: 1 + Math.floor(100 * rng.next()), flag: a > 0.5, way };
    const value = Math.exp(9 * a);
    return way === 'y'
      ? trial(i, { ...params, more: rng.next() }, { values: [value] })
      : trial(i, params, { values: [value] });
  }),
);

describe('correlations', () => {
  const { names, objectives, matrix, trials } = correlations(history);
  const at = (a: string, b: string) => matrix[place(a) * (names.length + 1) + place(b)];
  const place = (name: string) => (name === 'value' ? names.length : names.indexOf(name));

  it('are of the parameters with an order, then the objective', () => {
    expect([names, objectives, trials, matrix.length]).toEqual([['a', 'b', 'flag', 'more'], 1, 60, 25]);
    expect(names.map((name) => at(name, name)?.toFixed(12))).toEqual(names.map(() => '1.000000000000'));
  });

  it('see any rise, and are symmetric', () => {
    expect(at('a', 'value')).toBeCloseTo(1, 12);
    expect(at('flag', 'value')).toBeGreaterThan(0.7);
    for (const one of names) for (const other of names) expect(at(one, other)).toBe(at(other, one));
  });

  it('equal the textbook’s sum over differences of ranks, of those that have both', () => {
    const textbook = (pairs: readonly (readonly [number, number])[]) => {
      const rank = (k: 0 | 1) => pairs.map((pair) => pairs.filter((other) => other[k] < pair[k]).length);
      const [first, second] = [rank(0), rank(1)];
      const squares = first.reduce((sum, r, i) => sum + (r - (second[i] as number)) ** 2, 0);
      return 1 - (6 * squares) / (pairs.length * (pairs.length ** 2 - 1));
    };
    const having = history.trials.filter(({ params }) => 'more' in params);

    expect(having).toHaveLength(20);
    expect(at('more', 'value')).toBeCloseTo(
      textbook(having.map(({ params, values }) => [Number(params.more), values?.[0] ?? 0])),
      12,
    );
    expect(at('a', 'more')).toBeCloseTo(
      textbook(having.map(({ params }) => [Number(params.a), Number(params.more)])),
      12,
    );
  });

  it('are NaN where nothing varies, or next to nobody has both', () => {
    const flat = historyOf(
      space,
      history.trials.slice(0, 5).map((some) => ({ ...some, values: [1] })),
    );

    expect(correlations(flat).matrix[4]).toBeNaN();
    expect(correlations(historyOf(space, history.trials.slice(0, 2))).matrix.every(Number.isNaN)).toBe(true);
  });
});

describe('rankedTrials', () => {
  it('ranks from the best to the worst, beside the axes asked for', () => {
    const found = rankedTrials(history, ['b', 'more']);
    const values = [...(found?.objective ?? [])];

    expect(found?.axes.map(({ name, points }) => [name, points.length])).toEqual([
      ['b', 60],
      ['more', 60],
    ]);
    expect(found?.axes[1]?.points.filter(Number.isNaN)).toHaveLength(40);
    expect([...(found?.ranks ?? [])]).toEqual(
      values.map((value) => values.filter((other) => other < value).length / (values.length - 1)),
    );
    expect(rankedTrials(history, ['b', 'none'])).toBeNull();
    expect(rankedTrials(historyOf(space, []), [])?.ranks).toHaveLength(0);
  });

  it('has its worst first when values are maximised', () => {
    const best = rankedTrials({ ...history, directions: ['maximize'] }, [])?.ranks.indexOf(0) ?? -1;

    expect(history.trials[best]?.values?.[0]).toBe(Math.max(...history.trials.map(({ values }) => values?.[0] ?? 0)));
  });
});

describe('costAndGain', () => {
  it('adds up what was spent, without what was spent elsewhere', () => {
    const trials = [
      trial(-1, {}, { values: [9], seconds: 100, askedAt: -1, endedAt: -1 }),
      trial(0, {}, { values: [5], seconds: 10, endedAt: 3 }),
      trial(1, {}, { state: 'FAILED', cause: 'OOM', seconds: 1, endedAt: 2 }),
      trial(2, {}, { values: [7], endedAt: 4 }),
    ];
    const { numbers, seconds, values } = costAndGain(historyOf(everything, trials));

    expect([...numbers]).toEqual([-1, 1, 0, 2]);
    expect([...seconds]).toEqual([0, 1, 11, 11]);
    expect([...values]).toEqual([9, 9, 5, 5]);
  });
});

describe('intermediateValues', () => {
  const long = historyOf(everything, [
    curve(0, [3, 2, 1], { values: [1] }),
    trial(1, {}),
    ...[2, 3, 4].map((number) => curve(number, [9, Number.NaN, 7, 6, 5, 4, 8], { values: [8] })),
  ]);

  it('gives the newest, the best always among them', () => {
    const { curves, reporting } = intermediateValues(long, 2, 100);

    expect([curves.map(({ number }) => number), reporting]).toEqual([[0, 4], 4]);
    expect(intermediateValues(long, 1, 100).curves.map(({ number }) => number)).toEqual([0]);
    expect(intermediateValues(long, 9, 100).curves.map(({ number }) => number)).toEqual([0, 2, 3, 4]);
    expect(intermediateValues(historyOf(everything, []), 9, 9)).toEqual({ curves: [], reporting: 0 });
  });

  it('thins long curves, keeping both ends', () => {
    const [, thin] = intermediateValues(long, 2, 3).curves;

    expect([...(thin?.steps ?? [])]).toEqual([0, 3, 6]);
    expect([...(thin?.values ?? [])]).toEqual([9, 6, 8]);
  });
});

describe('parallelCoordinates', () => {
  it('can be cut down to the newest', () => {
    expect([...parallelCoordinates(history, 2).numbers]).toEqual([58, 59]);
    expect(parallelCoordinates(history, 2).axes[0]?.points).toHaveLength(2);
  });
});

describe('thinned histories', () => {
  const many = historyOf(
    everything,
    Array.from({ length: 400 }, (_, i) => trial(i, {}, { values: [(i * 7) % 401], endedAt: i })),
  );

  it('are spread evenly, or are all there is', () => {
    expect(evenly(many, 4).trials.map(({ number }) => number)).toEqual([0, 100, 200, 300]);
    expect(evenly(many, 400).trials).toEqual(many.trials);
  });

  it('keep the best half, and stay as they are while few more end', () => {
    const { trials } = telling(many, 0, 100);
    const values = trials.map(({ values: some }) => some?.[0] ?? 0);
    const later = telling(
      historyOf(everything, [...many.trials, trial(400, {}, { values: [-1], endedAt: 400 })]),
      0,
      100,
    );

    expect(trials).toHaveLength(100);
    expect(values.filter((value) => value < 60).length).toBeGreaterThanOrEqual(50);
    expect(trials.every((some) => many.trials.includes(some))).toBe(true);
    expect(later.trials).toEqual(trials);
  });

  it('are of one objective', () => {
    const two = historyOf(everything, [trial(0, {}, { values: [1, 2] })], { directions: ['minimize', 'maximize'] });

    expect(telling(two, 1, 9)).toMatchObject({ directions: ['maximize'], trials: [{ values: [2] }] });
  });
});

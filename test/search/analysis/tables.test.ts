import { describe, expect, it } from 'vitest';
import { duplicates } from '../../../src/search/analysis/duplicates.js';
import { failureRegions } from '../../../src/search/analysis/failure-regions.js';
import { regimeTable } from '../../../src/search/analysis/regimes.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, trial } from '../support.js';

const branches = parseSpace({
  way: { kind: 'categorical', choices: ['a', 'b'] },
  more: { kind: 'int', low: 0, high: 99, when: { param: 'way', in: ['b'] } },
});

describe('regimeTable', () => {
  const history = historyOf(branches, [
    trial(0, { way: 'b', more: 1 }, { values: [4] }),
    trial(1, { way: 'a' }, { values: [3] }),
    trial(2, { way: 'a' }, { values: [1], constraints: [1] }),
    trial(3, { way: 'a' }, { state: 'FAILED', cause: 'OOM' }),
    trial(4, { way: 'a' }, { values: [2] }),
    trial(5, { way: 'a' }, { state: 'RUNNING' }),
    trial(6, { way: 'a', more: 1 }, { values: [0] }), // not legal
  ]);

  it('counts trials by what was active, and gives the best feasible one', () => {
    expect(regimeTable(history)).toEqual([
      { names: ['way'], trials: 5, observed: 3, failed: 1, best: 2, holder: 4, median: 2 },
      { names: ['way', 'more'], trials: 1, observed: 1, failed: 0, best: 4, holder: 0, median: 4 },
    ]);
    expect(regimeTable({ ...history, directions: ['maximize'] })[0]).toMatchObject({ best: 3, holder: 1 });
  });

  it('knows only regimes that trials have now', () => {
    expect(regimeTable(historyOf(branches, [trial(0, { way: 'a' }, { state: 'RUNNING' })]))).toEqual([
      { names: ['way'], trials: 1, observed: 0, failed: 0, best: Number.NaN, holder: -1, median: Number.NaN },
    ]);
    expect(regimeTable(historyOf(branches, []))).toEqual([]);
  });
});

describe('duplicates', () => {
  it('groups equal points, and pools their noise', () => {
    const a = { way: 'a' };
    const b = { way: 'b', more: 7 };
    const { points, noise, freedom } = duplicates(
      historyOf(branches, [
        trial(0, a, { values: [1] }),
        trial(1, b, { values: [10] }),
        trial(2, { way: 'b', more: 8 }, { values: [0] }),
        trial(3, a, { values: [3] }),
        trial(4, { more: 7, way: 'b' }, { values: [12] }),
        trial(5, b, { values: [14] }),
        trial(8, b, { values: [12] }),
        trial(6, b, { state: 'FAILED', cause: 'OOM' }),
        trial(7, b, { state: 'FAILED', cause: 'PREEMPTED' }), // as if never asked
      ]),
    );

    expect(points).toEqual([
      { params: b, numbers: [1, 4, 5, 6, 8], observed: 4, mean: 12, deviation: Math.sqrt(8 / 3) },
      { params: a, numbers: [0, 3], observed: 2, mean: 2, deviation: Math.SQRT2 },
    ]);
    // Squares 8 and 2 over 3 + 1 degrees of freedom.
    expect([noise, freedom]).toEqual([Math.sqrt(10 / 4), 4]);
  });

  it('says nothing of noise without two values at one point', () => {
    expect(duplicates(historyOf(branches, [trial(0, { way: 'a' }, { values: [1] })]))).toEqual({
      points: [],
      noise: Number.NaN,
      freedom: 0,
    });
  });
});

describe('failureRegions', () => {
  const space = parseSpace({
    size: { kind: 'int', low: 1, high: 10 },
    rate: { kind: 'float', low: 0, high: 1 },
    fixed: { kind: 'categorical', choices: ['only'] },
  });
  // A hundred trials, ten of each size, of which the larger half fails.
  const history = historyOf(
    space,
    Array.from({ length: 100 }, (_, i) => {
      const params = { size: 1 + (i % 10), rate: Math.floor(i / 10) / 10 + 0.05, fixed: 'only' };
      return params.size > 5
        ? trial(i, params, { state: 'FAILED', cause: 'OOM', endedAt: i })
        : trial(i, params, { values: [i === 0 ? Number.NaN : 1], endedAt: i });
    }),
  );

  it('finds the parameter that tells who fails, and where', () => {
    const { ended, failed, kinds, axes } = failureRegions(history, 'OOM');

    expect([ended, failed]).toEqual([100, 50]);
    expect(kinds).toEqual([
      { kind: 'OOM', count: 50 },
      { kind: 'NOT_FINITE', count: 1 },
    ]);
    expect(axes.map(({ name }) => name)).toEqual(['size', 'rate']);
    // All of the doubt, but for nine degrees of freedom in a hundred trials.
    expect(axes[0]?.told).toBeCloseTo(1 - 9 / 200 / Math.LN2, 12);
    expect(axes[0]?.cells.map(({ low, high, ended: n, failed: k }) => [low, high, n, k])).toEqual(
      Array.from({ length: 10 }, (_, k) => [k + 1, k + 1, 10, k < 5 ? 0 : 10]),
    );
    // Each tenth of the range holds five failures of ten.
    expect(axes[1]?.told).toBe(0);
    expect(axes[1]?.cells[3]).toEqual({ low: 0.3, high: 0.4, ended: 10, failed: 5 });
  });

  it('counts every kind unless one is named', () => {
    expect(failureRegions(history).failed).toBe(51);
    expect(failureRegions(history, 'TIMEOUT').failed).toBe(0);
    expect(failureRegions(history, 'TIMEOUT').axes.map(({ told }) => told)).toEqual([0, 0]);
  });

  it('is empty without trials, and leaves out who failed by others’ fault', () => {
    expect(failureRegions(historyOf(space, [])).ended).toBe(0);
    const lost = trial(
      0,
      { size: 1, rate: 0, fixed: 'only' },
      { state: 'FAILED', cause: 'INFRASTRUCTURE', endedAt: 1 },
    );
    expect(failureRegions(historyOf(space, [lost]))).toMatchObject({ ended: 0, failed: 0, kinds: [] });
  });
});

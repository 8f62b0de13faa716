import { describe, expect, it } from 'vitest';
import { bestSoFar, bestTrial } from '../../../src/search/analysis/best-so-far.js';
import { everything, historyOf, trial } from '../support.js';

const trials = [
  trial(0, {}, { values: [5], endedAt: 9 }),
  trial(1, {}, { values: [Number.NaN], endedAt: 1 }),
  trial(2, {}, { values: [7], endedAt: 2 }),
  trial(3, {}, { values: [-Infinity], endedAt: 3 }),
  trial(4, {}, { values: [1], constraints: [0.1], endedAt: 4 }),
  trial(5, {}, { values: [1], state: 'PRUNED', endedAt: 5 }),
  trial(6, {}, { values: [5], endedAt: 6 }),
  trial(7, {}, { state: 'RUNNING' }),
];

describe('best so far', () => {
  it('is the best completed, feasible and finite value; ties go to the lower number', () => {
    expect(bestTrial(historyOf(everything, trials))?.number).toBe(0);
    expect(bestTrial(historyOf(everything, trials, { directions: ['maximize'] }))?.number).toBe(2);
    expect(bestTrial(historyOf(everything, trials.slice(3, 6)))).toBeNull();
  });

  it('follows the order in which trials ended, as columns', () => {
    const { numbers, values, holders } = bestSoFar(historyOf(everything, trials));

    expect([...numbers]).toEqual([1, 2, 3, 4, 5, 6, 0]);
    expect([...values]).toEqual([Number.NaN, 7, 7, 7, 7, 5, 5]);
    expect([...holders]).toEqual([-1, 2, 2, 2, 2, 6, 0]);
  });

  it('follows the objective that is named', () => {
    const two = [[1, 9] as const, [2, 3] as const, [0, 5] as const].map((values, i) =>
      trial(i, {}, { values, endedAt: i }),
    );
    const history = historyOf(everything, two, { directions: ['minimize', 'maximize'] });

    expect([...bestSoFar(history).values]).toEqual([1, 1, 0]);
    expect([...bestSoFar(history, 1).values]).toEqual([9, 9, 9]);
    expect([...bestSoFar(history, 1).holders]).toEqual([0, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Problem } from '../../bench/support/regret/problem.js';
import { bootstrap } from '../../bench/support/regret/statistic/bootstrap.js';
import { compare, meanRanks, meanRegret, regretsAt, scalesOf } from '../../bench/support/regret/statistic/compare.js';
import { ranksOf } from '../../bench/support/regret/statistic/ranks.js';
import { median, type Run, regretOn } from '../../bench/support/regret/statistic/regret.js';
import { holm, wilcoxon } from '../../bench/support/regret/statistic/wilcoxon.js';
import { createRng } from '../../src/search/math/rng.js';
import { parseSpace } from '../../src/search/space/parse-space.js';
import { makeGenerator } from '../search/support.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

function problemOf(name: string, rest: Partial<Problem> = {}): Problem {
  const instance = (seed: number) => ({ space, optimum: 10 * seed, evaluate: () => ({ value: 0 }) });
  return { name, family: 'synthetic', direction: 'minimize', scale: 'linear', instance, ...rest };
}

function runOf(method: string, problem: string, seed: number, best: readonly number[]): Run {
  return { method, problem, seed, best, seconds: 1 };
}

const rng = () => createRng('statistic', makeGenerator);

describe('regret on one problem', () => {
  it('is 0 at the optimum of the seed and 1 at the median of random search at its end', () => {
    const random = [4, 2, 8].map((gap, seed) => runOf('random', 'p', seed, [100, 10 * seed + gap]));
    const regret = regretOn(problemOf('p'), random)!;

    expect(regret(runOf('a', 'p', 1, [18, 10]), 2)).toBe(0);
    expect(regret(runOf('a', 'p', 1, [18, 10]), 1)).toBe(2);
    expect(regret(runOf('a', 'p', 2, [24]), 1)).toBe(1);
  });

  it('turns round where more is better', () => {
    const regret = regretOn(problemOf('p', { direction: 'maximize' }), [runOf('random', 'p', 0, [-2])])!;

    expect(regret(runOf('a', 'p', 0, [-1]), 1)).toBe(0.5);
  });

  it('compares decades where values span them: 0 is a ten-thousandth of what is left of random search', () => {
    const regret = regretOn(problemOf('p', { scale: 'logGap' }), [runOf('random', 'p', 0, [100])])!;

    const values = [1e4, 100, 1, 1e-2, 1e-12, 0].map((value) => regret(runOf('a', 'p', 0, [value]), 1));

    expect(values).toEqual([1.5, 1, 0.5, 0, 0, 0]);
  });

  it('counts nothing feasible as ten, like whatever is worse; what beats the best known as 0', () => {
    const regret = regretOn(problemOf('p'), [runOf('random', 'p', 0, [1])])!;

    const values = [Number.NaN, 1e9, -1].map((value) => regret(runOf('a', 'p', 0, [value]), 1));

    expect(values).toEqual([10, 10, 0]);
  });

  it('keeps the last best of a space that was exhausted', () => {
    const regret = regretOn(problemOf('p'), [runOf('random', 'p', 0, [4, 2])])!;

    expect(regret(runOf('a', 'p', 0, [3, 1]), 100)).toBe(0.5);
  });

  it('is not there when random search finds the optimum', () => {
    expect(
      regretOn(
        problemOf('p'),
        [0, 0, 5].map((gap) => runOf('random', 'p', 0, [gap])),
      ),
    ).toBeNull();
  });
});

describe('the bootstrap', () => {
  it('has no width without spread', () => {
    expect(bootstrap([[2, 2], [2]], rng(), 100)).toEqual({ mean: 2, low: 2, high: 2 });
  });

  it('weighs problems alike, however many seeds they have', () => {
    expect(bootstrap([[0, 0, 0, 0, 0, 0], [1]], rng(), 10).mean).toBe(0.5);
  });

  it('finds the interval of a mean of many problems', () => {
    const draws = rng().fork('values');
    const problems = Array.from({ length: 400 }, () => [draws.next()]);

    const { mean, low, high } = bootstrap(problems, rng(), 4_000);

    // Of 400 uniform numbers the mean has a standard deviation of 0.0144.
    expect(high - mean).toBeCloseTo(1.96 * 0.0144, 2);
    expect(mean - low).toBeCloseTo(1.96 * 0.0144, 2);
  });

  it('doubts the mean when problems differ more than seeds', () => {
    const wide = bootstrap([Array(50).fill(0), Array(50).fill(1)], rng(), 1_000);
    const narrow = bootstrap(Array(50).fill([0, 1]), rng(), 1_000);

    expect([wide.low, wide.high]).toEqual([0, 1]);
    expect(narrow.high - narrow.low).toBeLessThan(0.3);
  });

  it('says nothing about nothing', () => {
    expect(bootstrap([[], []], rng(), 10).mean).toBeNaN();
  });
});

describe('methods beside each other', () => {
  const problems = ['p', 'q', 'r'].map((name) => problemOf(name));
  const seeds = [0, 1, 2, 3];
  const every = (method: string, gap: (seed: number) => number) =>
    problems.flatMap(({ name }) => seeds.map((seed) => runOf(method, name, seed, [10 * seed + gap(seed)])));
  const scales = scalesOf(
    problems,
    every('random', () => 1),
  );

  it('are paired by problem and seed: a small gain everywhere is sure, however seeds differ', () => {
    const regrets = regretsAt(1, scales, [...every('a', (seed) => seed), ...every('b', (seed) => seed + 0.1)]);

    const { difference, wins, verdict } = compare(regrets, 'a', 'b');

    expect(difference.mean).toBeCloseTo(-0.1, 9);
    expect(difference.high).toBeCloseTo(-0.1, 9);
    expect(wins.mean).toBe(1);
    expect(verdict).toBe('beats');
    expect(compare(regrets, 'b', 'a').verdict).toBe('behind');
  });

  it('match when nobody is ahead, and ties are half a win', () => {
    const regrets = regretsAt(1, scales, [...every('a', () => 0.5), ...every('b', () => 0.5)]);

    const { wins, verdict } = compare(regrets, 'a', 'b');

    expect(wins.mean).toBe(0.5);
    expect(verdict).toBe('matches');
  });

  it('are open when the interval is on both sides', () => {
    const regrets = regretsAt(1, scales, [
      ...every('a', (seed) => (seed % 2 === 0 ? 0 : 1)),
      ...every('b', (seed) => (seed % 2 === 0 ? 1 : 0)),
    ]);

    expect(compare(regrets, 'a', 'b').verdict).toBe('open');
  });

  it('compare only what both were run on', () => {
    const theirs = every('b', () => 0.2).filter(({ problem, seed }) => problem === 'p' && seed < 2);
    const regrets = regretsAt(1, scales, [...every('a', () => 0.1), ...theirs]);

    const { difference, regrets: means } = compare(regrets, 'a', 'b');
    expect(difference.mean).toBeCloseTo(-0.1, 9);
    expect(means[0]).toBeCloseTo(0.1, 9);
    expect(means[1]).toBeCloseTo(0.2, 9);
    expect(meanRegret(regrets, 'b').mean).toBeCloseTo(0.2, 9);
  });

  it('have ranks that ties share', () => {
    const regrets = regretsAt(1, scales, [
      ...every('a', () => 0.1),
      ...every('b', () => 0.1),
      ...every('c', () => 0.3),
    ]);

    expect(ranksOf([5, 1, 5, 7])).toEqual([2.5, 1, 2.5, 4]);
    expect([...meanRanks(regrets, ['a', 'b', 'c'])]).toEqual([
      ['a', 1.5],
      ['b', 1.5],
      ['c', 3],
    ]);
  });

  it('leave out problems that random search solves', () => {
    const easy = problemOf('easy');
    const random = [...every('random', () => 1), runOf('random', 'easy', 0, [0])];

    const { problems: counted, saturated } = regretsAt(1, scalesOf([...problems, easy], random), []);

    expect(counted).toEqual(['p', 'q', 'r']);
    expect(saturated).toEqual(['easy']);
  });
});

describe("Wilcoxon's test", () => {
  it('counts sign patterns that lean as much', () => {
    expect(wilcoxon([1, 2, 3, 4, 5])).toBe(2 / 32);
    expect(wilcoxon([1, 2, 3, 4, -5])).toBeCloseTo(2 * (10 / 32), 12);
    // Published: n = 8, W = 3 has a two-sided p of 0.0391.
    expect(wilcoxon([-1, -2, 3, 4, 5, 6, 7, 8])).toBeCloseTo(0.0391, 4);
  });

  it('is the same for both sides, and certain of nothing about nothing', () => {
    expect(wilcoxon([-3, 1, 2.5, -7])).toBe(wilcoxon([3, -1, -2.5, 7]));
    expect(wilcoxon([])).toBe(1);
    expect(wilcoxon([0, 0])).toBe(1);
  });

  it('is corrected for the number of questions, step by step', () => {
    expect(holm([0.01, 0.5, 0.02])).toEqual([0.03, 0.5, 0.04]);
    expect(holm([0.04, 0.03])).toEqual([0.06, 0.06]);
  });
});

describe('the median', () => {
  it('takes the middle, or the mean of two, and NaN as the largest', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([1, Number.NaN, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });
});

import { describe, expect, it } from 'vitest';
import { samplers } from '../../../src/search/samplers/index.js';
import { belowCount } from '../../../src/search/samplers/tpe/split.js';
import { simulate } from '../../../src/search/simulate.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { makeGenerator } from '../support.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

function run(kind: string, options: Readonly<Record<string, unknown>>, seed: string, trials = 60) {
  const objective = ({ x }: Readonly<Record<string, unknown>>) => (Number(x) - 0.3) ** 2;
  return simulate({ space, sampler: { kind, options }, objective, trials, seed, makeGenerator }).trials;
}

describe('presets', () => {
  // The reference platform: row H11 to H19 of its options.
  it.each([
    ['tpe_search', { num_samples: 20, n_initial_points: 20, gamma: 0.25, seed: 1 }],
    ['anneal_search', { num_samples: 20, avg_best_idx: 2, shrink_coef: 0.1, seed: 1 }],
  ])('%s has the names and defaults of the reference platform', (kind, expected) => {
    const options = samplers[kind]?.options ?? [];

    expect(Object.fromEntries(options.map((option) => [option.name, option.default]))).toEqual(expected);
  });

  it.each(['tpe_search', 'anneal_search'])('%s ends after num_samples trials, also in batches', (kind) => {
    expect(run(kind, {}, 'a').length).toBe(20);
    expect(run(kind, { num_samples: 7 }, 'a').length).toBe(7);
    expect(run(kind, {}, 'a')[0]?.by).toBe(kind);
  });

  it.each(['tpe_search', 'anneal_search', 'bayes_opt_search'])(
    '%s has its own seed in place of the experiment’s',
    (kind) => {
      const points = (seed: string, options: Readonly<Record<string, unknown>> = {}) =>
        run(kind, options, seed).map((some) => some.params.x);

      expect(points('a')).toEqual(points('b'));
      expect(points('a', { seed: 2 })).not.toEqual(points('a'));
    },
  );

  it('tpe_search is tpe with as many start-up trials, and the share gamma as good ones', () => {
    const options = { num_samples: 60, n_initial_points: 8, gamma: 0.25, seed: 5 };
    const same = run('tpe', { nStartup: 8, goodShare: 0.25 }, '5');

    expect(run('tpe_search', options, 'any').map((some) => some.params)).toEqual(same.map((some) => some.params));
    expect(run('tpe', { nStartup: 8 }, '5').map((some) => some.params)).not.toEqual(same.map((some) => some.params));
    expect([1, 4, 5, 40, 200].map((n) => belowCount(0.25, n))).toEqual([1, 1, 2, 10, 50]);
  });
});

import { describe, expect, it } from 'vitest';
import { historyAt } from '../../src/search/history.js';
import { propose } from '../../src/search/propose.js';
import { simulate } from '../../src/search/simulate.js';
import { everything, makeGenerator, small } from './support.js';

const base = {
  space: everything,
  sampler: { kind: 'tpe', options: { nStartup: 5 } },
  seed: 'simulation',
  makeGenerator,
} as const;
const sum = (params: Readonly<Record<string, unknown>>) =>
  Object.values(params).reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);

describe('simulate', () => {
  it('numbers trials and positions without gaps, and never runs more than allowed', () => {
    const { trials } = simulate({ ...base, objective: sum, trials: 30, parallel: 4, finishingOrder: 'random' });
    const positions = trials.flatMap((trial) => [trial.askedAt, trial.endedAt ?? 0]).sort((a, b) => a - b);

    expect(trials.map((trial) => trial.number)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(positions).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    for (const { askedAt } of trials) {
      expect(
        trials.filter((trial) => trial.askedAt <= askedAt && (trial.endedAt ?? 0) > askedAt).length,
      ).toBeLessThanOrEqual(4);
    }
  });

  it('prunes bad curves and cuts them where they were stopped', () => {
    const objective = (_: unknown, number: number) => ({ values: [number], reports: [number, number, number] });
    const { trials } = simulate({ ...base, objective, trials: 12, pruner: { kind: 'median' } });

    expect(trials.slice(0, 5).map((trial) => trial.state)).toEqual(Array(5).fill('COMPLETED'));
    expect(trials.slice(5).map((trial) => [trial.state, trial.reports.length])).toEqual(Array(7).fill(['PRUNED', 1]));
  });

  it('records failures with their cause, and ends when the space is exhausted', () => {
    const { trials } = simulate({ ...base, space: small, objective: () => ({ cause: 'OOM' }), trials: 99 });

    expect(trials.length).toBe(12);
    expect(trials.every((trial) => trial.state === 'FAILED' && trial.cause === 'OOM')).toBe(true);
  });

  it('replays from a history that was stored, shuffled and cloned to another thread', () => {
    const history = simulate({
      ...base,
      objective: (params) => ({ values: [sum(params)], reports: [1, 2] }),
      trials: 40,
      parallel: 6,
      finishingOrder: 'random',
    });
    const elsewhere = structuredClone({
      ...history,
      space: JSON.parse(JSON.stringify(history.space)),
      trials: [...history.trials].reverse(),
    });
    for (const { askedAt, params } of history.trials) {
      const known = historyAt(elsewhere, askedAt);

      expect(propose({ sampler: base.sampler, history: known, count: 1, makeGenerator })).toMatchObject([{ params }]);
    }
  });

  it('depends on the seed', () => {
    const run = (seed: string) =>
      simulate({ ...base, seed, objective: sum, trials: 3 }).trials.map((trial) => trial.params);

    expect(run('a')).toEqual(run('a'));
    expect(run('a')).not.toEqual(run('b'));
  });
});

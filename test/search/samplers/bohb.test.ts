import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../src/search/history.js';
import { propose } from '../../../src/search/propose.js';
import { fidelityView } from '../../../src/search/samplers/bohb/fidelity-view.js';
import { simulateTime } from '../../../src/search/simulate-time.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { curve, historyOf, makeGenerator } from '../support.js';
import { line } from '../training.js';

const bowl = parseSpace(
  Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { kind: 'float', low: 0, high: 1 }])),
);
const ladder = { minSteps: 1, eta: 3, maxSteps: 27 };
const paused = { state: 'WAITING', pausedAt: Float64Array.of(1) } as const;
/** `curve` reports steps 0, 1, 2 … */
const upTo = (number: number, last: number, rest: Partial<HistoryTrial> = { state: 'PRUNED' }) =>
  curve(
    number,
    Array.from({ length: last + 1 }, (_, step) => 10 * number + step),
    { params: { x: number / 10 }, ...rest },
  );

describe('fidelity view', () => {
  const view = (trials: readonly HistoryTrial[], enough: number) => {
    const seen = fidelityView(historyOf(line, trials), ladder, enough)?.trials;
    return seen?.map((trial) => (trial.state === 'COMPLETED' ? trial.values?.[0] : trial.state)) ?? null;
  };
  const trials = [
    upTo(0, 9),
    upTo(1, 3, paused),
    upTo(2, 4, { state: 'RUNNING' }),
    upTo(3, 1),
    upTo(4, 0, { state: 'RUNNING' }),
    upTo(5, 3, { state: 'FAILED', cause: 'OOM' }),
    upTo(6, 27, { values: [99] }),
  ];

  it('takes values from the highest level that enough have reached, running and paused ones too', () => {
    expect(view(trials, 1)).toEqual(['FAILED', 'FAILED', 'RUNNING', 'FAILED', 'RUNNING', 'FAILED', 99]);
    expect(view(trials, 2)).toEqual([9, 'FAILED', 'RUNNING', 'FAILED', 'RUNNING', 'FAILED', 69]);
    expect(view(trials, 4)).toEqual([3, 13, 23, 'FAILED', 'RUNNING', 'FAILED', 63]);
    expect(view(trials, 5)).toEqual([1, 11, 21, 31, 'RUNNING', 'FAILED', 61]);
    expect(view(trials, 6)).toBeNull();
  });

  it('does not count values that are not finite', () => {
    const broken = [curve(0, [0, Number.NaN], { state: 'PRUNED' }), curve(1, [0, Infinity], { state: 'PRUNED' })];

    expect(view(broken, 1)).toBeNull();
    expect(view([...broken, upTo(2, 1)], 1)).toEqual(['FAILED', 'FAILED', 21]);
  });
});

describe('bohb', () => {
  it('learns where values are low at a rung, long before any trial has completed', () => {
    const trials = Array.from({ length: 40 }, (_, i) =>
      curve(i, [1, Math.abs(i / 40 - 0.3)], { params: { x: i / 40 }, ...paused }),
    );
    const sampler = { kind: 'bohb', options: { randomShare: 0 } };
    const proposals = propose({ sampler, history: historyOf(line, trials), count: 8, makeGenerator });
    const near = proposals.filter(({ params }) => Math.abs(Number(params.x) - 0.3) < 0.15);

    expect(near.length).toBeGreaterThanOrEqual(6);
    expect(proposals.every(({ by }) => by === 'bohb')).toBe(true);
  });

  it('draws the share at random that it is told to', () => {
    const trials = Array.from({ length: 40 }, (_, i) => curve(i, [1, i], { params: { x: i / 40 }, ...paused }));
    const sampler = { kind: 'bohb', options: { randomShare: 0.5 } };
    const proposals = propose({ sampler, history: historyOf(line, trials), count: 60, makeGenerator });
    const drawn = proposals.filter(({ explanation }) => explanation.phase === 'RANDOM').length;

    expect(drawn).toBeGreaterThan(20);
    expect(drawn).toBeLessThan(40);
  });

  it('finds better ends than random search under the same scheduler', () => {
    const best = (kind: string, seed: string) =>
      simulateTime({
        space: bowl,
        sampler: { kind },
        pruner: { kind: 'asha_promote' },
        train: (params) => ({
          epochs: 27,
          valueAt: (epoch) => Object.values(params).reduce<number>((sum, x) => sum + (Number(x) - 0.7) ** 2, 1 / epoch),
          secondsOf: () => 1,
        }),
        workers: 4,
        trials: 80,
        seed,
        makeGenerator,
      }).improvements.at(-1)?.value ?? Infinity;
    const wins = ['a', 'b', 'c', 'd', 'e'].filter((seed) => best('bohb', seed) < best('random', seed));

    expect(wins.length).toBeGreaterThanOrEqual(4);
  });
});

import { describe, expect, it } from 'vitest';
import { chanceOfGoodEnd } from '../../../src/search/pruners/forecast-end.js';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** Early values that foretell the final ones exactly, that say nothing, and that say the opposite. */
const telling = Array.from({ length: 40 }, (_, i) => ({ early: i, final: 2 * i }));
const silent = telling.map(({ early }) => ({ early, final: (early * 9) % 41 }));
const opposite = telling.map(({ early }) => ({ early, final: -early }));

describe('chance of a good end', () => {
  it('is the share itself for every rank where early values tell nothing, or the opposite', () => {
    for (const rank of [0.01, 0.5, 0.99]) {
      expect(chanceOfGoodEnd(opposite, rank, 0.05)).toBeCloseTo(0.05, 12);
      expect(Math.abs(chanceOfGoodEnd(silent, rank, 0.05) - 0.05)).toBeLessThan(0.04);
      expect(
        chanceOfGoodEnd(
          telling.map(({ early }) => ({ early, final: 1 })),
          rank,
          0.05,
        ),
      ).toBeCloseTo(0.05, 12);
    }
  });

  it('is near 1 for the best and near 0 for the others where early values tell', () => {
    expect(chanceOfGoodEnd(telling, 0.01, 0.05)).toBeGreaterThan(0.9);
    expect(chanceOfGoodEnd(telling, 0.3, 0.05)).toBeLessThan(0.001);
  });

  it('is the tail of the joint normal law: a mean of chances over all ranks is the share', () => {
    const some = telling.map(({ early, final }) => ({ early, final: final + ((early * 31) % 40) }));
    const places = Array.from({ length: 2_000 }, (_, i) => (i + 0.5) / 2_000);
    const mean = places.reduce((sum, rank) => sum + chanceOfGoodEnd(some, rank, 0.05) / places.length, 0);

    expect(mean).toBeCloseTo(0.05, 4);
  });

  it('is less sure of a perfect order among few', () => {
    expect(chanceOfGoodEnd(telling.slice(0, 4), 0.3, 0.05)).toBeGreaterThan(chanceOfGoodEnd(telling, 0.3, 0.05));
  });
});

describe('forecast pruner', () => {
  const options = { controls: 0 };
  /** Curves that fall in parallel: what is behind at step 1 stays behind. The controls are the first eight. */
  const parallel = (count: number) =>
    Array.from({ length: count }, (_, i) => curve(i, [3 + i, 2 + i, 1 + i], { values: [i] }));
  /** The order at step 1 says nothing of the end. */
  const crossing = parallel(8).map((trial) => ({ ...trial, values: [(trial.number * 5) % 8] }));

  it('stops what is behind where curves are parallel, and nothing where they cross at will', () => {
    expect(verdictOn([0, 30], 'forecast', options, parallel(40)).code).toBe('PRUNE');
    expect(verdictOn([0, 1], 'forecast', options, parallel(40)).code).toBe('CONTINUE');
    expect(verdictOn([0, 99], 'forecast', { ...options, chance: 0.01 }, crossing).code).toBe('CONTINUE');
  });

  it('waits for enough completed controls and for the warm-up, and never stops a control', () => {
    expect(verdictOn([0, 30], 'forecast', options, parallel(7)).stop).toBe(false);
    expect(verdictOn([0, 30], 'forecast', options, parallel(8)).stop).toBe(true);
    expect(verdictOn([0, 30], 'forecast', { ...options, warmupSteps: 2 }, parallel(40)).stop).toBe(false);
    expect(verdictOn([0, 30, 30], 'forecast', { ...options, warmupSteps: 2 }, parallel(40)).stop).toBe(true);
    expect(verdictOn([0, 30], 'forecast', { controls: 1 }, parallel(40)).stop).toBe(false);
  });

  it('counts trials that were pruned before the step as worse', () => {
    const gone = Array.from({ length: 60 }, (_, i) => curve(10 + i, [9], { state: 'PRUNED' }));

    expect(verdictOn([0, 6], 'forecast', options, parallel(8)).stop).toBe(true);
    expect(verdictOn([0, 4], 'forecast', options, [...parallel(8), ...gone]).stop).toBe(false);
  });

  it('judges by the value at the last decision step, not by the latest', () => {
    const long = parallel(40).map((trial) =>
      curve(trial.number, Array(12).fill(trial.number), { values: [trial.number] }),
    );

    // Decision steps 1, 2, 3, 4, 6, 9.
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 99, 99], 'forecast', options, long).stop).toBe(false);
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 99, 99, 99], 'forecast', options, long).stop).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { forecastEnd } from '../../../src/search/pruners/forecast-end.js';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** Early values that foretell the final ones exactly, and such that say nothing. */
const telling = Array.from({ length: 40 }, (_, i) => ({ early: i, final: 2 * i }));
const silent = Array.from({ length: 40 }, (_, i) => ({ early: i, final: (i * 17) % 40 }));

describe('forecast of the end', () => {
  it('is sure where early values tell, and not where they do not', () => {
    expect(forecastEnd(telling, -1, 0.05)).toBeGreaterThan(0.5);
    expect(forecastEnd(telling, 20, 0.05)).toBeLessThan(1e-6);
    for (const early of [20, 39]) {
      expect(forecastEnd(silent, early, 0.05)).toBeGreaterThan(0.005);
      expect(forecastEnd(silent, early, 0.05)).toBeLessThan(0.2);
    }
  });

  it('falls as the early value gets worse, and rises with the share that is good enough', () => {
    const chances = [0, 5, 10, 20, 30, 39].map((early) => forecastEnd(telling, early, 0.3));
    expect([...chances].sort((a, b) => b - a)).toEqual(chances);

    const shares = [0, 0.1, 0.5].map((share) => forecastEnd(silent, 20, share));
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });

  it('is even when all ended alike', () => {
    expect(
      forecastEnd(
        telling.map(({ early }) => ({ early, final: 1 })),
        39,
        0.05,
      ),
    ).toBe(0.5);
  });
});

describe('forecast pruner', () => {
  /** Curves that fall in parallel: what is behind at step 1 stays behind. */
  const parallel = (count: number) =>
    Array.from({ length: count }, (_, i) => curve(i, [3 + i, 2 + i, 1 + i], { values: [i] }));
  /** The order at step 1 says nothing of the end. */
  const crossing = Array.from({ length: 40 }, (_, i) => curve(i, [9, i], { values: [(i * 17) % 40] }));

  it('stops what is behind where curves are parallel, and nothing where they cross at will', () => {
    expect(verdictOn([0, 30], 'forecast', {}, parallel(40)).stop).toBe(true);
    expect(verdictOn([0, 2], 'forecast', {}, parallel(40)).stop).toBe(false);
    expect(verdictOn([0, 30], 'forecast', { chance: 0.005 }, crossing).stop).toBe(false);
  });

  it('waits for enough completed trials and for the warm-up', () => {
    expect(verdictOn([0, 30], 'forecast', {}, parallel(7)).stop).toBe(false);
    expect(verdictOn([0, 30], 'forecast', {}, parallel(8)).stop).toBe(true);
    expect(verdictOn([0, 30], 'forecast', { warmupSteps: 2 }, parallel(40)).stop).toBe(false);
    expect(verdictOn([0, 30, 30], 'forecast', { warmupSteps: 2 }, parallel(40)).stop).toBe(true);
  });

  it('judges by the value at the last decision step, not by the latest', () => {
    const long = parallel(40).map((trial) =>
      curve(trial.number, Array(12).fill(trial.number), { values: [trial.number] }),
    );

    // Decision steps 1, 2, 3, 4, 6, 9.
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 99, 99], 'forecast', {}, long).stop).toBe(false);
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 99, 99, 99], 'forecast', {}, long).stop).toBe(true);
  });
});

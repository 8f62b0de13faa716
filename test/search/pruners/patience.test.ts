import { describe, expect, it } from 'vitest';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

describe('patience pruner', () => {
  it('stops when the best of the last patience + 1 reports is worse than the best before them', () => {
    const stops = (...reports: number[]) => verdictOn(reports, 'patience', { patience: 2 }).stop;

    expect(stops(1, 2, 3)).toBe(false);
    expect(stops(1, 2, 3, 4)).toBe(true);
    expect(stops(1, 2, 3, 1)).toBe(false);
    expect(stops(5, 1, 2, 3, 0.5, 9)).toBe(false);
  });

  it('tolerates what is worse by no more than minDelta', () => {
    const stops = (minDelta: number) => verdictOn([1, 2, 2], 'patience', { patience: 1, minDelta }).stop;

    expect([0, 0.9, 1, 2].map(stops)).toEqual([true, true, false, false]);
  });

  it('leaves NaN out of both parts, and stops when the last is NaN', () => {
    expect(verdictOn([Number.NaN, 2, Number.NaN, 3], 'patience', { patience: 1 }).stop).toBe(true);
    expect(verdictOn([Number.NaN, Number.NaN, 2, 3], 'patience', { patience: 1 }).stop).toBe(false);
    expect(verdictOn([1, Number.NaN], 'patience').code).toBe('NAN');
  });

  it('out of patience, asks the inner pruner, which takes the other options', () => {
    const completed = [10, 20, 30].map((value, i) => curve(i, [value, value, value, value]));
    const verdict = (reports: readonly number[], startupTrials: number) =>
      verdictOn(reports, 'patience', { patience: 1, inner: 'median', startupTrials }, completed);

    expect(verdict([21, 22, 23], 3).reason).toContain('median of 20');
    expect(verdict([21, 22, 23], 4).stop).toBe(false);
    expect(verdict([5, 22, 23], 3).stop).toBe(false);
    expect(verdict([23, 22, 21], 3).stop).toBe(false);
    expect(() => verdictOn([1], 'patience', { inner: 'median', upper: 1 })).toThrow('upper: is not an option');
    expect(() => verdictOn([1], 'patience', { inner: 'nobody' })).toThrow('inner: must be one of');
  });
});

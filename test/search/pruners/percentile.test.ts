import { describe, expect, it } from 'vitest';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** Five completed trials with values 10, 20, 30, 40, 50 at every one of four steps. */
const completed = [10, 20, 30, 40, 50].map((value, i) => curve(i, [value, value, value, value]));

describe('percentile pruner', () => {
  it('lets the best so many percent go on, between two values by their share', () => {
    const stops = (value: number, percentile: number) =>
      verdictOn([value], 'percentile', { percentile }, completed).stop;

    expect([20, 20.1].map((value) => stops(value, 25))).toEqual([false, true]);
    expect([14, 14.1].map((value) => stops(value, 10))).toEqual([false, true]);
    expect([10, 10.1].map((value) => stops(value, 0))).toEqual([false, true]);
    expect([50, 50.1].map((value) => stops(value, 100))).toEqual([false, true]);
  });

  it('counts from the large end when values are maximised', () => {
    const stops = (value: number) =>
      verdictOn([value], 'percentile', { percentile: 25 }, completed, { direction: 'maximize' }).stop;

    expect([40, 39.9].map(stops)).toEqual([false, true]);
  });

  it('with mode running compares averages up to the step, once enough was reported', () => {
    const options = { mode: 'running', graceReports: 3, percentile: 50 };
    const falling = Array.from({ length: 5 }, (_, i) => curve(i, [60, 30, 0, -1000]));

    expect(verdictOn([99, 99], 'percentile', options, falling).stop).toBe(false);
    expect(verdictOn([40, 30, 20], 'percentile', options, falling).stop).toBe(false);
    expect(verdictOn([40, 30, 21], 'percentile', options, falling).stop).toBe(true);
    expect(verdictOn([0, 30, 60], 'percentile', options, falling).stop).toBe(false);
  });
});

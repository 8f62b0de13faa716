import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../src/search/history.js';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** Trials that stand at step 1 with these values; `curve` reports steps 0, 1, 2 … */
const atRung = (...values: number[]) => values.map((value, i) => curve(i, [0, value], { state: 'RUNNING' }));
const at1 = (value: number) => [0, value];

describe('asha pruner', () => {
  it('lets the best third go on, itself included, and ties', () => {
    const others = atRung(1, 2, 3, 4, 5);
    const codes = [1.5, 2, 2.1].map((value) => verdictOn(at1(value), 'asha', {}, others).code);

    expect(codes).toEqual(['CONTINUE', 'CONTINUE', 'PRUNE']);
    expect(verdictOn(at1(2.1), 'asha', {}, others)).toEqual({
      stop: true,
      code: 'PRUNE',
      reason: '2 of 6 are better than 2.1 at rung 1',
      rung: 1,
    });
  });

  it('until eta have come lets only the best so far go on, or all with firstPasses', () => {
    expect(verdictOn(at1(9), 'asha', {}, []).stop).toBe(false);
    expect(verdictOn(at1(9), 'asha', {}, atRung(8)).stop).toBe(true);
    expect(verdictOn(at1(9), 'asha', { firstPasses: true }, atRung(8)).stop).toBe(false);
    expect(verdictOn(at1(9), 'asha', { firstPasses: true }, atRung(8, 8)).stop).toBe(true);
  });

  it('compares at the highest rung reached by its first value there, though reports skip steps', () => {
    const others = [curve(0, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1], { state: 'RUNNING' })];
    const code = (steps: number[], reports: number[]) => verdictOn(reports, 'asha', {}, others, { steps });

    expect(code([2], [9])).toMatchObject({ code: 'PRUNE', rung: 1 });
    expect(code([2, 5], [9, 0])).toMatchObject({ code: 'CONTINUE', rung: 3 });
    expect(code([2, 8, 11, 12], [9, 9, 0, 9])).toMatchObject({ code: 'CONTINUE', rung: 9 });
  });

  it('does not judge again by what came after', () => {
    const later = atRung(1, 2, 3).map((trial) => ({ ...trial, reportedAt: Float64Array.of(500, 500) }));

    expect(verdictOn(at1(9), 'asha', {}, later).stop).toBe(false);
    expect(verdictOn([0, 9, 9], 'asha', {}, later).stop).toBe(false);
  });

  it('does not stop a trial that it let go on for what came at the same position', () => {
    // The judged trial reports at position 99.
    const tied = (...values: number[]) =>
      atRung(...values).map((trial) => ({ ...trial, reportedAt: Float64Array.of(99, 99) }));
    const stops = (reports: readonly number[], others: readonly HistoryTrial[], options = {}) =>
      verdictOn(reports, 'asha', options, others).stop;

    expect(stops(at1(9), tied(1, 2, 3))).toBe(true);
    expect(stops([0, 9, 9], tied(1, 2, 3))).toBe(false);
    // Crossed within a batch, or its verdict was lost: what was surely there decides.
    expect(stops([0, 9, 9], atRung(1, 2, 3))).toBe(true);
    expect(stops([0, 9, 9], [...atRung(1), ...tied(10, 10, 10, 10)])).toBe(false);
    expect(stops([0, 9, 9], [...atRung(1), ...tied(10)], { firstPasses: true })).toBe(false);
  });

  it('counts NaN and failed trials as worse, and stops for its own NaN only where it is compared', () => {
    expect(verdictOn(at1(9), 'asha', {}, atRung(Number.NaN, Number.NaN, Number.NaN)).stop).toBe(false);
    expect(verdictOn([0, 1, Number.NaN], 'asha', {}, atRung(3)).stop).toBe(false);
    expect(verdictOn(at1(Number.NaN), 'asha').code).toBe('NAN');
  });

  it('stops nobody at the end of a trial, which it learns or is told', () => {
    const whole = [curve(0, [0, 1, 1, 1], { endedAt: 7 }), curve(1, [0, 1], { endedAt: 8 })];

    expect(verdictOn([0, 0, 0, 9], 'asha', {}, whole)).toMatchObject({ stop: false, rung: 1 });
    expect(verdictOn([0, 0, 0, 9], 'asha', { maxSteps: 4 }, whole)).toMatchObject({ stop: true, rung: 3 });
    expect(verdictOn(at1(9), 'asha', { minSteps: 0 }, atRung(1)).stop).toBe(false);
    expect(verdictOn(at1(9), 'asha', { minSteps: 0, maxSteps: 150 }, atRung(1)).stop).toBe(true);
  });
});

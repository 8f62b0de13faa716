/** The court of pruners: every rule of the port, for each row of the registers. */

import { describe, expect, it } from 'vitest';
import type { History, HistoryTrial } from '../../src/search/history.js';
import type { PrunerDefinition } from '../../src/search/pruners/pruner.js';
import { curve, deepFreeze, everything, historyOf } from '../search/support.js';
import { YEAR } from './citation.js';

/** What is true of some methods only. */
export interface Nature {
  /** Its verdicts may end a job whatever the values: a pause costs no trial. */
  readonly pauses?: true;
  /** It may go on over NaN reports: they say nothing to it, or it looks at few trials. */
  readonly passesNaN?: true;
}

export function prunerCourt(definition: PrunerDefinition, { pauses, passesNaN }: Nature = {}): void {
  const judge = (history: History, number: number) => definition.create({}).judge(history, number);
  const ends = (history: History, number: number) => {
    const { stop, code } = judge(history, number);
    return stop && !(pauses && code === 'PAUSE');
  };
  /** Twenty completed curves and a running one, which may be anything. */
  const beside = (reports: readonly number[], sign = 1) => {
    const completed = Array.from({ length: 20 }, (_, i) =>
      curve(
        i,
        [3, 2, 1].map((value) => sign * (value + i / 10)),
        { values: [sign * (1 + i / 10)], endedAt: 100 + i },
      ),
    );
    const running = curve(
      20,
      reports.map((value) => sign * value),
      // After the others have ended, so that a method may learn from them.
      { state: 'RUNNING', reportedAt: Float64Array.from(reports, () => 200) },
    );
    return historyOf(everything, [...completed, running], { directions: [sign === 1 ? 'minimize' : 'maximize'] });
  };
  const curves = [
    [],
    [9],
    [0],
    [9, 9, 9],
    [0, 9, 9],
    [Number.NaN],
    [1, Number.NaN],
    [Number.NaN, Number.NaN, 9],
    [Infinity, -Infinity],
    [-Infinity, Infinity, 1],
    [1e300, 1e-300],
    [9, 8, 7, 6, 5, 4],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ];

  describe(`pruner ${definition.kind}`, () => {
    it('gives the same verdict for the same history, in any storage order, and mutates nothing', () => {
      for (const reports of curves) {
        const history = beside(reports);
        const before = structuredClone(history);
        deepFreeze(history);

        const verdict = judge(history, 20);

        expect(judge(structuredClone(history), 20)).toEqual(verdict);
        expect(judge({ ...history, trials: [...history.trials].reverse() }, 20)).toEqual(verdict);
        expect(history).toEqual(before);
      }
    });

    it('judges maximised values as it judges minimised opposites', () => {
      for (const reports of curves) expect(judge(beside(reports, -1), 20).code).toBe(judge(beside(reports), 20).code);
    });

    it('lets the best trial there is go on', () => {
      for (const reports of [[0], [0, 0], [-1, -2, -3]]) expect(ends(beside(reports), 20)).toBe(false);
    });

    it('lets a trial go on that has reported nothing, is unknown, or has nothing to be compared with', () => {
      expect(judge(beside([]), 20).stop).toBe(false);
      expect(judge(beside([9]), 77).stop).toBe(false);
      expect(judge(historyOf(everything, []), 0).stop).toBe(false);
      expect(ends(historyOf(everything, [curve(0, [5, 5], { state: 'RUNNING' })]), 0)).toBe(false);
    });

    it('stays sane when all others are NaN, failed, or without reports', () => {
      const others = (rest: Partial<HistoryTrial>, values: readonly number[]) =>
        Array.from({ length: 9 }, (_, i) => curve(i, values, rest));
      const nan = [Number.NaN, Number.NaN, Number.NaN];
      for (const trials of [
        others({ values: [Number.NaN] }, nan),
        others({ state: 'PRUNED' }, nan),
        others({ state: 'FAILED', cause: 'OOM' }, [1]),
        others({ state: 'RUNNING' }, []),
        others({}, []),
      ]) {
        expect(ends(historyOf(everything, [...trials, curve(9, [5, 5, 5], { state: 'RUNNING' })]), 9)).toBe(false);
      }
    });

    it('ends a trial for NaN with the code NAN, or not at all', () => {
      const { code } = judge(beside([Number.NaN, Number.NaN, Number.NaN]), 20);

      expect(passesNaN ? ['NAN', 'CONTINUE'] : ['NAN']).toContain(code);
    });

    it('judges among a thousand running trials without letting all of them end', () => {
      const running = Array.from({ length: 1_000 }, (_, i) => curve(i, [i, i], { state: 'RUNNING' }));
      const history = historyOf(everything, running);

      expect(ends(history, 0)).toBe(false);
      expect(judge(history, 999).reason.length).toBeGreaterThan(10);
    });

    it('says why, whatever it decides', () => {
      for (const reports of curves) {
        const { stop, code, reason } = judge(beside(reports), 20);

        expect(reason.length).toBeGreaterThan(10);
        expect(code === 'CONTINUE').toBe(!stop);
      }
    });

    it('documents every option, and refuses others', () => {
      expect(definition.summary).not.toBe('');
      expect(definition.source).toMatch(YEAR);
      expect(new Set(definition.options.map((option) => option.name)).size).toBe(definition.options.length);
      for (const option of definition.options) expect(option.doc.length, option.name).toBeGreaterThan(10);
      expect(() => definition.create({ noSuchOption: 1 })).toThrow('noSuchOption');
    });
  });
}

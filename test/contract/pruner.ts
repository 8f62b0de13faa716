/** The court of pruners: every rule of the port, for each row of the register. */

import { describe, expect, it } from 'vitest';
import type { History, HistoryTrial } from '../../src/search/history.js';
import type { PrunerDefinition } from '../../src/search/pruners/pruner.js';
import { curve, deepFreeze, everything, historyOf } from '../search/support.js';

export function prunerCourt(definition: PrunerDefinition): void {
  const judge = (history: History, number: number) => definition.create({}).judge(history, number);
  /** Twenty completed curves and a running one, which may be anything. */
  const beside = (reports: readonly number[], sign = 1) => {
    const completed = Array.from({ length: 20 }, (_, i) =>
      curve(
        i,
        [3, 2, 1].map((value) => sign * (value + i / 10)),
        { values: [sign * (1 + i / 10)] },
      ),
    );
    const running = curve(
      20,
      reports.map((value) => sign * value),
      { state: 'RUNNING' },
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
    [Infinity, -Infinity],
    [1e300, 1e-300],
  ];

  describe(`pruner ${definition.kind}`, () => {
    it('gives the same verdict for the same history, in any storage order, and mutates nothing', () => {
      for (const reports of curves) {
        const history = beside(reports);
        const before = structuredClone(history);
        deepFreeze(history);

        const verdict = judge(history, 20);

        expect(judge({ ...history, trials: [...history.trials].reverse() }, 20)).toEqual(verdict);
        expect(history).toEqual(before);
      }
    });

    it('judges maximised values as it judges minimised opposites', () => {
      for (const reports of curves) expect(judge(beside(reports, -1), 20).stop).toBe(judge(beside(reports), 20).stop);
    });

    it('lets the best trial there is go on', () => {
      for (const reports of [[0], [0, 0], [-1, -2, -3]]) expect(judge(beside(reports), 20).stop).toBe(false);
    });

    it('lets a trial go on that has reported nothing, is unknown, or has nothing to be compared with', () => {
      expect(judge(beside([]), 20).stop).toBe(false);
      expect(judge(beside([9]), 77).stop).toBe(false);
      expect(judge(historyOf(everything, [curve(0, [5, 5], { state: 'RUNNING' })]), 0).stop).toBe(false);
    });

    it('stays sane when all others are NaN, failed, or without reports', () => {
      const others = (rest: Partial<HistoryTrial>, values: readonly number[]) =>
        Array.from({ length: 9 }, (_, i) => curve(i, values, rest));
      for (const trials of [others({}, [Number.NaN]), others({ state: 'FAILED', cause: 'OOM' }, [1]), others({}, [])]) {
        expect(judge(historyOf(everything, [...trials, curve(9, [5], { state: 'RUNNING' })]), 9).stop).toBe(false);
      }
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
      for (const option of definition.options) expect(option.doc.length, option.name).toBeGreaterThan(10);
      expect(() => definition.create({ noSuchOption: 1 })).toThrow('noSuchOption');
    });
  });
}

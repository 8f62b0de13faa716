/** The court of schedulers: what is more than a pruner's, for each row of the register. */

import { describe, expect, it } from 'vitest';
import { type History, type HistoryTrial, historyAt, isPaused } from '../../src/search/history.js';
import { createRng } from '../../src/search/math/rng.js';
import type { SchedulerDefinition, Start } from '../../src/search/pruners/schedulers/scheduler.js';
import { simulateTime } from '../../src/search/simulate-time.js';
import { validateParams } from '../../src/search/space/validate-params.js';
import { curve, deepFreeze, everything, historyOf, makeGenerator } from '../search/support.js';
import { falling, line } from '../search/training.js';

export function schedulerCourt(definition: SchedulerDefinition): void {
  const resume = (history: History, free: number) =>
    definition.create({}).resume(history, free, createRng(history.seed, makeGenerator));
  const experiment = (sign = 1) =>
    simulateTime({
      space: line,
      direction: sign === 1 ? 'minimize' : 'maximize',
      sampler: { kind: 'random' },
      pruner: { kind: definition.kind },
      train: falling(27, sign),
      workers: 4,
      trials: 60,
      seed: 'court',
      makeGenerator,
    });
  /** As it was at every tenth position: some trials run, some are paused. */
  const moments = (history: History) => {
    const end = Math.max(...history.trials.map((trial) => trial.endedAt ?? trial.askedAt));
    return Array.from({ length: Math.floor(end / 10) }, (_, i) => historyAt(history, 10 * (i + 1)));
  };
  const done = (history: History, start: Start): History => {
    const at = Float64Array.of(1e9);
    if (!('trial' in start)) {
      const child = curve(history.trials.length, [], { params: start.params, parent: start.parent, state: 'RUNNING' });
      return { ...history, trials: [...history.trials, child] };
    }
    const trials = history.trials.map(
      (trial): HistoryTrial =>
        trial.number === start.trial ? { ...trial, state: 'RUNNING', resumedAt: append(trial.resumedAt, at) } : trial,
    );
    return { ...history, trials };
  };

  describe(`scheduler ${definition.kind}`, () => {
    it('names the same starts for the same history, in any storage order, and mutates nothing', () => {
      let named = 0;
      for (const history of moments(experiment().history)) {
        const before = structuredClone(history);
        deepFreeze(history);

        const starts = resume(history, 3);

        expect(resume({ ...history, trials: [...history.trials].reverse() }, 3)).toEqual(starts);
        expect(resume(structuredClone(history), 3)).toEqual(starts);
        expect(history).toEqual(before);
        named += starts.length;
      }
      expect(named).toBeGreaterThan(0);
    });

    it('fills at most the free slots, as if asked for one at a time', () => {
      for (const history of moments(experiment().history)) {
        expect(resume(history, 0)).toEqual([]);
        let known = history;
        const one = Array.from({ length: 3 }, () => {
          const [start] = resume(known, 1);
          if (start !== undefined) known = done(known, start);
          return start;
        });
        expect(resume(history, 3)).toEqual(one.filter((start) => start !== undefined));
      }
    });

    it('resumes only what is paused, and has offspring with legal params of trials that exist', () => {
      for (const history of moments(experiment().history)) {
        for (const start of resume(history, 3)) {
          expect(start.reason.length).toBeGreaterThan(10);
          if ('trial' in start) expect(isPaused(history.trials[start.trial]!)).toBe(true);
          else {
            expect(validateParams(history.space, start.params)).toEqual([]);
            expect(history.trials[start.parent]).toBeDefined();
          }
        }
      }
    });

    it('runs an experiment of maximised values as one of minimised opposites', () => {
      const shape = (history: History) => history.trials.map(({ params, state, steps }) => ({ params, state, steps }));

      expect(shape(experiment(-1).history)).toEqual(shape(experiment().history));
    });

    it('starts nothing when there is nothing to go on with', () => {
      const others: readonly (readonly HistoryTrial[])[] = [
        [],
        [curve(0, [1, 2], { state: 'RUNNING' })],
        [curve(0, [1, 2], { state: 'FAILED', cause: 'OOM' })],
        [curve(0, [Number.NaN, Number.NaN])],
        Array.from({ length: 1_000 }, (_, i) => curve(i, [i, i], { state: 'RUNNING' })),
      ];
      for (const trials of others) expect(resume(historyOf(everything, trials), 4)).toEqual([]);
    });
  });
}

function append(column: Float64Array | undefined, more: Float64Array): Float64Array {
  return Float64Array.of(...(column ?? []), ...more);
}

/** Promotion at rungs: every trial pauses at each, and the best share of a rung goes on whenever a slot is free. */

import { type History, type HistoryTrial, isPaused, nextNumber } from '../../history.js';
import { highestRung, type Ladder, lastStep } from '../ladder.js';
import { brief, goOn, halt, isNaNAt, type Judged, signOf, type Verdict } from '../pruner.js';
import { type RungResult, resultAt, resultsAt } from '../rungs.js';
import type { Resumption } from './scheduler.js';

/**
 * Pauses a trial at the highest rung it has reached, once: when it was resumed since, it goes on to the next. One that is at its
 * end completes, whatever it passed on the way.
 */
export function pauseAtRung(ladder: Ladder, history: History, { trial, step }: Judged): Verdict {
  const sign = signOf(history);
  if (step >= ladder.end) return goOn(`step ${step} is its last`);
  const rung = highestRung(ladder, lastStep(trial));
  const own = rung === null ? null : resultAt(trial, rung, sign);
  if (rung === null || own === null) return goOn(`step ${step} is below the first rung`);
  if (Number.isNaN(own.report)) return isNaNAt(rung, rung);
  if ((trial.resumedAt?.at(-1) ?? -Infinity) > own.at) return goOn(`was promoted from rung ${brief(rung)}`, rung);
  return halt('PAUSE', `waits at rung ${brief(rung)} with ${brief(own.report)} to be among the best`, rung);
}

/**
 * From the highest rung down, best first: the paused ones of a bracket's trials that are among the best floor(m/eta) of the m
 * results at their rung. O(n) a rung in the trials.
 */
export function promotable(ladder: Ladder, trials: readonly HistoryTrial[], sign: number): readonly Resumption[] {
  const rungs = new Set<number>();
  const waiting = new Map<HistoryTrial, number>();
  for (const trial of trials) {
    const rung = highestRung(ladder, lastStep(trial));
    if (rung !== null) rungs.add(rung);
    if (rung !== null && isPaused(trial)) waiting.set(trial, rung);
  }

  const descending = [...rungs].sort((a, b) => b - a);
  return descending.flatMap((rung) => {
    const results = resultsAt(trials, rung, sign);
    const places = Math.floor(results.length / ladder.eta);
    // The last value that may go on; numbers sort much faster than results do, and few of them wait.
    const limit = Float64Array.from(results, ({ value }) => value).sort()[places - 1];
    const candidates = results.filter(
      ({ trial, value }) => value <= (limit ?? -Infinity) && waiting.get(trial) === rung,
    );
    return candidates
      .sort(byValue)
      .map((result) => ({ result, place: 1 + results.filter((other) => byValue(other, result) < 0).length }))
      .filter(({ place }) => place <= places)
      .map(({ result, place }) => resumption(result, rung, `${place} of ${results.length}`));
  });
}

/**
 * For small experiments, which would end without an answer: when all trials that the budget allows were asked for, none runs
 * and none has completed, the best of those paused at the highest rung; at most one.
 */
export function lastResort(ladderOf: (trial: HistoryTrial) => Ladder, history: History): readonly Resumption[] {
  if (!isStuck(history)) return [];
  const paused = history.trials.filter(isPaused).flatMap((trial) => {
    const rung = highestRung(ladderOf(trial), lastStep(trial));
    const result = rung === null ? null : resultAt(trial, rung, signOf(history));
    return rung === null || result === null ? [] : [{ rung, result }];
  });
  paused.sort((a, b) => b.rung - a.rung || byValue(a.result, b.result));
  return paused.slice(0, 1).map(({ rung, result }) => resumption(result, rung, 'the best there is'));
}

/** Best first, ties by trial number; NaN results and trials that failed later count where their value puts them. */
function byValue(a: RungResult, b: RungResult): number {
  if (a.value === b.value) return a.trial.number - b.trial.number;
  return a.value < b.value ? -1 : 1;
}

function resumption({ trial, report }: RungResult, rung: number, place: string): Resumption {
  return { trial: trial.number, reason: `promoted from rung ${brief(rung)} with ${brief(report)}: ${place}` };
}

/** Whether nothing more would come of itself. What another experiment completed, which has negative numbers, is no answer. */
function isStuck(history: History): boolean {
  if (history.budget === undefined || nextNumber(history) < history.budget) return false;
  const own = history.trials.filter(({ number }) => number >= 0);
  return own.every((trial) => trial.state !== 'COMPLETED' && trial.state !== 'RUNNING' && !isQueued(trial));
}

function isQueued(trial: HistoryTrial): boolean {
  return trial.state === 'WAITING' && !isPaused(trial);
}

/** Ladders of steps at which trials are compared. */

import type { History, HistoryTrial } from '../history.js';
import type { Option } from '../options.js';

/** Rungs at first, first eta, first eta^2 … below `end`. */
export interface Ladder {
  /** > 0. */
  readonly first: number;
  /** > 1. */
  readonly eta: number;
  /** No rung from here on: who gets there completes. Infinity when nobody knows. */
  readonly end: number;
}

/** The options of methods with rungs. */
export const ladderOptions = [
  {
    name: 'minSteps',
    type: 'int',
    default: 1,
    min: 0,
    doc: 'Step of the first rung; 0 takes a hundredth of the steps of the first completed trial.',
  },
  {
    name: 'eta',
    type: 'float',
    default: 3,
    min: 1.5,
    max: 100,
    doc: 'One in so many goes on at each rung; larger prunes more.',
  },
  {
    name: 'maxSteps',
    type: 'int',
    default: 0,
    min: 0,
    doc: 'Steps of a whole trial, which nobody is stopped at; 0 learns them from the first trial that completes.',
  },
] as const satisfies readonly Option[];

export interface LadderOptions {
  readonly minSteps: number;
  readonly eta: number;
  readonly maxSteps: number;
}

/** The rungs that the options say for this history; null while the length of a trial is needed and not known. */
export function ladderOf({ minSteps, eta, maxSteps }: LadderOptions, history: History): Ladder | null {
  const end = maxSteps > 0 ? maxSteps : wholeSteps(history);
  if (minSteps > 0) return { first: minSteps, eta, end };
  return end === Infinity ? null : { first: Math.max(1, Math.floor(end / 100)), eta, end };
}

/** Step of the highest rung that a trial at this step has reached; null below the first. */
export function highestRung({ first, eta, end }: Ladder, step: number): number | null {
  // A rung within rounding of the end would stop trials that have finished.
  const limit = end * (1 - 1e-9);
  if (!(step >= first) || first >= limit) return null;
  let rung = first;
  while (rung * eta <= step && rung * eta < limit) rung *= eta;
  return rung;
}

/** The greatest step that a trial has reported; -Infinity when none. */
export function lastStep(trial: HistoryTrial): number {
  return trial.steps.reduce((last, step) => Math.max(last, step), -Infinity);
}

/**
 * How many steps a whole trial takes: the last step of the first trial that completed, so that it never changes once known.
 * Infinity before; and where a position is given, of what had ended by then.
 */
export function wholeSteps(history: History, position = Infinity): number {
  let first: HistoryTrial | null = null;
  for (const trial of history.trials) {
    if (trial.state !== 'COMPLETED' || trial.steps.length === 0 || !endedBy(trial, position)) continue;
    if (first === null || isEarlier(trial, first)) first = trial;
  }
  return first === null ? Infinity : lastStep(first);
}

/** Whether the end of an ended trial had come by a position. Ends of imported trials may have none: they were always known. */
export function endedBy({ endedAt = -Infinity }: HistoryTrial, position: number): boolean {
  return endedAt <= position;
}

/** Ends of imported trials may have no position: then the number decides. */
function isEarlier(a: HistoryTrial, b: HistoryTrial): boolean {
  const [first, second] = [a.endedAt ?? Infinity, b.endedAt ?? Infinity];
  return first === second ? a.number < b.number : first < second;
}

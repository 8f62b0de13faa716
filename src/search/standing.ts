/** What a trial means to the models: the table of states and causes, in one place. */

import { type HistoryTrial, isPaused } from './history.js';

/**
 * `PENDING`: point known, value not. `OBSERVED`: all values finite. `PARTIAL`: ended early or paused, last report known.
 * `FAILED`: teaches where not to go. `IGNORED`: as if never asked.
 */
export type Standing = 'PENDING' | 'OBSERVED' | 'PARTIAL' | 'FAILED' | 'IGNORED';

/** The standing of a trial in an experiment with so many objectives. */
export function standingOf(trial: HistoryTrial, objectives: number): Standing {
  switch (trial.state) {
    case 'WAITING':
      return isPaused(trial) ? 'PARTIAL' : 'PENDING';
    case 'RUNNING':
      return 'PENDING';
    case 'COMPLETED':
      return trial.values?.length === objectives && trial.values.every(Number.isFinite) ? 'OBSERVED' : 'FAILED';
    case 'PRUNED':
      return 'PARTIAL';
    case 'STOPPED':
      return trial.reports.length > 0 ? 'PARTIAL' : 'IGNORED';
    case 'FAILED':
      return isOthersFault(trial) ? 'IGNORED' : 'FAILED';
  }
}

/** Whether the trial's point is spent: finished, pending or failed by its own fault. Otherwise it may be proposed again. */
export function isTaken(trial: HistoryTrial): boolean {
  return !(trial.state === 'FAILED' && isOthersFault(trial));
}

/** Sum of the constraints' excesses: 0 when feasible or unconstrained; NaN counts as Infinity. */
export function violation(trial: Pick<HistoryTrial, 'constraints'>): number {
  let sum = 0;
  for (const excess of trial.constraints ?? []) sum += Number.isNaN(excess) ? Infinity : Math.max(0, excess);
  return sum;
}

function isOthersFault(trial: HistoryTrial): boolean {
  return trial.cause === 'INFRASTRUCTURE' || trial.cause === 'PREEMPTED';
}

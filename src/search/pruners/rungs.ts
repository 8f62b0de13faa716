/** What stands at the rungs of a ladder, read off the reports. */

import type { HistoryTrial } from '../history.js';

/** The result of a trial at a rung: its first report at or past it. */
export interface RungResult {
  readonly trial: HistoryTrial;
  /** Of the report: the rung's or a later one, any number of rungs later where reports are sparse. */
  readonly step: number;
  /** As reported; may be NaN. */
  readonly report: number;
  /** Times the sign of the direction: smaller is better; never NaN, which stands as Infinity. */
  readonly value: number;
  /** Position of the report. */
  readonly at: number;
  /** Whether the trial has reported nothing since. */
  readonly isNewest: boolean;
}

/** The trial's result at a rung, null when it has not reached it. O(n) in its reports up to there. */
export function resultAt(trial: HistoryTrial, rung: number, sign: number): RungResult | null {
  const { steps, reports, reportedAt } = trial;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? 0;
    if (step < rung) continue;
    const report = reports[i] ?? Number.NaN;
    const value = Number.isNaN(report) ? Infinity : sign * report;
    return { trial, step, report, value, at: reportedAt[i] ?? Infinity, isNewest: i === steps.length - 1 };
  }
  return null;
}

/** All results at a rung, in the order of the trials. */
export function resultsAt(trials: readonly HistoryTrial[], rung: number, sign: number): readonly RungResult[] {
  return trials.map((trial) => resultAt(trial, rung, sign)).filter((result) => result !== null);
}

/**
 * How another result counts in the comparison of a trial that came with `own`: 'earlier'; 'tied', when it may have come before
 * or after, reports between two proposals being stamped alike; or null, not at all.
 *
 * A verdict is asked for when a report has come, so while `own` is the trial's newest report all that is known counts as
 * earlier. Once there is a newer one the trial may have been let go on, and is stopped only if no order of arrival would have
 * let it: ties that are better are left out. So a rung crossed within a batch, and one whose verdict was lost, is still judged.
 */
export function precedence(own: RungResult, other: RungResult): 'earlier' | 'tied' | null {
  if (other.trial === own.trial || other.at < own.at) return 'earlier';
  if (other.at > own.at) return null;
  if (own.isNewest) return 'earlier';
  return other.value < own.value ? null : 'tied';
}

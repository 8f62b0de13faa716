/** What stands at the rungs of a ladder, read off the reports. */

import type { HistoryTrial } from '../history.js';

/** The result of a trial at a rung: its first report at or past it. */
export interface RungResult {
  readonly trial: HistoryTrial;
  /** As reported; may be NaN. */
  readonly report: number;
  /** Times the sign of the direction: smaller is better; never NaN, which stands as Infinity. */
  readonly value: number;
  /** Position of the report. */
  readonly at: number;
}

/** The trial's result at a rung, null when it has not reached it. O(n) in its reports up to there. */
export function resultAt(trial: HistoryTrial, rung: number, sign: number): RungResult | null {
  const { steps, reports, reportedAt } = trial;
  for (let i = 0; i < steps.length; i++) {
    if ((steps[i] ?? 0) < rung) continue;
    const report = reports[i] ?? Number.NaN;
    const value = Number.isNaN(report) ? Infinity : sign * report;
    return { trial, report, value, at: reportedAt[i] ?? Infinity };
  }
  return null;
}

/** All results at a rung, in the order of the trials. */
export function resultsAt(trials: readonly HistoryTrial[], rung: number, sign: number): readonly RungResult[] {
  return trials.map((trial) => resultAt(trial, rung, sign)).filter((result) => result !== null);
}

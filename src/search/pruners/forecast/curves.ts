/** What was known of other trials' curves before a position in the experiment: their values at the steps that count, and their ends. */

import type { History, HistoryTrial } from '../../history.js';
import { violation } from '../../standing.js';
import { endedBy } from '../ladder.js';
import { signOf } from '../pruner.js';
import { resultAt } from '../rungs.js';

/**
 * Values at each of the steps, by the first report at or past it, and at last the final one. Smaller is better; Infinity where
 * it was NaN, or the end not finite; NaN where nothing is known yet.
 */
export type Curve = Float64Array; // [steps + 1]

/** What was known before a position. */
export interface Known {
  /** Of the trials with the highest numbers, by number descending: the newest are most like what comes. */
  readonly curves: readonly Curve[];
  /** How many trials had reached a step or an end: those that are not looked at too. */
  readonly count: number;
  /** Where all trials ended that were completed: smaller is better. Finite ones only, and none that broke a constraint. */
  readonly ends: readonly number[];
}

/** More curves are not looked at. */
const MOST_CURVES = 250;

/**
 * What was known of all trials `except` one. Reports stamped at the position itself may have come later and are left out, so that
 * an answer stays what it was; ends stamped there had come. O(n) in the trials and the reports of those that are looked at.
 */
export function knownBefore(position: number, except: HistoryTrial, steps: readonly number[], history: History): Known {
  const sign = signOf(history);
  const curves: Curve[] = [];
  const ends: number[] = [];
  let count = 0;
  for (const trial of [...history.trials].sort((a, b) => b.number - a.number)) {
    if (trial === except) continue;
    const final = finalOf(trial, position, sign);
    const first = resultAt(trial, steps[0] ?? Infinity, sign);
    if (final === null && !(first !== null && first.at < position)) continue;
    count += 1;
    if (final !== null && Number.isFinite(final) && violation(trial) === 0) ends.push(final);
    if (curves.length < MOST_CURVES) curves.push(curveOf(trial, position, steps, sign, final));
  }
  return { curves, count, ends };
}

function curveOf(
  trial: HistoryTrial,
  position: number,
  steps: readonly number[],
  sign: number,
  final: number | null,
): Curve {
  const curve = new Float64Array(steps.length + 1).fill(Number.NaN);
  let reached = 0;
  for (let i = 0; i < trial.steps.length && reached < steps.length; i++) {
    if (!((trial.reportedAt[i] ?? Infinity) < position)) break;
    for (; reached < steps.length && (trial.steps[i] ?? 0) >= (steps[reached] as number); reached++) {
      curve[reached] = minimised(trial.reports[i] ?? Number.NaN, sign);
    }
  }
  if (final !== null) curve[steps.length] = final;
  return curve;
}

/** The end of a trial that had been completed, Infinity when it is not finite; null of others. */
function finalOf(trial: HistoryTrial, position: number, sign: number): number | null {
  if (trial.state !== 'COMPLETED' || !endedBy(trial, position)) return null;
  const final = trial.values?.[0] ?? Number.NaN;
  return Number.isFinite(final) ? sign * final : Infinity;
}

function minimised(report: number, sign: number): number {
  return Number.isNaN(report) ? Infinity : sign * report;
}

/** What was known of other trials' curves before a position in the experiment: their values at the steps that count, and their ends. */

import type { History, HistoryTrial } from '../../history.js';
import { signOf } from '../pruner.js';

/**
 * Values at each of the steps, by the first report at or past it, and at last the final one. Smaller is better; Infinity where
 * it was NaN, or the end not finite; NaN where nothing is known yet.
 */
export type Curve = Float64Array; // [steps + 1]

/** More are not looked at: the newest are most like what comes. */
const MOST_CURVES = 250;

/**
 * The curves of the trials with the highest numbers, without `except`, by number descending. Reports stamped at the position
 * itself may have come later and are left out, so that an answer stays what it was; ends stamped there had come. O(n) in the
 * trials and the reports of those that are looked at.
 */
export function curvesBefore(
  position: number,
  except: HistoryTrial,
  steps: readonly number[],
  history: History,
): readonly Curve[] {
  const sign = signOf(history);
  const others: Curve[] = [];
  for (const trial of [...history.trials].sort((a, b) => b.number - a.number)) {
    if (others.length === MOST_CURVES) break;
    const curve = trial === except ? null : curveOf(trial, position, steps, sign);
    if (curve !== null) others.push(curve);
  }
  return others;
}

/** Null when nothing is known of it. */
function curveOf(trial: HistoryTrial, position: number, steps: readonly number[], sign: number): Curve | null {
  const curve = new Float64Array(steps.length + 1).fill(Number.NaN);
  let reached = 0;
  for (let i = 0; i < trial.steps.length && reached < steps.length; i++) {
    if (!((trial.reportedAt[i] ?? Infinity) < position)) break;
    for (; reached < steps.length && (trial.steps[i] ?? 0) >= (steps[reached] as number); reached++) {
      curve[reached] = minimised(trial.reports[i] ?? Number.NaN, sign);
    }
  }
  // Ends of imported trials may have no position: they were always known.
  const isEnded = trial.state === 'COMPLETED' && (trial.endedAt ?? -Infinity) <= position;
  const final = trial.values?.[0] ?? Number.NaN;
  if (isEnded) curve[steps.length] = Number.isFinite(final) ? sign * final : Infinity;
  return reached > 0 || isEnded ? curve : null;
}

function minimised(report: number, sign: number): number {
  return Number.isNaN(report) ? Infinity : sign * report;
}

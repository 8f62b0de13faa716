/** How the values of experiments are distributed: which share of the trials was at least as good as a value. */

import type { History } from '../history.js';
import { standingOf } from '../standing.js';

export interface Distribution {
  /** Of the completed trials, ascending, as reported; each once. [n] */
  readonly values: Float64Array;
  /** Share of the completed trials at or below the value (minimised), at or above it (maximised). [n] */
  readonly shares: Float64Array;
}

/** The empirical distribution function of one objective, by its index. O(n log n). */
export function distribution(history: History, objective = 0): Distribution {
  const observed = history.trials.filter((trial) => standingOf(trial, history.directions.length) === 'OBSERVED');
  const sorted = Float64Array.from(observed, (trial) => trial.values?.[objective] ?? Number.NaN).sort();
  const isLast = (value: number, i: number) => value !== sorted[i + 1];
  const counts = Float64Array.from(sorted.keys(), (i) => i + 1).filter((_, i) => isLast(sorted[i] as number, i));
  const values = sorted.filter(isLast);
  if (history.directions[objective] !== 'maximize')
    return { values, shares: counts.map((count) => count / sorted.length) };
  return { values, shares: counts.map((_, i) => 1 - (counts[i - 1] ?? 0) / sorted.length) };
}

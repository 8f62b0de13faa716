/** What training cost, against what it brought: the best value by the time spent. */

import type { History } from '../history.js';
import { bestSoFar } from './best-so-far.js';

/** After each end of a trial, as columns. */
export interface CostAndGain {
  /** Number of the trial that ended, in the order of ends. [n] */
  readonly numbers: Int32Array;
  /**
   * Training seconds of all trials that had ended, from the first start of each to its end; those unknown, and of
   * other experiments, count as 0. [n]
   */
  readonly seconds: Float64Array;
  /** Best value of one objective by then; NaN before the first that counts. [n] */
  readonly values: Float64Array;
}

/** `objective`: its index. O(n log n). */
export function costAndGain(history: History, objective = 0): CostAndGain {
  const { numbers, values } = bestSoFar(history, objective);
  const secondsOf = new Map(history.trials.map(({ number, seconds }) => [number, seconds ?? 0]));
  let spent = 0;
  const seconds = Float64Array.from(numbers, (number) => {
    // What it began with was paid for elsewhere.
    if (number >= 0) spent += secondsOf.get(number) ?? 0;
    return spent;
  });
  return { numbers, seconds, values };
}

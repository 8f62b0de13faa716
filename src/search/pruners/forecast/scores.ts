/** Values of all steps on one scale, which no monotone change of the objective alters. */

import { inverseLowerMass, lowerMass } from '../../math/normal.js';

export interface Scores {
  /** The normal score of a value among those known, ties at their middle; finite for every value, infinities too. */
  readonly of: (value: number) => number;
  /** The known value that stands at a score. */
  readonly valueAt: (score: number) => number;
}

/** Of at least one value without NaN; not kept. O(n log n) to make, O(log n) to ask. */
export function scoresAmong(values: Float64Array): Scores {
  const sorted = values.slice().sort();
  const count = sorted.length;
  return {
    of: (value) => {
      const middle = (placeOf(sorted, value, false) + placeOf(sorted, value, true)) / 2;
      return inverseLowerMass((middle + 0.5) / (count + 1));
    },
    valueAt: (score) => sorted[Math.min(count - 1, Math.floor(lowerMass(score) * count))] ?? Number.NaN,
  };
}

/** How many of the sorted are below the value, or at most as large. */
function placeOf(sorted: Float64Array, value: number, withEqual: boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle] as number; // Below the length.
    if (other < value || (withEqual && other === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}

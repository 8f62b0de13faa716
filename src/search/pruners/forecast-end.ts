/** From the value at a step to the chance of a good end, by rank: no curve is assumed, only that better now is not worse later. */

import { isotonicFit } from '../math/isotonic.js';
import { inverseLowerMass, lowerMass } from '../math/normal.js';

/** A completed trial: its value at the step, which may be infinite, and its final one, finite. Smaller is better. */
export interface Known {
  readonly early: number;
  readonly final: number;
}

/** Residuals nearest in rank that say how sure a forecast is: at least so many, and a third of all. */
const LEAST_NEIGHBOURS = 8;
/** Ranks among few are never surer than this, in normal scores. */
const LEAST_DEVIATION = 0.1;

/**
 * The chance that a trial with value `early` at the step ends at least as well as the best `topShare` of the known ones
 * (rounded, at least the best). Final values become normal scores by rank; an isotonic fit on the rank of the early ones
 * forecasts the score, and the residuals near it its deviation. In [0, 1]; O(n log n). `known` is not empty.
 */
export function forecastEnd(known: readonly Known[], early: number, topShare: number): number {
  const n = known.length;
  const finals = Float64Array.from(known, ({ final }) => final).sort(); // [n]
  const byEarly = [...known].sort((a, b) => order(a.early, b.early) || order(a.final, b.final)); // [n]
  const scores = Float64Array.from(byEarly, ({ final }) => scoreOf(finals, final)); // [n]
  const fitted = isotonicFit(scores); // [n]

  const place = placeOf(byEarly, early);
  const mean = ((fitted[Math.floor(place)] ?? 0) + (fitted[Math.ceil(place)] ?? 0)) / 2;
  const deviation = deviationNear(scores, fitted, place);
  const limit = scoreOf(finals, finals[Math.max(0, Math.round(topShare * n) - 1)] ?? 0);
  return lowerMass((limit - mean) / deviation);
}

/** Normal score of a value by its mid rank among the sorted ones. */
function scoreOf(sorted: Float64Array, value: number): number {
  const below = firstAtOrAbove(sorted, value);
  let upTo = below;
  while (upTo < sorted.length && sorted[upTo] === value) upTo += 1;
  return inverseLowerMass((below + upTo) / 2 / sorted.length);
}

/** Index, or the middle between two, where the value stands among the early ones; the ends stand for what is beyond. */
function placeOf(byEarly: readonly Known[], early: number): number {
  const below = byEarly.filter((other) => other.early < early).length;
  const notAbove = byEarly.filter((other) => other.early <= early).length;
  return Math.min(byEarly.length - 1, Math.max(0, (below + notAbove - 1) / 2));
}

/** Root of the mean squared residual near a place; pooled blocks count as what the fit has used up. */
function deviationNear(scores: Float64Array, fitted: Float64Array, place: number): number {
  const n = scores.length;
  const width = Math.min(n, Math.max(LEAST_NEIGHBOURS, Math.ceil(n / 3)));
  const from = Math.max(0, Math.min(n - width, Math.round(place - width / 2)));
  let squares = 0;
  let blocks = 0;
  for (let i = from; i < from + width; i++) {
    squares += ((scores[i] ?? 0) - (fitted[i] ?? 0)) ** 2;
    if (i === from || fitted[i] !== fitted[i - 1]) blocks += 1;
  }
  return Math.max(LEAST_DEVIATION, Math.sqrt(squares / Math.max(1, width - blocks)));
}

function firstAtOrAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** From the rank at a step to the chance of a good end: how well the step tells is learnt from trials that nobody stopped. */

import { inverseLowerMass, lowerMass } from '../math/normal.js';
import { ranksOf } from '../math/ranks.js';

/** A trial that ran to its end whatever it reported. Smaller is better; neither is NaN. */
export interface Known {
  readonly early: number;
  readonly final: number;
}

/**
 * The chance that a trial which stands at `rank` in (0, 1) at the step, 0 best, ends among the best `share` of all. Ranks at the
 * step and at the end are taken for jointly normal once they are normal scores, correlated as those of the known trials; where
 * that is not above 0, the chance is `share` for every rank. O(n log n).
 * @source Pearson, On further methods of determining correlation, 1907 (from Spearman's to the normal law's).
 */
export function chanceOfGoodEnd(known: readonly Known[], rank: number, share: number): number {
  const n = known.length;
  const spearman = correlation(ranksOf(known.map(({ early }) => early)), ranksOf(known.map(({ final }) => final)));
  // Among few trials even a perfect order does not make it 1.
  const rho = Math.min(1 - 1 / (n + 1), Math.max(0, 2 * Math.sin((Math.PI / 6) * spearman)));
  return lowerMass((inverseLowerMass(share) - rho * inverseLowerMass(rank)) / Math.sqrt(1 - rho * rho));
}

/** Pearson's of ranks from 0, 0 when one of the columns is constant. */
function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (x.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    const [a, b] = [value - mean, (y[i] ?? 0) - mean];
    xy += a * b;
    xx += a * a;
    yy += b * b;
  });
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

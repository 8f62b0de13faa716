/** The signed-rank test of paired differences. */

import { upperMass } from './normal.js';

/** Up to here the law is counted out, when no two sizes are alike; beyond, it is taken for normal. */
const MOST_EXACT = 25;

/**
 * One-sided p-value of "the differences are above zero": small when they are. Ranks of zeros are split between both sides.
 * Exact up to 25 differences when none is zero and no two are equally large; else the normal law with the variance corrected
 * for ties, without correction for continuity. 1 when there is none or all are zero. All must be finite. O(n log n), exact O(n^3).
 * @source Wilcoxon, Biometrics Bulletin 1 (1945); Lehmann, Nonparametrics, 1975, appendix, section 4 (ties).
 */
export function signedRankP(differences: readonly number[]): number {
  const n = differences.length;
  const sorted = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  let positive = 0;
  let ties = 0;
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && Math.abs(sorted[to] ?? 0) === Math.abs(sorted[from] ?? 0)) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) positive += rank * shareAbove(sorted[i] ?? 0);
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  if (sorted.every((difference) => difference === 0)) return 1;

  if (n <= MOST_EXACT && ties === 0 && sorted[0] !== 0) return exactUpperMass(n, positive);
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  return upperMass((positive - (n * (n + 1)) / 4) / Math.sqrt(variance));
}

function shareAbove(difference: number): number {
  if (difference === 0) return 0.5;
  return difference > 0 ? 1 : 0;
}

/** P(sum of ranks of random signs >= w): subsets of 1..n by their sum, counted. */
function exactUpperMass(n: number, w: number): number {
  const most = (n * (n + 1)) / 2;
  const counts = new Float64Array(most + 1); // below 2^25, hence exact
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = most; sum >= rank; sum--) counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
  }
  let above = 0;
  for (let sum = w; sum <= most; sum++) above += counts[sum] ?? 0;
  return above / 2 ** n;
}

/** When a run of CMA-ES has nothing left to find. */

import type { NormalLaw } from './normal-law.js';

const TOLERANCE = 1e-12;

/**
 * Whether the run should end. `bests`: best value of each generation so far, Infinity where none was observed.
 * @source Hansen arXiv:1604.00772, appendix B.3.
 */
export function hasConverged(law: NormalLaw, sigma0: number, lambda: number, bests: readonly number[]): boolean {
  const d = law.mean.length;
  const span = 10 + Math.ceil((30 * Math.max(1, d)) / lambda);
  if (bests.length >= span) {
    const last = bests.slice(-span);
    const [low, high] = [Math.min(...last), Math.max(...last)];
    if (high - low < TOLERANCE || (low === Infinity && high === Infinity)) return true;
  }
  if (d === 0) return false;

  const deviations = law.mean.map((_, j) => law.sigma * Math.sqrt(law.covariance[j * d + j] as number));
  const isStill = deviations.every(
    (deviation, j) =>
      deviation < TOLERANCE * sigma0 && law.sigma * Math.abs(law.pathC[j] as number) < TOLERANCE * sigma0,
  );
  const longest = law.lengths[d - 1] as number;
  const shortest = law.lengths[0] as number;
  if (isStill || law.sigma * longest > 1e4 * sigma0 || longest > 1e7 * shortest) return true;

  const axis = law.generation % d;
  const along = 0.1 * law.sigma * (law.lengths[axis] as number);
  const isAxisLost = law.mean.every((m, j) => m === m + along * (law.axes[j * d + axis] as number));
  return isAxisLost || law.mean.some((m, j) => m === m + 0.2 * (deviations[j] as number));
}

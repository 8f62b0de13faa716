/** Kernels over unordered choices: mostly the observed choice, a little of every other. */

import type { QuickKernels } from './kernels.js';

/**
 * Kernel k holds priorWeight/M for every choice and 1 more for the observed one, normalised, M = m + 1; the prior is uniform.
 * `column`: index of the observed choice, [m].
 * @source Optuna's Parzen estimator, as described in Watanabe arXiv:2304.11127, section 3.3.3.
 */
export function categoricalKernels(choices: number, column: Float64Array, priorWeight: number): QuickKernels {
  const m = column.length;
  const smoothing = priorWeight / (m + 1);
  const total = 1 + choices * smoothing;
  const logHit = Math.log((1 + smoothing) / total);
  const logMiss = Math.log(smoothing / total);
  const logPrior = -Math.log(choices);
  const constants = new Float64Array(m + 1).fill(logMiss);
  constants[m] = logPrior;
  return {
    isQuick: true,
    count: m + 1,
    constants,
    logAt: (point, k) => (k === m ? logPrior : column[k] === point ? logHit : logMiss),
    draw: (kernel, rng) => {
      const r = kernel < m ? rng.next() * total : 1 + rng.next() * choices * smoothing;
      if (r < 1) return column[kernel] ?? 0;
      return Math.min(choices - 1, Math.floor((r - 1) / smoothing));
    },
    add: (point, logs) => {
      for (let k = 0; k < m; k++) if (column[k] === point) logs[k] = (logs[k] as number) + (logHit - logMiss);
    },
  };
}

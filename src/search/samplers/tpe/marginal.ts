/** The density of one parameter by itself, whatever the others are: the same kernels and weights as in the joint one. */

import { logSumExp } from '../../math/log-sum-exp.js';
import type { Kernels } from './kernels.js';

/** ln of the density at a point. O(m), and once only on a grid or for a choice. `weights`: of the kernels, [m + 1]. */
export function marginal(kernels: Kernels, weights: Float64Array): (point: number) => number {
  if (kernels.isQuick && kernels.mixture !== undefined) return kernels.mixture(weights);
  const logWeights = weights.map(Math.log);
  const known = new Map<number, number>(); // candidates repeat themselves
  return (point) => {
    const there = known.get(point);
    if (there !== undefined) return there;
    const log = logSumExp(logsAt(kernels, logWeights, point));
    known.set(point, log);
    return log;
  };
}

function logsAt(kernels: Kernels, logWeights: Float64Array, point: number): Float64Array {
  if (!kernels.isQuick) {
    const logs = logWeights.slice();
    kernels.addAll(point, logs);
    return logs;
  }
  const logs = logWeights.map((log, k) => log + (kernels.constants[k] as number)); // [m + 1]
  kernels.add(point, logs);
  return logs;
}

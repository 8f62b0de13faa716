/** The density of one parameter by itself, whatever the others are: the same kernels and weights as in the joint one. */

import { logSumExp } from '../../math/log-sum-exp.js';
import type { Kernels } from './kernels.js';

/** ln of the density at a point; `logWeights`: ln of the kernels' weights, [m + 1]. O(m), and once only on a grid or for a choice. */
export function marginal(kernels: Kernels, logWeights: Float64Array): (point: number) => number {
  if (kernels.isQuick && kernels.mixture !== undefined) return kernels.mixture(logWeights);
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

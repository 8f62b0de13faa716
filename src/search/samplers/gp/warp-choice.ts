/** Which warp of the values makes a model that orders them best. */

import { logLowerMass } from '../../math/log-improvement.js';
import type { Hyperparameters } from './kernel.js';
import { leaveOneOut, type Sample } from './posterior-cost.js';

const MOST_PAIRS = 2_000;

/**
 * Mean log probability that two values, each predicted from the others, come in the order they do, over pairs one of which is in
 * the better half. Densities under different warps do not compare; orders do. -Infinity when the model has none, or all are alike.
 */
export function orderScore(sample: Sample, hyperparameters: Hyperparameters): number {
  const predicted = leaveOneOut(sample, hyperparameters);
  if (predicted === null) return -Infinity;
  const { values } = sample;
  const { means, variances } = predicted;
  const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const half = Math.ceil(order.length / 2);
  const total = half * order.length - (half * (half + 1)) / 2;
  const stride = Math.max(1, Math.ceil(total / MOST_PAIRS));

  let sum = 0;
  let pairs = 0;
  let seen = 0;
  for (let a = 0; a < half; a++) {
    const i = order[a] as number; // Below the length.
    for (let b = a + 1; b < order.length; b++) {
      const j = order[b] as number; // Below the length.
      if (seen++ % stride !== 0 || values[i] === values[j]) continue;
      const variance = (variances[i] as number) + (variances[j] as number);
      sum += logLowerMass(((means[j] as number) - (means[i] as number)) / Math.sqrt(variance));
      pairs += 1;
    }
  }
  return pairs === 0 ? -Infinity : sum / pairs;
}

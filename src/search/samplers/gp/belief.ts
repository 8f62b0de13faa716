/** How good a point is by one model: a function of the prediction there, with its slopes. To be maximised. */

import { logImprovement, logImprovementSlope, logLowerMass, logLowerMassSlope } from '../../math/log-improvement.js';
import { logSumExp } from '../../math/log-sum-exp.js';
import type { Surrogate } from './surrogate.js';

/** A model is never surer than this. */
export const LEAST_VARIANCE = 1e-12;

/** A prediction as `v = L^-1 k` of the point's covariances: the mean is v . b, the variance signal - |v|^2. */
export interface Belief {
  readonly surrogate: Surrogate;
  /** The value for v at `offset`, of `size` numbers; writes the slopes by each of them when wanted. */
  readonly value: (v: Float64Array, offset: number, slopes?: Float64Array) => number;
}

export type Criterion =
  /** ln of the expected improvement on `best - margin`, or of its probability, by a value with so much variance of its own. */
  | { readonly kind: 'ei' | 'poi'; readonly margin: number; readonly noise: number }
  /** Minus the mean, plus kappa deviations. */
  | { readonly kind: 'ucb'; readonly kappa: number };

/**
 * Of the objective, over what the pending points may turn out to be: `fantasies` [S, pending] are normal draws, one row per
 * world; the criterion is averaged over the worlds. `best` is the value to improve on.
 */
export function objectiveBelief(
  surrogate: Surrogate,
  best: number,
  fantasies: readonly Float64Array[],
  criterion: Criterion,
): Belief {
  const { whitened, factor, hyperparameters } = surrogate;
  const valued = whitened.length;
  const pending = factor.size - valued;
  const bests = fantasies.map((world) => pendingValues(surrogate, world).reduce((a, b) => Math.min(a, b), best));
  const noise = criterion.kind === 'ucb' ? 0 : criterion.noise;
  const scores = new Float64Array(fantasies.length);
  const meanSlopes = new Float64Array(fantasies.length);
  const deviationSlopes = new Float64Array(fantasies.length);

  return {
    surrogate,
    value: (v, offset, slopes) => {
      let square = 0;
      for (let i = 0; i < factor.size; i++) square += (v[offset + i] as number) * (v[offset + i] as number);
      const deviation = Math.sqrt(Math.max(LEAST_VARIANCE, hyperparameters.signal - square) + noise);
      const mean = dotAt(whitened, v, offset, valued);
      for (let s = 0; s < scores.length; s++) {
        const world = fantasies[s] as Float64Array;
        const mu = mean + dotAt(world, v, offset + valued, pending);
        const goal = bests[s] as number;
        if (criterion.kind === 'ucb') {
          scores[s] = criterion.kappa * deviation - mu;
          meanSlopes[s] = -1;
          deviationSlopes[s] = criterion.kappa;
          continue;
        }
        const z = (goal - criterion.margin - mu) / deviation;
        const isProbability = criterion.kind === 'poi';
        scores[s] = isProbability ? logLowerMass(z) : Math.log(deviation) + logImprovement(z);
        if (slopes === undefined) continue;
        const slope = isProbability ? logLowerMassSlope(z) : logImprovementSlope(z);
        meanSlopes[s] = -slope / deviation;
        deviationSlopes[s] = ((isProbability ? 0 : 1) - slope * z) / deviation;
      }
      const isLinear = criterion.kind === 'ucb';
      const total = isLinear ? scores.reduce((sum, score) => sum + score, 0) : logSumExp(scores);
      if (slopes !== undefined) {
        const shares = scores.map((score) => (isLinear ? 1 / scores.length : Math.exp(score - total)));
        writeSlopes(shares, slopes, v, offset, deviation);
      }
      return isLinear ? total / scores.length : total - Math.log(scores.length);
    },
  };

  function writeSlopes(shares: Float64Array, slopes: Float64Array, v: Float64Array, offset: number, deviation: number) {
    let byMean = 0;
    let byDeviation = 0;
    for (let s = 0; s < shares.length; s++) {
      byMean += (shares[s] as number) * (meanSlopes[s] as number);
      byDeviation += (shares[s] as number) * (deviationSlopes[s] as number);
    }
    // The floor of the variance is left out: there the slope by the deviation is of no use anyway.
    const byEntry = -byDeviation / deviation;
    for (let i = 0; i < valued; i++) slopes[i] = byMean * (whitened[i] as number) + byEntry * (v[offset + i] as number);
    for (let j = 0; j < pending; j++) {
      let pull = 0;
      for (let s = 0; s < shares.length; s++) {
        pull += (shares[s] as number) * (meanSlopes[s] as number) * ((fantasies[s] as Float64Array)[j] as number);
      }
      slopes[valued + j] = pull + byEntry * (v[offset + valued + j] as number);
    }
  }
}

/** ln of the probability that a constraint, in units of the model, is at most `bound`. Pending points are as expected. */
export function constraintBelief(surrogate: Surrogate, bound: number): Belief {
  const { whitened, factor, hyperparameters } = surrogate;
  return {
    surrogate,
    value: (v, offset, slopes) => {
      let square = 0;
      for (let i = 0; i < factor.size; i++) square += (v[offset + i] as number) * (v[offset + i] as number);
      const deviation = Math.sqrt(Math.max(LEAST_VARIANCE, hyperparameters.signal - square));
      const z = (bound - dotAt(whitened, v, offset, whitened.length)) / deviation;
      if (slopes !== undefined) {
        const slope = logLowerMassSlope(z) / deviation;
        for (let i = 0; i < factor.size; i++) {
          slopes[i] = slope * ((z / deviation) * (v[offset + i] as number) - (whitened[i] ?? 0));
        }
      }
      return logLowerMass(z);
    },
  };
}

/** ln of the expected share of successes, kept within [0.01, 0.99]; `meanOf` turns a prediction into the share of failures. */
export function successBelief(surrogate: Surrogate, centre: number, scale: number): Belief {
  const { whitened, factor } = surrogate;
  return {
    surrogate,
    value: (v, offset, slopes) => {
      const failure = centre + scale * dotAt(whitened, v, offset, whitened.length);
      const success = Math.min(0.99, Math.max(0.01, 1 - failure));
      if (slopes !== undefined) {
        const slope = success === 1 - failure ? -scale / success : 0;
        for (let i = 0; i < factor.size; i++) slopes[i] = slope * (whitened[i] ?? 0);
      }
      return Math.log(success);
    },
  };
}

/** The values of the pending points in one world, given its draws. [pending] */
export function pendingValues({ factor, whitened }: Surrogate, world: Float64Array): Float64Array {
  return world.map((_, j) => {
    const at = (whitened.length + j) * factor.stride;
    const mean = dotAt(whitened, factor.entries, at, whitened.length);
    return mean + dotAt(world, factor.entries, at + whitened.length, j + 1);
  });
}

/** Sum of a[i] b[offset + i] over `count`. */
export function dotAt(a: Float64Array, b: Float64Array, offset: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[i] as number) * (b[offset + i] as number);
  return sum;
}

/** The joint density of a block of parameters: a weighted sum of products of kernels, one product per observation. */

import { logSumExp } from '../../math/log-sum-exp.js';
import type { Rng } from '../../math/rng.js';
import { levelCount, levelOf } from '../../space/levels.js';
import type { Parameter, Params } from '../../space/parameter.js';
import { encode } from '../../space/unit.js';
import { categoricalKernels } from './categorical-kernels.js';
import type { Kernels } from './kernels.js';
import { numericKernels } from './numeric-kernels.js';

/** Observations beyond these newest weigh next to nothing: a proposal's cost stays bounded. */
const MOST_OBSERVATIONS = 2_000;
/** The newest so many weigh fully. */
const FULL_WEIGHT = 25;

export interface ParzenOptions {
  readonly priorWeight: number;
  readonly considerEndpoints: boolean;
}

export interface Parzen {
  /** A joint draw, one point a parameter: one kernel by weight, then every parameter from that kernel. [d] */
  readonly draw: (rng: Rng) => Float64Array;
  /** ln of the density at such points, up to a constant of the parameters; O(m d). */
  readonly logDensity: (points: Float64Array) => number;
}

/** The density of observations that all have the block's parameters; `params` in age order, oldest first. */
export function parzen(block: readonly Parameter[], params: readonly Params[], options: ParzenOptions): Parzen {
  const newest = params.slice(-MOST_OBSERVATIONS);
  const dimensions = block.map((parameter) => kernelsOf(parameter, newest, options)); // [d]
  const weights = ageWeights(newest.length, options.priorWeight); // [m + 1]
  const logWeights = weights.map(Math.log);
  return {
    draw: (rng) => {
      const kernel = pick(weights, rng);
      return Float64Array.from(dimensions, (kernels) => kernels.draw(kernel, rng));
    },
    logDensity: (points) => {
      const sums = logWeights.slice(); // [m + 1]
      dimensions.forEach((kernels, j) => {
        kernels.addLogDensity(points[j] ?? 0, sums);
      });
      return logSumExp(sums);
    },
  };
}

/** Whether TPE treats the parameter as unordered choices, whose points are indices. */
export function isUnordered(parameter: Parameter): boolean {
  return parameter.kind === 'categorical' || parameter.kind === 'boolean';
}

/**
 * Weights of m kernels by age and of the prior, last; they sum to 1. All alike below 25, else the oldest m - 25 rise linearly
 * from 1/m to 1.
 * @source Bergstra et al. 2013, as in hyperopt and Optuna.
 */
export function ageWeights(m: number, priorWeight: number): Float64Array {
  const weights = new Float64Array(m + 1).fill(1);
  const old = Math.max(0, m - FULL_WEIGHT);
  for (let k = 0; k < old; k++) weights[k] = old === 1 ? 1 / m : 1 / m + (k / (old - 1)) * (1 - 1 / m);
  weights[m] = priorWeight;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function kernelsOf(parameter: Parameter, params: readonly Params[], options: ParzenOptions): Kernels {
  const column = new Float64Array(params.length); // [m]
  const place = isUnordered(parameter) ? levelOf : encode;
  for (let k = 0; k < column.length; k++) column[k] = place(parameter, params[k]?.[parameter.name] ?? null);
  if (isUnordered(parameter)) return categoricalKernels(levelCount(parameter), column, options.priorWeight);
  return numericKernels(parameter, column, options.considerEndpoints);
}

function pick(weights: Float64Array, rng: Rng): number {
  let rest = rng.next();
  for (let k = 0; k < weights.length - 1; k++) {
    rest -= weights[k] ?? 0;
    if (rest < 0) return k;
  }
  return weights.length - 1;
}

/** The joint density of a block of parameters: a weighted sum of products of kernels, one product per observation. */

import type { Codec } from '../../columns/codec.js';
import type { Table } from '../../columns/table.js';
import { logSumExp } from '../../math/log-sum-exp.js';
import type { Rng } from '../../math/rng.js';
import type { Block } from './blocks.js';
import { categoricalKernels } from './categorical-kernels.js';
import type { DearKernels, Kernels, QuickKernels, Sums } from './kernels.js';
import { marginal } from './marginal.js';
import { numericKernels } from './numeric-kernels.js';

/** Observations beyond these newest weigh next to nothing: a proposal's cost stays bounded. */
const MOST_OBSERVATIONS = 2_000;
/** The newest so many weigh fully. */
const FULL_WEIGHT = 25;
/** Kernels this far, in ln, below one of the others are left out: 2,000 of them are below 1e-7 of the whole. */
const NEGLIGIBLE = 25;
/** Of fewer kernels, or when a larger share of them matters, it costs less to work out all. */
const FEW_KERNELS = 64;
const MOST_SPARSE = 0.3;

export interface ParzenOptions {
  readonly priorWeight: number;
  readonly considerEndpoints: boolean;
  /** Whether observations weigh alike instead of by age. */
  readonly equalWeights?: boolean;
}

export interface Parzen {
  /** A joint draw, one point a parameter: one kernel by weight, then every parameter from that kernel. [d] */
  readonly draw: (rng: Rng) => Float64Array;
  /** ln of the density at such points, up to a constant of the parameters; O(m d) at worst. */
  readonly logDensity: (points: Float64Array) => number;
  /** ln of the product of the parameters' own densities, as if they had nothing to do with each other; O(m d). */
  readonly logMarginals: (points: Float64Array) => number;
}

/** The density of rows that all have the block's parameters, in age order, oldest first. */
export function parzen(table: Table, block: Block, rows: readonly number[], options: ParzenOptions): Parzen {
  const newest = rows.slice(-MOST_OBSERVATIONS);
  const dimensions = block.map((j) => kernelsOf(table.codecs[j] as Codec, columnOf(table, j, newest), options)); // [d]
  const weights =
    options.equalWeights === true
      ? equalWeights(newest.length, options.priorWeight)
      : ageWeights(newest.length, options.priorWeight); // [m + 1]
  const logWeights = weights.map(Math.log);
  const prior = newest.length;
  const quick = dimensions.flatMap((kernels, i): Placed<QuickKernels>[] => (kernels.isQuick ? [[i, kernels]] : []));
  const dear = dimensions.flatMap((kernels, i): Placed<DearKernels>[] => (kernels.isQuick ? [] : [[i, kernels]]));
  const constants = logWeights.slice(); // [m + 1]
  for (const [, kernels] of quick) {
    for (let k = 0; k <= prior; k++) constants[k] = (constants[k] as number) + (kernels.constants[k] as number);
  }
  const isFloats = quick.length === dimensions.length && quick.every(([, { drop }]) => drop !== undefined);
  let marginals: readonly ReturnType<typeof marginal>[] | null = null; // [d], made when first asked for
  const sums = { kernels: new Uint32Array(prior + 1), logs: new Float64Array(prior + 1) };
  return {
    draw: (rng) => {
      const kernel = pick(weights, rng);
      return Float64Array.from(dimensions, (kernels) => kernels.draw(kernel, rng));
    },
    logDensity: (points) => {
      sums.logs.set(constants);
      if (isFloats && prior >= FEW_KERNELS) return logOfFew(quick, points, sums);
      for (const [i, kernels] of quick) kernels.add(points[i] as number, sums.logs);
      if (dear.length === 0) return logSumExp(sums.logs);
      if (prior < FEW_KERNELS) return addAll(dear, points, sums.logs);
      // The best kernel's product bounds the sum from below; what later dimensions may add at most is allowed for.
      let least = -NEGLIGIBLE + productOf(dear, points, largest(sums.logs), sums.logs);
      for (const [, { ceiling }] of dear) least -= ceiling;
      let alive = 0;
      for (let k = 0; k <= prior; k++) if ((sums.logs[k] as number) >= least) alive += 1;
      if (alive > MOST_SPARSE * prior) return addAll(dear, points, sums.logs);
      alive = 0;
      for (let k = 0; k <= prior; k++) {
        if ((sums.logs[k] as number) < least) continue;
        sums.kernels[alive] = k;
        sums.logs[alive] = sums.logs[k] as number;
        alive += 1;
      }
      for (const [i, kernels] of dear) {
        least += kernels.ceiling;
        alive = kernels.add(points[i] as number, sums, alive, least);
      }
      return logSumExp(sums.logs.subarray(0, alive));
    },
    logMarginals: (points) => {
      marginals ??= dimensions.map((kernels) => marginal(kernels, weights));
      return marginals.reduce((sum, logAt, i) => sum + logAt(points[i] as number), 0);
    },
  };
}

/** ln of the density where every parameter only lowers the sums: kernels far below the prior are dropped on the way. */
function logOfFew(floats: readonly Placed<QuickKernels>[], points: Float64Array, sums: Sums): number {
  const prior = sums.logs.length - 1;
  let floor = (sums.logs[prior] as number) - NEGLIGIBLE;
  for (const [i, { logAt, constants }] of floats)
    floor += logAt(points[i] as number, prior) - (constants[prior] as number);
  let alive = sums.logs.length;
  for (let k = 0; k < alive; k++) sums.kernels[k] = k;
  for (const [i, { drop }] of floats) alive = drop?.(points[i] as number, sums, alive, floor) ?? alive;
  return logSumExp(sums.logs.subarray(0, alive));
}

function addAll(dear: readonly Placed<DearKernels>[], points: Float64Array, logs: Float64Array): number {
  for (const [i, kernels] of dear) kernels.addAll(points[i] as number, logs);
  return logSumExp(logs);
}

/** ln of a kernel's weighted product. */
function productOf(
  dear: readonly Placed<DearKernels>[],
  points: Float64Array,
  kernel: number,
  logs: Float64Array,
): number {
  return dear.reduce((sum, [i, { logAt }]) => sum + logAt(points[i] as number, kernel), logs[kernel] as number);
}

/** Kernels and their place in the block. */
type Placed<Kind> = readonly [number, Kind];

function largest(logs: Float64Array): number {
  let best = 0;
  for (let i = 1; i < logs.length; i++) if ((logs[i] as number) > (logs[best] as number)) best = i;
  return best;
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
  return normalised(weights, priorWeight);
}

function equalWeights(m: number, priorWeight: number): Float64Array {
  return normalised(new Float64Array(m + 1).fill(1), priorWeight);
}

function normalised(weights: Float64Array, priorWeight: number): Float64Array {
  weights[weights.length - 1] = priorWeight;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function columnOf(table: Table, j: number, rows: readonly number[]): Float64Array {
  const points = table.points[j] as Float64Array;
  const column = new Float64Array(rows.length); // [m]
  for (let i = 0; i < column.length; i++) column[i] = points[rows[i] as number] as number;
  return column;
}

function kernelsOf(codec: Codec, column: Float64Array, options: ParzenOptions): Kernels {
  if (codec.isUnordered) return categoricalKernels(codec.levels, column, options.priorWeight);
  return numericKernels(codec, column, options.considerEndpoints);
}

function pick(weights: Float64Array, rng: Rng): number {
  let rest = rng.next();
  for (let k = 0; k < weights.length - 1; k++) {
    rest -= weights[k] ?? 0;
    if (rest < 0) return k;
  }
  return weights.length - 1;
}

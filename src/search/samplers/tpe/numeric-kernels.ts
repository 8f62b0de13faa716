/** Kernels over a numeric parameter: normals truncated to [0, 1], with masses of cells where values lie on a grid. */

import type { Codec } from '../../columns/codec.js';
import type { Rng } from '../../math/rng.js';
import { unitOrder } from '../../math/unit-order.js';
import { gridKernels } from './grid-kernels.js';
import type { Kernels, QuickKernels } from './kernels.js';
import { drawTruncated, logScale } from './truncated-normal.js';

/** No kernel over floats is narrower than this share of the range, however many there are. */
const LEAST_WIDTH = 0.03;
/** Nor, over a grid, than this share of a cell. */
const LEAST_CELLS = 0.5;

/** Squares of z up to here are looked up, so many a unit: what is beyond is below 1e-6 of a kernel's height. */
const FAR = 30;
const BELLS = 128;
/** exp(-z^2 / 2) in the middle of each step. */
const BELL = Float64Array.from({ length: FAR * BELLS }, (_, i) => Math.exp(-(i + 0.5) / BELLS / 2));

/**
 * Kernel k is normal around observation k with the bandwidth of `bandwidths`; the prior has mean 1/2 and sd 1. `column`: u of
 * the observations in age order, [m]. O(m) to make; masses in cells are worked out when first asked for.
 * @source Bergstra et al. 2011, section 4.2; Watanabe arXiv:2304.11127, section 3.3.
 */
export function numericKernels(codec: Codec, column: Float64Array, considerEndpoints: boolean): Kernels {
  const m = column.length;
  const count = m + 1;
  const order = unitOrder(column);
  const means = new Float64Array(count); // [m + 1]
  const deviations = new Float64Array(count);
  means.set(column);
  deviations.set(bandwidths(column, considerEndpoints, narrowestOf(m, codec.levels), order));
  means[m] = 0.5;
  deviations[m] = 1;

  const isGrid = codec.levels < Infinity;
  const draw = (kernel: number, rng: Rng) => {
    const u = drawTruncated(means[kernel] ?? 0.5, deviations[kernel] ?? 1, rng);
    return isGrid ? codec.pointOf(codec.valueAt(u)) : u;
  };
  if (!isGrid) return { isQuick: true, count, draw, ...densityKernels(means, deviations, order) };
  return { isQuick: false, count, draw, ...gridKernels(codec, means, deviations, order) };
}

/**
 * How narrow m kernels may be. Over floats (m + 2)^-2 of the range, and at least 0.03: Optuna's 1/(m + 2) is wide where trials
 * are few, so that what is good is not searched closely, and so narrow where they are many that the density of the others is a
 * row of spikes, which says nothing beside them. Over a grid 1/(m + 2), and at least half a cell: with less, a few good trials
 * that share the wrong one of four levels would hardly ever leave it.
 * @source Watanabe arXiv:2304.11127, for an exponent and a least share; 2, 0.03 and half a cell are ours, by the regret bench on
 * four HPOBench tables, BBOB instances 1 and 2 and six synthetics, and by the court's problem of kinds and conditions.
 */
export function narrowestOf(m: number, levels: number): number {
  if (levels < Infinity) return Math.max(LEAST_CELLS / levels, 1 / (m + 2));
  return Math.max(LEAST_WIDTH, (m + 2) ** -2);
}

/**
 * The larger of the gaps to both neighbours, the ends of [0, 1] counting as neighbours, clipped to [narrowest, 1]. Without
 * `considerEndpoints`, of several observations the lowest and the highest use their inner gap only. Of equals the oldest stands
 * leftmost. `order`: of `unitOrder`. [m]
 */
export function bandwidths(
  column: Float64Array,
  considerEndpoints: boolean,
  narrowest: number,
  order = unitOrder(column),
): Float64Array {
  const m = column.length;
  const isInner = considerEndpoints || m < 2;
  const widths = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const k = order[i] as number;
    const u = column[k] as number;
    const left = i > 0 ? u - (column[order[i - 1] as number] as number) : isInner ? u : 0;
    const right = i < m - 1 ? (column[order[i + 1] as number] as number) - u : isInner ? 1 - u : 0;
    widths[k] = Math.min(1, Math.max(narrowest, left, right));
  }
  return widths;
}

function densityKernels(
  means: Float64Array,
  deviations: Float64Array,
  order: Uint32Array,
): Pick<QuickKernels, 'constants' | 'logAt' | 'add' | 'drop' | 'mixture'> {
  const narrowness = deviations.map((deviation) => 1 / deviation);
  const constants = deviations.map((deviation, k) => logScale(means[k] as number, deviation));
  return {
    constants,
    logAt: (point, k) => {
      const z = (point - (means[k] as number)) * (narrowness[k] as number);
      return (constants[k] as number) - 0.5 * z * z;
    },
    add: (point, logs) => {
      for (let k = 0; k < logs.length; k++) {
        const z = (point - (means[k] as number)) * (narrowness[k] as number);
        logs[k] = (logs[k] as number) - 0.5 * z * z;
      }
    },
    drop: (point, { kernels, logs }, alive, floor) => {
      let left = 0;
      for (let i = 0; i < alive; i++) {
        const k = kernels[i] as number;
        const z = (point - (means[k] as number)) * (narrowness[k] as number);
        const log = (logs[i] as number) - 0.5 * z * z;
        if (log < floor) continue;
        kernels[left] = k;
        logs[left] = log;
        left += 1;
      }
      return left;
    },
    mixture: (weights) => mixture(weights, { means, narrowness, constants }, order),
  };
}

/** In ascending order of the means, so that what is near stands together: the branch is then foreseen. */
function mixture(
  weights: Float64Array,
  { means, narrowness, constants }: Readonly<Record<'means' | 'narrowness' | 'constants', Float64Array>>,
  order: Uint32Array,
): (point: number) => number {
  const count = order.length + 1; // the prior last
  const centres = new Float64Array(count);
  const inverses = new Float64Array(count);
  const heights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const k = i < order.length ? (order[i] as number) : i;
    centres[i] = means[k] as number;
    inverses[i] = narrowness[k] as number;
    heights[i] = (weights[k] as number) * Math.exp(constants[k] as number);
  }
  return (point) => {
    let sum = 0;
    for (let i = 0; i < heights.length; i++) {
      const z = (point - (centres[i] as number)) * (inverses[i] as number);
      const square = z * z;
      if (square < FAR) sum += (heights[i] as number) * (BELL[(square * BELLS) | 0] as number);
    }
    return Math.log(sum);
  };
}

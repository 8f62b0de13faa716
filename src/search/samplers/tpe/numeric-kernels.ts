/** Kernels over a numeric parameter: normals truncated to [0, 1], with masses of cells where values lie on a grid. */

import type { Codec } from '../../columns/codec.js';
import { inverseLowerMass, logDensity, logMass, lowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import { unitOrder } from '../../math/unit-order.js';
import { cellEdges } from '../../space/unit.js';
import type { Kernels } from './kernels.js';

/** Cells narrower than a tenth of the narrowest kernel are scored by density: the error is below 1e-3, alike in l and g. */
const NARROW = 1e-3;
/** Beyond so many deviations a tail is below half an ulp of 1. */
const NO_TAIL = 8.3;
/** At least this much of a kernel lies inside [0, 1]: its mean does, and its deviation is at most 1. */
const LEAST_INSIDE = 0.34;

/**
 * Kernel k is normal around observation k with the bandwidth of `bandwidths`; the prior has mean 1/2 and sd 1. `column`: u of
 * the observations in age order, [m]. O(m) to make; constants and masses are worked out when first asked for.
 * @source Bergstra et al. 2011, section 4.2; Watanabe arXiv:2304.11127, section 3.3.
 */
export function numericKernels(codec: Codec, column: Float64Array, considerEndpoints: boolean): Kernels {
  const m = column.length;
  const count = m + 1;
  const order = unitOrder(column);
  const means = new Float64Array(count); // [m + 1]
  const deviations = new Float64Array(count);
  means.set(column);
  deviations.set(bandwidths(column, considerEndpoints, order));
  means[m] = 0.5;
  deviations[m] = 1;

  const isGrid = codec.levels < Infinity;
  const densities = densityKernels(means, deviations);
  const draw = (kernel: number, rng: Rng) => {
    const u = drawTruncated(means[kernel] ?? 0.5, deviations[kernel] ?? 1, rng);
    return isGrid ? codec.pointOf(codec.valueAt(u)) : u;
  };
  if (!isGrid) return { ...densities, count, draw };

  const edgesAt = (point: number) => cellEdges(codec.parameter, codec.valueAt(point)) ?? [0, 1];
  const isNarrow = ([low, high]: readonly [number, number]) => high - low < NARROW;
  const masses = massKernels(means, deviations, alike(means, deviations, order), edgesAt);
  return {
    count,
    draw,
    ceiling: Math.max(0, densities.ceiling),
    logPrior: (point) => (isNarrow(edgesAt(point)) ? densities : masses).logPrior(point),
    addLogDensity: (point, ...rest) => (isNarrow(edgesAt(point)) ? densities : masses).addLogDensity(point, ...rest),
  };
}

/**
 * The larger of the gaps to both neighbours, the ends of [0, 1] counting as neighbours, clipped to
 * [1/min(100, 1 + M), 1], M = m + 1. Without `considerEndpoints`, of several observations the lowest and the highest use their
 * inner gap only. Of equals the oldest stands leftmost. `order`: of `unitOrder`. [m]
 */
export function bandwidths(column: Float64Array, considerEndpoints: boolean, order = unitOrder(column)): Float64Array {
  const m = column.length;
  const isInner = considerEndpoints || m < 2;
  const narrowest = 1 / Math.min(100, 2 + m);
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

type Density = Pick<Kernels, 'ceiling' | 'logPrior' | 'addLogDensity'>;

function densityKernels(means: Float64Array, deviations: Float64Array): Density {
  const prior = means.length - 1;
  const scales = new Float64Array(means.length).fill(Number.NaN); // ln of the factor before the exponential
  const scaleOf = (k: number) => {
    const known = scales[k] as number;
    if (!Number.isNaN(known)) return known;
    const deviation = deviations[k] as number;
    const scale = logDensity(0) - Math.log(deviation * massInside(means[k] as number, deviation));
    scales[k] = scale;
    return scale;
  };
  let narrowest = 1;
  for (const deviation of deviations) if (deviation < narrowest) narrowest = deviation;
  const ceiling = logDensity(0) - Math.log(narrowest * LEAST_INSIDE);
  const at = (point: number, k: number) => {
    const z = (point - (means[k] as number)) / (deviations[k] as number);
    return scaleOf(k) - (z * z) / 2;
  };
  return {
    ceiling,
    logPrior: (point) => at(point, prior),
    addLogDensity: (point, { kernels, logs }, alive, floor) => {
      let left = 0;
      const least = floor - ceiling;
      for (let i = 0; i < alive; i++) {
        const k = kernels[i] as number;
        const z = (point - (means[k] as number)) / (deviations[k] as number);
        const tail = (logs[i] as number) - (z * z) / 2;
        if (tail < least) continue;
        const log = tail + scaleOf(k);
        if (log < floor) continue;
        kernels[left] = k;
        logs[left] = log;
        left += 1;
      }
      return left;
    },
  };
}

function massKernels(
  means: Float64Array,
  deviations: Float64Array,
  { leaders, twins }: Alike,
  edgesAt: (point: number) => readonly [number, number],
): Density {
  const prior = means.length - 1;
  const insides = new Float64Array(leaders.length).fill(Number.NaN);
  // By point, [leaders]: candidates on a grid repeat themselves, and so do observations.
  const massesAt = new Map<number, Float64Array>();
  const massOf = (masses: Float64Array, point: number, leader: number) => {
    const known = masses[leader] as number;
    if (!Number.isNaN(known)) return known;
    const k = leaders[leader] as number;
    const [mean, deviation] = [means[k] as number, deviations[k] as number];
    let inside = insides[leader] as number;
    if (Number.isNaN(inside)) {
      inside = Math.log(massInside(mean, deviation));
      insides[leader] = inside;
    }
    const mass = cellMass(edgesAt(point), mean, deviation) - inside;
    masses[leader] = mass;
    return mass;
  };
  const massesOf = (point: number) => {
    const known = massesAt.get(point);
    if (known !== undefined) return known;
    const fresh = new Float64Array(leaders.length).fill(Number.NaN);
    massesAt.set(point, fresh);
    return fresh;
  };
  return {
    ceiling: 0,
    logPrior: (point) => massOf(massesOf(point), point, twins[prior] as number),
    addLogDensity: (point, { kernels, logs }, alive, floor) => {
      const masses = massesOf(point);
      let left = 0;
      for (let i = 0; i < alive; i++) {
        const k = kernels[i] as number;
        const log = (logs[i] as number) + massOf(masses, point, twins[k] as number);
        if (log < floor) continue;
        kernels[left] = k;
        logs[left] = log;
        left += 1;
      }
      return left;
    },
  };
}

function drawTruncated(mean: number, deviation: number, rng: Rng): number {
  const below = lowerMass(-mean / deviation);
  const p = below + rng.next() * (lowerMass((1 - mean) / deviation) - below);
  return Math.min(1, Math.max(0, mean + deviation * inverseLowerMass(p)));
}

/** Mass of a normal in [0, 1]. */
function massInside(mean: number, deviation: number): number {
  const left = mean / deviation;
  const right = (1 - mean) / deviation;
  if (left > NO_TAIL && right > NO_TAIL) return 1;
  return lowerMass(right) - lowerMass(-left);
}

/** ln of a kernel's mass in a cell; beyond 30 deviations, where the prior outweighs it, to leading order. */
function cellMass([low, high]: readonly [number, number], mean: number, deviation: number): number {
  const a = (low - mean) / deviation;
  const b = (high - mean) / deviation;
  const nearer = Math.max(a, -b);
  return nearer > 30 ? logDensity(nearer) - Math.log(nearer) : logMass(a, b);
}

/** Kernels with the same mean and deviation, whose masses are computed once. */
interface Alike {
  /** The first kernel of each kind. */
  readonly leaders: readonly number[];
  /** For each kernel the index of its leader among `leaders`. [m + 1] */
  readonly twins: Uint32Array;
}

function alike(means: Float64Array, deviations: Float64Array, order: Uint32Array): Alike {
  const leaders: number[] = [];
  const twins = new Uint32Array(means.length);
  let since = 0; // leaders from here on share the mean at hand
  for (let i = 0; i < order.length; i++) {
    const k = order[i] as number;
    if (i > 0 && means[order[i - 1] as number] !== means[k]) since = leaders.length;
    let leader = since;
    while (leader < leaders.length && deviations[leaders[leader] as number] !== deviations[k]) leader += 1;
    if (leader === leaders.length) leaders.push(k);
    twins[k] = leader;
  }
  const prior = order.length;
  twins[prior] = leaders.push(prior) - 1;
  return { leaders, twins };
}

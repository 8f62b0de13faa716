/** Monotone transforms of observed values that a Gaussian process finds easier, and the way back. Smaller is better throughout. */

import { inverseLowerMass } from '../../math/normal.js';
import { fitYeoJohnson, yeoJohnson } from '../../math/yeo-johnson.js';

export const WARPS = ['identity', 'yeo-johnson', 'half-rank', 'log-half-rank'] as const;
export type WarpKind = (typeof WARPS)[number];

/** Share of all values' spread below which that of the better half is rounding. */
const LEAST_SPREAD = 1e-6;

/** Values as the model sees them, mean 0 and deviation 1 over those it was made from. */
export interface Warped {
  readonly values: Float64Array;
  /** The original value that a warped one stands for; finite. */
  readonly invert: (z: number) => number;
  /** Of the original values. */
  readonly mean: number;
  readonly deviation: number;
}

/** Finite values under a transform that is fitted to them, then standardised. Survives values of 1e300 and ties. */
export function warp(kind: WarpKind, original: Float64Array): Warped {
  const size = original.reduce((most, y) => Math.max(most, Math.abs(y)), 0) || 1;
  const small = original.map((y) => y / size);
  const first = standardise(small);
  const finite = (y: number) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, y * size));
  const back = (z: number) => finite(first.mean + first.deviation * z);
  const unit = { mean: first.mean * size, deviation: first.deviation * size };
  if (kind === 'identity') return { ...unit, values: first.values, invert: back };

  const second = standardise(transformed(kind, first.values));
  return { ...unit, values: second.values, invert: interpolation(second.values, original) };
}

function transformed(kind: Exclude<WarpKind, 'identity'>, values: Float64Array): Float64Array {
  switch (kind) {
    case 'yeo-johnson': {
      const lambda = fitYeoJohnson(values);
      return values.map((z) => yeoJohnson(z, lambda));
    }
    case 'half-rank':
      return halfRank(values);
    case 'log-half-rank':
      return spreadBest(halfRank(values));
  }
}

/**
 * Values worse than the median become what a normal law would have there, by rank; the better half stays as it is.
 * @source Song et al. arXiv:2408.11527, appendix on output warping.
 */
export function halfRank(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const count = sorted.length;
  const middle = count >> 1;
  const median =
    count % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  const distinct = sorted.filter((y, i) => i === 0 || y !== sorted[i - 1]);
  const worse = distinct.filter((y) => y > median);
  const better = distinct.filter((y) => y <= median);
  const whole = distanceTo(median, distinct);
  const near = distanceTo(median, better);
  // Where the better half is one value, but for rounding, it says nothing of what a distance is.
  const spread = near > LEAST_SPREAD * whole ? near : whole;
  const total = worse.length + (distinct.includes(median) ? 0.5 : 0);
  const places = new Map([...worse].reverse().map((y, i) => [y, i + 1]));
  return values.map((y) => {
    const rank = places.get(y);
    return rank === undefined ? y : median + spread * Math.abs(inverseLowerMass((0.5 * (rank - 0.5)) / total));
  });
}

/** Logarithm of the distance to the best, which spreads the good end. */
function spreadBest(values: Float64Array): Float64Array {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const range = values.reduce((a, b) => Math.max(a, b), -Infinity) - least;
  if (!(range > 0)) return values;
  return values.map((y) => Math.log1p((0.5 * (y - least)) / range) / Math.log(1.5) - 0.5);
}

function distanceTo(centre: number, values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, y) => sum + ((y - centre) * (y - centre)) / values.length, 0));
}

interface Standardised {
  readonly values: Float64Array;
  readonly mean: number;
  readonly deviation: number;
}

function standardise(values: Float64Array): Standardised {
  const mean = values.reduce((sum, y) => sum + y / values.length, 0);
  const variance = values.reduce((sum, y) => sum + ((y - mean) * (y - mean)) / values.length, 0);
  // Constant values may differ from their mean by rounding.
  const deviation = Math.sqrt(variance) > 1e-14 * Math.abs(mean) ? Math.sqrt(variance) : 0;
  return { values: values.map((y) => (deviation > 0 ? (y - mean) / deviation : 0)), mean, deviation };
}

/** The way back: straight lines between the known pairs, the outermost line beyond, so that it stays finite and in sight. */
function interpolation(warped: Float64Array, original: Float64Array): (z: number) => number {
  const order = [...warped.keys()].sort((a, b) => (warped[a] as number) - (warped[b] as number));
  const pairs = order
    .map((i) => [warped[i] as number, original[i] as number] as const)
    .filter(([z], i, all) => i === 0 || z > (all[i - 1]?.[0] ?? z));
  return (z) => {
    const above = pairs.findIndex(([known]) => known >= z);
    const right = above < 0 ? pairs.length - 1 : Math.max(1, above);
    const [z1 = 0, y1 = 0] = pairs[right] ?? pairs[0] ?? [];
    const [z0 = 0, y0 = 0] = pairs[right - 1] ?? [];
    const y = pairs.length < 2 ? (pairs[0]?.[1] ?? 0) : y0 + (y1 - y0) * ((z - z0) / (z1 - z0));
    return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, y));
  };
}

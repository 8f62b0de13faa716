/** Kernels over a numeric parameter: normals truncated to [0, 1], with masses of cells where values lie on a grid. */

import { inverseLowerMass, logDensity, logMass, lowerMass } from '../../math/normal.js';
import { levelCount } from '../../space/levels.js';
import type { Parameter } from '../../space/parameter.js';
import { cellEdges, decode, encode } from '../../space/unit.js';
import type { Kernels } from './kernels.js';

/** Cells narrower than a tenth of the narrowest kernel are scored by density: the error is below 1e-3, alike in l and g. */
const NARROW = 1e-3;

/**
 * Kernel k is normal around observation k with the bandwidth of `bandwidths`; the prior has mean 1/2 and sd 1. `column`: u of
 * the observations in age order, [m].
 * @source Bergstra et al. 2011, section 4.2; Watanabe arXiv:2304.11127, section 3.3.
 */
export function numericKernels(parameter: Parameter, column: Float64Array, considerEndpoints: boolean): Kernels {
  const count = column.length + 1;
  const means = new Float64Array(count).fill(0.5); // [m + 1]
  const deviations = new Float64Array(count).fill(1);
  means.set(column);
  deviations.set(bandwidths(column, considerEndpoints));

  const below = means.map((mean, k) => lowerMass(-mean / (deviations[k] ?? 1)));
  const inside = means.map((mean, k) => lowerMass((1 - mean) / (deviations[k] ?? 1)) - (below[k] ?? 0));
  const logScale = deviations.map((deviation, k) => logDensity(0) - Math.log(deviation * (inside[k] ?? 1)));
  const logInside = inside.map(Math.log);
  const isGrid = levelCount(parameter) < Infinity;
  const same = isGrid ? alike(means, deviations) : null;

  const addDensity = (u: number, sums: Float64Array) => {
    for (let k = 0; k < count; k++) {
      const z = (u - (means[k] ?? 0)) / (deviations[k] ?? 1);
      sums[k] = (sums[k] ?? 0) + (logScale[k] ?? 0) - (z * z) / 2;
    }
  };
  const massesAt = new Map<number, Float64Array>(); // by point: candidates on a grid repeat themselves
  const addCellMass = (
    point: number,
    edges: readonly [number, number],
    sums: Float64Array,
    { leaders, twins }: Alike,
  ) => {
    let masses = massesAt.get(point); // [leaders]
    if (masses === undefined) {
      masses = new Float64Array(leaders.length);
      for (let i = 0; i < leaders.length; i++) {
        const k = leaders[i] ?? 0;
        masses[i] = cellMass(edges, means[k] ?? 0, deviations[k] ?? 1) - (logInside[k] ?? 0);
      }
      massesAt.set(point, masses);
    }
    for (let k = 0; k < count; k++) sums[k] = (sums[k] ?? 0) + (masses[twins[k] ?? 0] ?? 0);
  };

  return {
    draw: (kernel, rng) => {
      const p = (below[kernel] ?? 0) + rng.next() * (inside[kernel] ?? 1);
      const u = (means[kernel] ?? 0) + (deviations[kernel] ?? 1) * inverseLowerMass(p);
      const bounded = Math.min(1, Math.max(0, u));
      return isGrid ? encode(parameter, decode(parameter, bounded)) : bounded;
    },
    addLogDensity: (point, sums) => {
      const edges = same === null ? null : cellEdges(parameter, decode(parameter, point));
      if (same === null || edges === null || edges[1] - edges[0] < NARROW) addDensity(point, sums);
      else addCellMass(point, edges, sums, same);
    },
  };
}

/**
 * The larger of the gaps to both neighbours, the ends of [0, 1] counting as neighbours, clipped to
 * [1/min(100, 1 + M), 1], M = m + 1. Without `considerEndpoints`, of several observations the lowest and the highest use their
 * inner gap only. [m]
 */
export function bandwidths(column: Float64Array, considerEndpoints: boolean): Float64Array {
  const m = column.length;
  const sorted = column.slice().sort();
  const met = new Uint32Array(m); // how many equals of a place were met: of several the oldest stands leftmost
  const at = (i: number) => (i < 0 ? 0 : i >= m ? 1 : (sorted[i] ?? 0));
  const isInner = considerEndpoints || m < 2;
  const narrowest = 1 / Math.min(100, 2 + m);
  return column.map((u) => {
    const place = firstAtLeast(sorted, u);
    const i = place + (met[place] ?? 0);
    met[place] = (met[place] ?? 0) + 1;
    const left = i > 0 || isInner ? u - at(i - 1) : 0;
    const right = i < m - 1 || isInner ? at(i + 1) - u : 0;
    return Math.min(1, Math.max(narrowest, left, right));
  });
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

function alike(means: Float64Array, deviations: Float64Array): Alike {
  const leaders: number[] = [];
  const byMean = new Map<number, number[]>(); // indices of leaders; few deviations share a mean
  const twins = new Uint32Array(means.length);
  means.forEach((mean, k) => {
    const known = byMean.get(mean) ?? [];
    const twin = known.find((i) => deviations[leaders[i] ?? 0] === deviations[k]);
    twins[k] = twin ?? leaders.length;
    if (twin !== undefined) return;
    known.push(leaders.push(k) - 1);
    byMean.set(mean, known);
  });
  return { leaders, twins };
}

/** Index of the first element >= x of a sorted column. */
function firstAtLeast(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Densities of one parameter on a small grid: kernels summed once for each cell that holds something. */

import type { Codec } from '../columns/codec.js';
import { lowerMass } from '../math/normal.js';

/** Cells of a parameter with more values than that. */
const MOST_CELLS = 50;
/** So many deviations around a kernel hold nine tenths of it: at least half a cell. */
const NINE_TENTHS = 1.64;

/** How the points of a parameter fall into cells. */
export interface CellGrid {
  readonly count: number;
  readonly isUnordered: boolean;
  readonly cellOf: (point: number) => number;
}

/** Its values where they are few, else cells of equal width in [0, 1]. */
export function cellGridOf({ levels, isUnordered, levelAt }: Codec): CellGrid {
  if (isUnordered || levels <= MOST_CELLS) return { count: levels, isUnordered, cellOf: levelAt };
  const cellOf = (point: number) => Math.min(MOST_CELLS - 1, Math.floor(point * MOST_CELLS));
  return { count: MOST_CELLS, isUnordered, cellOf };
}

/**
 * Probabilities of the cells given how often each was met, with one prior kernel over all; they sum to 1. O(cells^2). [count]
 * @source Watanabe et al. arXiv:2304.10255, section 4; bandwidth: Scott 1992, as 1.059 min(IQR/1.34, sd) m^-1/5.
 */
export function gridDensity(grid: CellGrid, counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (grid.isUnordered) return counts.map((count) => (count + 1 / grid.count) / (total + 1));

  const sums = new Float64Array(grid.count);
  addKernel(sums, (grid.count - 1) / 2, grid.count, 1 / (total + 1));
  const width = bandwidth(counts, total);
  counts.forEach((count, cell) => {
    if (count > 0) addKernel(sums, cell, width, count / (total + 1));
  });
  return sums;
}

/** In cells. */
function bandwidth(counts: Float64Array, total: number): number {
  const least = 0.5 / NINE_TENTHS;
  if (total === 0) return least;
  let [sum, squares] = [0, 0];
  counts.forEach((count, cell) => {
    sum += count * cell;
    squares += count * cell * cell;
  });
  const variance = total > 1 ? Math.max(0, squares - (sum * sum) / total) / (total - 1) : 0;
  const spread = Math.min((quantile(counts, total, 0.75) - quantile(counts, total, 0.25)) / 1.34, Math.sqrt(variance));
  return Math.max(least, 1.059 * spread * total ** -0.2);
}

/** The first cell with so much of the counts at or before it. */
function quantile(counts: Float64Array, total: number, share: number): number {
  let sum = 0;
  return counts.findIndex((count) => {
    sum += count;
    return sum >= share * total;
  });
}

/** Adds the masses in the cells of a normal cut off at the ends of the grid. */
function addKernel(sums: Float64Array, mean: number, deviation: number, weight: number): void {
  const below = (edge: number) => lowerMass((edge - mean) / deviation);
  const first = below(-0.5);
  const inside = below(sums.length - 0.5) - first;
  let before = first;
  for (let cell = 0; cell < sums.length; cell++) {
    const after = below(cell + 0.5);
    sums[cell] = (sums[cell] as number) + (weight * (after - before)) / inside;
    before = after;
  }
}

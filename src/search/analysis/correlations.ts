/** Which parameters and objectives rise and fall together, whatever the shape: rank correlations. */

import { tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import { ranksOf } from '../math/ranks.js';
import { completedRows } from './axis.js';

export interface Correlations {
  /** Parameters with an order and more than one value, in draw order; false counts as less than true. [p] */
  readonly names: readonly string[];
  /** Objectives, which follow the parameters in the matrix. */
  readonly objectives: number;
  /**
   * In [-1, 1], row by row; of a pair over the trials that have both. NaN where one of them is constant or fewer than three
   * trials have both. [(p + m)^2]
   */
  readonly matrix: Float64Array;
  /** Completed trials. */
  readonly trials: number;
}

const LEAST_TRIALS = 3;

/**
 * Spearman's matrix of the completed trials, objectives as reported. O(d n log n + d^2 n), and O(d^2 n log n) in conditional
 * parameters.
 * @source Spearman, American Journal of Psychology 15 (1904).
 */
export function correlations(history: History): Correlations {
  const table = tableOf(history);
  const rows = completedRows(table);
  const ordered = [...table.codecs.keys()].filter((j) => {
    const { isUnordered, levels, parameter } = table.codecs[j] as (typeof table.codecs)[number];
    return levels > 1 && (!isUnordered || parameter.kind === 'boolean');
  });
  const columns = [
    ...ordered.map((j) => Float64Array.from(rows, (row) => table.points[j]?.[row] as number)),
    ...history.directions.map((_, o) => Float64Array.from(rows, (row) => table.trials[row]?.values?.[o] ?? Number.NaN)),
  ];
  // Ranks of a column that all trials have serve all its pairs.
  const ranks = columns.map((column) => (column.some(Number.isNaN) ? null : ranksOf(column)));
  const size = columns.length;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = a; b < size; b++) {
      const [whole, other] = [ranks[a] ?? null, ranks[b] ?? null];
      const value =
        whole !== null && other !== null
          ? correlation(whole, other)
          : pairwise(columns[a] as Float64Array, columns[b] as Float64Array);
      matrix[a * size + b] = value;
      matrix[b * size + a] = value;
    }
  }
  return {
    names: ordered.map((j) => table.codecs[j]?.parameter.name ?? ''),
    objectives: history.directions.length,
    matrix,
    trials: rows.length,
  };
}

function pairwise(a: Float64Array, b: Float64Array): number {
  const both = [...a.keys()].filter((i) => !Number.isNaN(a[i]) && !Number.isNaN(b[i]));
  const ranksIn = (column: Float64Array) => ranksOf(both.map((i) => column[i] as number));
  return correlation(ranksIn(a), ranksIn(b));
}

/** Pearson's of two columns of ranks, whose mean is known. */
function correlation(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  if (n < LEAST_TRIALS) return Number.NaN;
  const mean = (n - 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [(a[i] as number) - mean, (b[i] as number) - mean];
    products += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  if (squaresA === 0 || squaresB === 0) return Number.NaN;
  return Math.min(1, Math.max(-1, products / Math.sqrt(squaresA * squaresB)));
}

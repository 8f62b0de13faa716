/** What a proposal maximises: the sum of some beliefs, for many rows at once or for one with its gradient. */

import { solveBackward, solveForward } from '../../math/triangular.js';
import type { Belief } from './belief.js';
import { covariances } from './kernel.js';
import type { Surrogate } from './surrogate.js';

/** Rows scored in one go: enough to share the walk through the factor, few enough to stay in the cache. */
export const CHUNK = 64;

export interface Acquisition {
  /** Values at `count` rows of features, unscaled. */
  readonly scores: (rows: Float64Array, count: number) => Float64Array;
  /** The value at one row; writes the slopes by its numeric columns. */
  readonly scoreWithSlopes: (row: Float64Array, slopes: Float64Array) => number;
}

/** The sum of the beliefs, all over rows of this width. */
export function acquisitionOf(beliefs: readonly Belief[], width: number): Acquisition {
  const size = Math.max(1, ...beliefs.map(({ surrogate }) => surrogate.factor.size));
  const v = new Float64Array(CHUNK * size);
  const byDistance = new Float64Array(size);
  const bySolution = new Float64Array(size);
  const inUnits = new Float64Array(CHUNK * width);

  return {
    scores: (rows, count) => {
      const totals = new Float64Array(count);
      for (let first = 0; first < count; first += CHUNK) {
        const many = Math.min(CHUNK, count - first);
        for (const { surrogate, value } of beliefs) {
          const { table, factor, hyperparameters } = surrogate;
          scaleRows(rows, first * width, many, hyperparameters.weights, table.numeric, width, inUnits);
          for (let r = 0; r < many; r++) {
            covariances(table, hyperparameters, inUnits, r * width, v, r * factor.size);
          }
          solveForward(factor, { entries: v, offset: 0, stride: factor.size, count: many });
          for (let r = 0; r < many; r++) totals[first + r] = (totals[first + r] as number) + value(v, r * factor.size);
        }
      }
      return totals;
    },

    scoreWithSlopes: (row, slopes) => {
      slopes.fill(0);
      let total = 0;
      for (const { surrogate, value } of beliefs) {
        const { table, factor, hyperparameters } = surrogate;
        scaleRows(row, 0, 1, hyperparameters.weights, table.numeric, width, inUnits);
        covariances(table, hyperparameters, inUnits, 0, v, 0, byDistance);
        solveForward(factor, { entries: v, offset: 0, stride: factor.size, count: 1 });
        total += value(v, 0, bySolution);
        addSlopes(surrogate, inUnits, byDistance, bySolution, slopes);
      }
      return total;
    },
  };
}

/** One of several terms. */
export function sumOf(parts: readonly Acquisition[]): Acquisition {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return {
    scores: (rows, count) => {
      const totals = new Float64Array(count);
      for (const { scores } of parts) addTo(totals, scores(rows, count));
      return totals;
    },
    scoreWithSlopes: (row, slopes) => {
      slopes.fill(0);
      const own = new Float64Array(slopes.length);
      let total = 0;
      for (const { scoreWithSlopes } of parts) {
        total += scoreWithSlopes(row, own);
        addTo(slopes, own);
      }
      return total;
    },
  };
}

function addTo(target: Float64Array, more: Float64Array): void {
  for (let i = 0; i < more.length; i++) target[i] = (target[i] as number) + (more[i] as number);
}

/**
 * Adds to `slopes`, by the numeric columns of a row, those that it has through one model, given them by v = L^-1 k, of which
 * nothing is left. `inUnits` is the row in units of the lengths, `byDistance` the slopes of its covariances by r^2.
 */
export function addSlopes(
  { table, factor, hyperparameters }: Surrogate,
  inUnits: Float64Array,
  byDistance: Float64Array,
  bySolution: Float64Array,
  slopes: Float64Array,
): void {
  const { rows, numeric, width } = table;
  // d/dk = L^-T d/dv, then k by r^2, then r^2 by the row.
  solveBackward(factor, bySolution);
  const own = new Float64Array(numeric);
  for (let i = 0, at = 0; i < factor.size; i++, at += width) {
    const pull = 2 * (bySolution[i] as number) * (byDistance[i] as number);
    for (let j = 0; j < numeric; j++) {
      own[j] = (own[j] as number) + pull * ((inUnits[j] as number) - (rows[at + j] as number));
    }
  }
  for (let j = 0; j < numeric; j++) {
    slopes[j] = (slopes[j] as number) + (own[j] as number) * Math.sqrt(hyperparameters.weights[j] as number);
  }
}

/** Copies rows, their numeric columns in units of the lengths. */
export function scaleRows(
  rows: Float64Array,
  from: number,
  count: number,
  weights: Float64Array,
  numeric: number,
  width: number,
  target: Float64Array,
): void {
  for (let at = 0; at < count * width; at++) target[at] = rows[from + at] as number;
  for (let j = 0; j < numeric; j++) {
    const scale = Math.sqrt(weights[j] as number);
    for (let at = j; at < count * width; at += width) target[at] = (target[at] as number) * scale;
  }
}

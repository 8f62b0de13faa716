/** What a model expects at one row of features. */

import { solveForward } from '../../math/triangular.js';
import { dotAt } from './belief.js';
import { covariances, scaled } from './kernel.js';
import type { Surrogate } from './surrogate.js';

/** Mean and deviation, >= 0, of the value without noise, in the units of the model; pending points are as expected. */
export function predict(
  { table, factor, hyperparameters, whitened }: Surrogate,
  row: Float64Array,
): { readonly mean: number; readonly deviation: number } {
  const v = new Float64Array(factor.size);
  const inUnits = scaled({ ...table, rows: row, count: 1 }, hyperparameters.weights);
  covariances(table, hyperparameters, inUnits, 0, v, 0);
  solveForward(factor, { entries: v, offset: 0, stride: factor.size, count: 1 });
  const variance = hyperparameters.signal - dotAt(v, v, 0, factor.size);
  return { mean: dotAt(whitened, v, 0, whitened.length), deviation: Math.sqrt(Math.max(0, variance)) };
}

/** What the model expects of the objective, averaged over some points of the space: for charts beside what was observed. */

import type { History } from '../../history.js';
import { createRng } from '../../math/rng.js';
import { solveForward } from '../../math/triangular.js';
import { dotAt } from './belief.js';
import { evidenceOf } from './evidence.js';
import { type Features, featuresOf } from './features.js';
import { covariances, scaled } from './kernel.js';
import { type ModelOptions, modelsOf } from './models.js';
import { WARPS } from './warp.js';

export interface Expectation {
  readonly features: Features;
  /**
   * Mean and deviation, >= 0, of the average over `count` rows of features, in the objective's unit and direction: averaged on
   * the model's scale, then taken back. Rows are correlated: the deviation is that of the average, not the rows' own.
   * O(count n + count^2 + n^2).
   */
  readonly averageOver: (rows: Float64Array, count: number) => { readonly mean: number; readonly deviation: number };
}

const OPTIONS: ModelOptions = {
  acquisition: 'ei',
  kappa: 0,
  xi: 0,
  warps: WARPS,
  isNoiseCounted: false,
  isDeterministic: false,
};
/** Nothing is pending in what is asked, so that nothing is drawn. */
const NO_DRAWS = createRng('', () => () => 0.5);

/**
 * The expectation after the ended trials of a history of one objective; null when nothing has a value, or the model cannot be
 * made. Lasts until the next one is asked for. O(n^3) when its fit is new.
 */
export function expectationOf(history: History): Expectation | null {
  const features = featuresOf(history.space);
  if (features.axes.length === 0) return null;
  const evidence = { ...evidenceOf(history, features), pending: [] };
  const { objective } = modelsOf(features, evidence, OPTIONS, NO_DRAWS);
  if (objective === null) return null;

  const { surrogate, invert } = objective;
  const { table, factor, hyperparameters, whitened } = surrogate;
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const averageOver: Expectation['averageOver'] = (rows, count) => {
    const some = { rows, count, width: features.width, numeric: features.numeric };
    const inUnits = scaled(some, hyperparameters.weights);
    const covariance = new Float64Array(Math.max(factor.size, count));
    const shared = new Float64Array(factor.size); // [n], of the average with each row of the model
    let own = 0;
    for (let a = 0; a < count; a++) {
      covariances(table, hyperparameters, inUnits, a * features.width, covariance, 0);
      for (let i = 0; i < factor.size; i++) shared[i] = (shared[i] as number) + (covariance[i] as number) / count;
      covariances({ ...some, rows: inUnits }, hyperparameters, inUnits, a * features.width, covariance, 0);
      for (let b = 0; b < count; b++) own += (covariance[b] as number) / (count * count);
    }
    solveForward(factor, { entries: shared, offset: 0, stride: factor.size, count: 1 });
    const mean = dotAt(whitened, shared, 0, whitened.length);
    const deviation = Math.sqrt(Math.max(0, own - dotAt(shared, shared, 0, factor.size)));
    // By the slope at the mean: a whole deviation away the way back may be very steep.
    const spread = 5 * Math.abs(invert(mean + deviation / 10) - invert(mean - deviation / 10));
    return { mean: sign * invert(mean), deviation: Math.min(Number.MAX_VALUE, spread) };
  };
  return { features, averageOver };
}

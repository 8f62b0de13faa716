/** What the model expects along one parameter or two. */
import { partialDependence } from '../../search/analysis/partial-dependence.js';
import type { History } from '../../search/history.js';
import { type Basis, basisOf } from './basis.js';

export interface SurfaceOptions {
  /** One, or two different ones. */
  readonly parameters: readonly string[];
  readonly objective: number;
}

export interface SurfaceAnswer {
  readonly basis: Basis;
  /** Where along the parameters; `y` null for one. */
  readonly x: Float64Array;
  readonly y: Float64Array | null;
  /** Row by row, x slowest. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** The trials of its basis are those that the model was fitted to. */
export function surfaceOf(history: History, { parameters, objective }: SurfaceOptions): SurfaceAnswer {
  const [x = '', y] = parameters;
  const found = partialDependence(history, y === undefined ? [x] : [x, y], objective);
  if (found === null) {
    const none = new Float64Array(0);
    return {
      basis: basisOf(history, history.trials.length, 'NO_MODEL'),
      x: none,
      y: null,
      means: none,
      deviations: none,
    };
  }
  const { points, means, deviations, trials } = found;
  return { basis: basisOf(history, trials), x: points[0] ?? means, y: points[1] ?? null, means, deviations };
}

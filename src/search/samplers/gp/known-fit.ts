/** The fit that belongs to what is known, on the schedule. */

import { contentHash } from '../../math/content-hash.js';
import type { Known } from './evidence.js';
import type { Features } from './features.js';
import { type Fit, type FitOptions, fitAt } from './fit.js';
import type { RawSample } from './sample.js';
import { scheduledFit } from './schedule.js';

/** Hyperparameters for `known`, in order of ending; `what` names the values, `first` gives the sample of the first so many. */
export function fitOf(
  what: string,
  { numeric }: Features,
  known: readonly Known[],
  first: (k: number) => RawSample,
  options: FitOptions,
): Fit {
  const growing = {
    prefix: first,
    nameOf: (k: number) => `${what} ${numeric} ${contentHash(known.slice(0, k).map(numbersOf))}`,
  };
  return fitAt(scheduledFit(known.length), growing, options);
}

function numbersOf({ row, source, value, constraints }: Known): readonly number[] {
  return [...row, value, source === 'VALUE' ? 0 : source === 'PRUNED' ? 1 : 2, ...constraints];
}

/** Curves of a few trials, short enough to be drawn: what they reported on the way. */

import type { History } from '../history.js';
import { bestTrial } from './best-so-far.js';
import { type Curve, curves } from './timeline.js';

export interface IntermediateValues {
  /** By number. */
  readonly curves: readonly Curve[];
  /** How many trials reported anything. */
  readonly reporting: number;
}

/**
 * Curves of the newest `trials` that reported anything, the best trial always among them, each of at most `points` reports:
 * of a longer one the first, the last, and others evenly between. NaN and infinities are kept.
 */
export function intermediateValues(history: History, trials: number, points: number): IntermediateValues {
  const all = curves(history);
  const best = bestTrial(history)?.number;
  const newest = all.slice(Math.max(0, all.length - trials));
  const isMissing = newest.every(({ number }) => number !== best);
  const famous = isMissing ? all.filter(({ number }) => number === best) : [];
  const chosen = [...famous, ...newest.slice(famous.length + newest.length > trials ? 1 : 0)];
  return { curves: chosen.map((curve) => thinned(curve, points)), reporting: all.length };
}

function thinned(curve: Curve, points: number): Curve {
  const { length } = curve.steps;
  if (length <= points) return curve;
  const places = Array.from({ length: points }, (_, i) =>
    points === 1 ? length - 1 : Math.round((i * (length - 1)) / (points - 1)),
  );
  return {
    ...curve,
    steps: Float64Array.from(places, (at) => curve.steps[at] as number),
    values: Float64Array.from(places, (at) => curve.values[at] as number),
  };
}

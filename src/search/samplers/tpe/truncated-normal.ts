/** A normal law cut off at 0 and 1, whose mean lies between and whose deviation is at most 1. */

import { inverseLowerMass, logDensity, lowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';

/** Beyond so many deviations a tail is below half an ulp of 1. */
const NO_TAIL = 8.3;

/** ln of its density. */
export function logTruncated(point: number, mean: number, deviation: number): number {
  const z = (point - mean) / deviation;
  return logScale(mean, deviation) - 0.5 * z * z;
}

/** ln of what stands before the exponential in its density. */
export function logScale(mean: number, deviation: number): number {
  return logDensity(0) - Math.log(deviation * massInside(mean, deviation));
}

/** A draw, by the inverse law. */
export function drawTruncated(mean: number, deviation: number, rng: Rng): number {
  const below = lowerMass(-mean / deviation);
  const p = below + rng.next() * (lowerMass((1 - mean) / deviation) - below);
  return Math.min(1, Math.max(0, mean + deviation * inverseLowerMass(p)));
}

/** Mass in [0, 1] before it is cut off. */
export function massInside(mean: number, deviation: number): number {
  const left = mean / deviation;
  const right = (1 - mean) / deviation;
  if (left > NO_TAIL && right > NO_TAIL) return 1;
  return lowerMass(right) - lowerMass(-left);
}

/** What the next trials may be expected to gain, judged by the recent ones. One objective. */

import type { History, HistoryTrial } from '../history.js';
import { lowerMass } from '../math/normal.js';
import { standingOf, violation } from '../standing.js';

/** Trials that the gain is judged by, and how many are needed. */
const WINDOW = 30;
export const LEAST_TRIALS = 10;

/** What is known of the gains so far; all values minimised. */
export interface GainSoFar {
  /** Values of the feasible completed trials, in the order of ends. */
  readonly values: readonly number[];
  readonly lowest: number;
  /** From the median of the first ten to the lowest, >= 0. */
  readonly gained: number;
  /** What the experiment's own trials gained: the same, or from the best of the trials of others where it has some; >= 0. */
  readonly gainedHere: number;
}

/** Null with several objectives, and before twenty trials count. O(n log n). */
export function gainSoFar(history: History): GainSoFar | null {
  if (history.directions.length > 1) return null;
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const counted = history.trials
    .filter((trial) => standingOf(trial, 1) === 'OBSERVED' && violation(trial) === 0)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.number - b.number);
  const minimised = (trial: HistoryTrial) => sign * (trial.values?.[0] ?? 0);
  const values = counted.map(minimised);
  if (values.length < 2 * LEAST_TRIALS) return null;
  const lowest = leastOf(values);
  const gained = medianOf(values.slice(0, LEAST_TRIALS)) - lowest;
  const warm = counted.filter(({ number }) => number < 0);
  return { values, lowest, gained, gainedHere: warm.length === 0 ? gained : leastOf(warm.map(minimised)) - lowest };
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

/**
 * Expected gain of the next `ahead` trials, taken to be like the recent ones: independent draws from a normal law with their
 * mean and deviation. A sampler that still learns gains more, one that narrows down less.
 */
export function gainAhead({ values, lowest }: GainSoFar, ahead: number): number {
  return expectedGain(values.slice(-WINDOW), lowest, ahead);
}

/**
 * Expected improvement on `best` of the least of q draws from the normal law of these values: the integral below `best` of
 * 1 - (1 - F)^q, by Simpson's rule.
 */
export function expectedGain(values: readonly number[], best: number, q: number): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0));
  if (!(deviation > 0 && deviation < Infinity)) return 0;
  const top = (best - mean) / deviation;
  const bottom = Math.min(top, 0) - 9;
  const cells = 400;
  const width = (top - bottom) / cells;
  let sum = 0;
  for (let i = 0; i <= cells; i++) {
    const weight = i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * -Math.expm1(q * Math.log1p(-lowerMass(bottom + i * width)));
  }
  return (deviation * sum * width) / 3;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Whether going on is still worth it: advice with its numbers, never an act. */

import type { History } from '../history.js';
import { lowerMass } from '../math/normal.js';
import { standingOf, violation } from '../standing.js';
import { bestSoFar, bestTrial } from './best-so-far.js';
import { hypervolumeByTrial } from './pareto.js';

export interface StoppingOptions {
  /** Trials without improvement after which to stop. Default 30. */
  readonly patience?: number;
  /** Trials ahead whose gain is expected. Default 10. */
  readonly ahead?: number;
  /** Stop when they are expected to gain less than this share of what was gained since the first trials. Default 0.01. */
  readonly leastGain?: number;
}

/** One rule's verdict. */
export interface StoppingRule {
  /** `stagnation`: trials since the last improvement. `gain`: expected gain of the next trials, in the objective's unit. */
  readonly kind: 'stagnation' | 'gain';
  readonly value: number;
  /** Stop from there: at or above for stagnation, below for gain. */
  readonly threshold: number;
  readonly shouldStop: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

export interface StoppingAdvice {
  /** Whether every rule that could speak says so. */
  readonly shouldStop: boolean;
  readonly rules: readonly StoppingRule[];
}

/** Trials that the gain is judged by, and how many are needed. */
const WINDOW = 30;
const LEAST_TRIALS = 10;

/** The advice; no rule speaks before ten trials counted. For several objectives, stagnation of the hypervolume. */
export function stoppingAdvice(history: History, options: StoppingOptions = {}): StoppingAdvice {
  const { patience = 30, ahead = 10, leastGain = 0.01 } = options;
  const rules = [stagnation(history, patience), gain(history, ahead, leastGain)].filter((rule) => rule !== null);
  return { shouldStop: rules.length > 0 && rules.every((rule) => rule.shouldStop), rules };
}

function stagnation(history: History, patience: number): StoppingRule | null {
  const ended = history.trials.filter((trial) => trial.endedAt !== undefined).length;
  const since = history.directions.length > 1 ? sinceGrowth(history) : sinceImprovement(history);
  if (since === null || ended < LEAST_TRIALS) return null;
  const what = history.directions.length > 1 ? 'the front has not grown' : 'nothing better was found';
  return {
    kind: 'stagnation',
    value: since,
    threshold: patience,
    shouldStop: since >= patience,
    reason: `${what} in the last ${since} trials that ended; the limit is ${patience}`,
  };
}

/** Trials that ended after the best one; null when there is none. */
function sinceImprovement(history: History): number | null {
  const { holders } = bestSoFar(history);
  const holder = holders.at(-1) ?? -1;
  return holder < 0 ? null : holders.length - 1 - holders.indexOf(holder);
}

function sinceGrowth(history: History): number | null {
  const { volumes } = hypervolumeByTrial(history);
  const last = volumes.at(-1) ?? 0;
  return last === 0 ? null : volumes.length - 1 - volumes.indexOf(last);
}

/**
 * The next trials are taken to be like the recent ones: independent draws from a normal law with their mean and deviation. A
 * sampler that still learns gains more, one that narrows down less.
 */
function gain(history: History, ahead: number, leastGain: number): StoppingRule | null {
  if (history.directions.length > 1) return null;
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const counted = history.trials
    .filter((trial) => standingOf(trial, 1) === 'OBSERVED' && violation(trial) === 0)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.number - b.number)
    .map((trial) => sign * (trial.values?.[0] ?? 0));
  const best = bestTrial(history);
  if (best === null || counted.length < 2 * LEAST_TRIALS) return null;

  const lowest = sign * (best.values?.[0] ?? 0);
  const start = medianOf(counted.slice(0, LEAST_TRIALS));
  const value = expectedGain(counted.slice(-WINDOW), lowest, ahead);
  const threshold = leastGain * (start - lowest);
  return {
    kind: 'gain',
    value,
    threshold,
    shouldStop: value <= threshold,
    reason: `the next ${ahead} trials are expected to gain ${value.toPrecision(3)}; less than ${threshold.toPrecision(3)} is not worth it`,
  };
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

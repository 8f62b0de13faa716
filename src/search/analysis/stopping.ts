/** Whether going on is still worth it: advice with its numbers, never an act. */

import { type History, nextNumber } from '../history.js';
import { bestSoFar } from './best-so-far.js';
import { type GainSoFar, gainAhead, gainSoFar, LEAST_TRIALS } from './expected-gain.js';
import { hypervolumeByTrial } from './pareto.js';
import type { StoppingRule } from './stopping-rule.js';
import { worth } from './worth.js';

export interface StoppingOptions {
  /** Trials without improvement after which to stop. Default 30. */
  readonly patience?: number;
  /** Trials ahead whose gain is expected. Default 10. */
  readonly ahead?: number;
  /** Stop when they are expected to gain less than this share of what was gained since the first trials. Default 0.01. */
  readonly leastGain?: number;
  /** Stop when they are expected to gain less per hour than this share of what was gained per hour so far. Default 0.05. */
  readonly leastWorth?: number;
}

export interface StoppingAdvice {
  /** Whether every rule that could speak says so. */
  readonly shouldStop: boolean;
  readonly rules: readonly StoppingRule[];
  /** What all trials that the budget still allows are expected to gain; null without a budget, and while nobody can tell. */
  readonly remaining: { readonly trials: number; readonly gain: number } | null;
}

/** The advice; no rule speaks before ten trials counted. For several objectives, stagnation of the hypervolume. */
export function stoppingAdvice(history: History, options: StoppingOptions = {}): StoppingAdvice {
  const { patience = 30, ahead = 10, leastGain = 0.01, leastWorth = 0.05 } = options;
  const so = gainSoFar(history);
  const rules = [
    stagnation(history, patience),
    so === null ? null : gain(so, ahead, leastGain),
    so === null ? null : worth(history, so, ahead, leastWorth),
  ].filter((rule) => rule !== null);
  return {
    shouldStop: rules.length > 0 && rules.every((rule) => rule.shouldStop),
    rules,
    remaining: so === null || history.budget === undefined ? null : remaining(history, so, history.budget),
  };
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

/** Trials that ended since the best value was found; null when there is none. */
function sinceImprovement(history: History): number | null {
  const { values } = bestSoFar(history);
  const best = values.at(-1) ?? Number.NaN;
  return Number.isNaN(best) ? null : values.length - 1 - values.indexOf(best);
}

function sinceGrowth(history: History): number | null {
  const { volumes } = hypervolumeByTrial(history);
  const last = volumes.at(-1) ?? 0;
  return last === 0 ? null : volumes.length - 1 - volumes.indexOf(last);
}

function gain(so: GainSoFar, ahead: number, leastGain: number): StoppingRule {
  const value = gainAhead(so, ahead);
  const threshold = leastGain * so.gained;
  return {
    kind: 'gain',
    value,
    threshold,
    shouldStop: value <= threshold,
    reason: `the next ${ahead} trials are expected to gain ${value.toPrecision(3)}; less than ${threshold.toPrecision(3)} is not worth it`,
  };
}

function remaining(history: History, so: GainSoFar, budget: number): StoppingAdvice['remaining'] {
  const trials = Math.max(0, budget - nextNumber(history));
  return { trials, gain: trials === 0 ? 0 : gainAhead(so, trials) };
}

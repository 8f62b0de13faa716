/**
 * Normalised regret: how far the best of the first t trials is from the optimum, beside what random search reaches with the
 * whole budget. 0 is the optimum, 1 is random's median; what is worse than ten times that counts as ten, and so does a
 * run that has nothing feasible yet.
 */
import type { Problem } from '../problem.js';

/** What one method did with one problem and seed. */
export interface Run {
  readonly method: string;
  readonly problem: string;
  readonly seed: number;
  /** The best after each trial, in the problem's own unit and without noise; NaN before the first. [trials] */
  readonly best: readonly number[];
  /** Processor time that the method took to propose and to learn, in all; NaN when it is not known. */
  readonly seconds: number;
}

const MOST = 10;
/** Where gaps are compared by their logarithm, a gap that is so many decades below random search's counts as none. */
const DECADES = 4;

/** Regret of a run after `trials` trials; fewer, when the space was exhausted before. */
export type RegretAt = (run: Run, trials: number) => number;

/**
 * Regret on one problem, scaled by the runs of random search at their last trial. Null when random search reaches the
 * optimum: the problem tells nobody apart.
 */
export function regretOn(problem: Problem, random: readonly Run[]): RegretAt | null {
  const optima = new Map<number, number>();
  const optimumOf = (seed: number) => {
    const optimum = optima.get(seed) ?? problem.instance(seed).optimum;
    optima.set(seed, optimum);
    return optimum;
  };
  const gapOf = (run: Run, trials: number) => {
    const best = run.best[Math.min(trials, run.best.length) - 1] ?? Number.NaN;
    const optimum = optimumOf(run.seed);
    // Whoever beats the best that is known stands at 0.
    return Math.max(0, problem.direction === 'maximize' ? optimum - best : best - optimum);
  };
  const scale = median(random.map((run) => gapOf(run, Infinity)));
  if (!(scale > 0)) return null;
  return (run, trials) => {
    const share = gapOf(run, trials) / scale;
    if (Number.isNaN(share)) return MOST;
    return Math.min(MOST, problem.scale === 'linear' ? share : Math.max(0, 1 + Math.log10(share) / DECADES));
  };
}

/** Of unsorted numbers, the mean of the middle two of an even number; NaN counts as the largest. NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.map((value) => (Number.isNaN(value) ? Infinity : value)).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Divides a history into the trials to be like (below) and those to be unlike (above). */

import type { History, HistoryTrial } from '../../history.js';
import { completeParams } from '../../space/default-params.js';
import type { Params, SearchSpace } from '../../space/parameter.js';
import { groupReplicates } from '../../space/replicates.js';
import { standingOf, violation } from '../../standing.js';

/**
 * How many of n observed trials are good enough: `optuna` a tenth up to 25, `linear` a tenth, `sqrt` as hyperopt, up to 25; a
 * number is their share.
 */
export type Gamma = 'optuna' | 'linear' | 'sqrt' | number;

/** Params in order of trial number, oldest first, since kernels are weighed by age. */
export interface Split {
  readonly below: readonly Params[];
  readonly above: readonly Params[];
}

interface Point {
  readonly number: number;
  readonly params: Params;
}

interface Observed {
  readonly trial: HistoryTrial;
  readonly params: Params;
}

interface Ranked extends Point {
  /** Compared from left to right, smaller is better; no NaN. */
  readonly rank: readonly number[];
}

/**
 * Below: feasible completed trials by value, then those ended early by (last step descending, last value), then infeasible
 * ones by violation, until it is full. Above: the rest, failed ones, and with `liar` the pending ones, so that proposals in
 * flight repel the next. Replicates are one point with the mean. Trials that are not legal in the space are left out.
 * @source Bergstra et al. 2011, section 4; Watanabe arXiv:2304.11127, sections 3.1 and 3.3.
 */
export function split(history: History, gamma: Gamma, liar: boolean): Split {
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const observed: Observed[] = [];
  const ranked: Ranked[] = [];
  const above: Point[] = [];
  for (const trial of [...history.trials].sort((a, b) => a.number - b.number)) {
    const params = completeParams(history.space, trial.params);
    const standing = standingOf(trial, history.directions.length);
    if (params === null || standing === 'IGNORED') continue;
    if (standing === 'OBSERVED') observed.push({ trial, params });
    else if (standing === 'PARTIAL') ranked.push({ number: trial.number, params, rank: partialRank(trial, sign) });
    else if (standing === 'FAILED' || liar) above.push({ number: trial.number, params });
  }
  ranked.push(...replicateMeans(history.space, observed, sign));
  ranked.sort(byRank);

  const size = belowCount(gamma, ranked.length);
  return { below: byAge(ranked.slice(0, size)), above: byAge([...ranked.slice(size), ...above]) };
}

/** Size of the good set among n observed trials. */
export function belowCount(gamma: Gamma, n: number): number {
  if (typeof gamma === 'number') return Math.min(n, Math.ceil(gamma * n));
  switch (gamma) {
    case 'optuna':
      return Math.min(Math.ceil(0.1 * n), 25);
    case 'linear':
      return Math.ceil(0.1 * n);
    case 'sqrt':
      return Math.min(Math.ceil(0.25 * Math.sqrt(n)), 25);
  }
}

function replicateMeans(space: SearchSpace, observed: readonly Observed[], sign: number): readonly Ranked[] {
  return groupReplicates(space, observed).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const mean = (of: (trial: HistoryTrial) => number) =>
      group.reduce((sum, { trial }) => sum + of(trial) / group.length, 0);
    const excess = mean(violation);
    const value = sign * mean((trial) => trial.values?.[0] ?? 0);
    const rank = excess > 0 ? [2, excess, value] : [0, value, 0];
    return [{ number: first.trial.number, params: first.params, rank }];
  });
}

function partialRank(trial: HistoryTrial, sign: number): readonly number[] {
  const excess = violation(trial);
  if (excess > 0) return [2, excess, Infinity];
  const step = trial.steps.at(-1);
  const value = trial.reports.at(-1);
  if (step === undefined || value === undefined) return [1, Infinity, Infinity];
  return [1, -step, Number.isNaN(value) ? Infinity : sign * value];
}

function byRank(a: Ranked, b: Ranked): number {
  for (let i = 0; i < 3; i++) {
    const x = a.rank[i] ?? 0;
    const y = b.rank[i] ?? 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.number - b.number;
}

function byAge(points: readonly Point[]): readonly Params[] {
  return [...points].sort((a, b) => a.number - b.number).map((point) => point.params);
}

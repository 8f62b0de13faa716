/** Annealing around good trials: picks one of the best, and draws near it, the nearer the more trials there are. */

import type { History, HistoryTrial } from '../history.js';
import { compareNumbers } from '../math/ranks.js';
import type { Rng } from '../math/rng.js';
import type { OptionsOf } from '../options.js';
import { isActive } from '../space/condition.js';
import { completeParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import { levelAt, levelCount } from '../space/levels.js';
import type { Parameter, Params, ParamValue } from '../space/parameter.js';
import { decode, encode } from '../space/unit.js';
import { isTaken, standingOf, violation } from '../standing.js';
import { type Suggested, suggested } from './proposal.js';
import { defineSampler } from './sampler.js';
import { suggestUniform } from './uniform.js';
import { spentPoints } from './unseen.js';

/** Draws in place of one that is spent. */
const MOST_REDRAWS = 30;

/** The options that the preset `anneal_search` shares, named as the reference platform and hyperopt name them. */
export const ANNEAL_OPTIONS = [
  {
    name: 'avg_best_idx',
    type: 'float',
    default: 2,
    min: 1,
    max: 10_000,
    doc: 'Mean rank, from 1, of the trial explored around: 1 is always the best so far, larger explores more.',
  },
  {
    name: 'shrink_coef',
    type: 'float',
    default: 0.1,
    min: 0,
    max: 1_000,
    doc: 'How fast the neighbourhood shrinks with the number of trials: larger exploits sooner.',
  },
] as const;

export const anneal = defineSampler({
  kind: 'anneal',
  summary:
    'Draws near one of the best trials, the nearer the more there are; simple, quick, and hard to beat on easy problems.',
  options: ANNEAL_OPTIONS,
  objectives: 'one',
  suggestOne: suggestAnneal,
});

/**
 * The next trial: parameters in draw order, each near the value it had in a good trial. Uniform until a trial has a value.
 * O(n log n) in the number of trials.
 * @source hyperopt's `anneal` (Bergstra et al., Computational Science & Discovery 8, 2015), `AnnealingAlgo`.
 */
export function suggestAnneal(options: OptionsOf<typeof ANNEAL_OPTIONS>, history: History, rng: Rng): Suggested | null {
  const spent = spentPoints(history);
  const known = rank(history);
  const isBlind = !history.trials.some((trial) => standingOf(trial, 1) === 'OBSERVED');
  if (known.length === 0 || isBlind) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
  const draws = rng.fork('anneal');
  for (let i = 0; i < MOST_REDRAWS; i++) {
    const params = drawNear(history, known, options, draws);
    if (!spent.has(params)) return suggested(params, 'EXPLOIT');
  }
  return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
}

/** Trials that are legal now, best first: pending and failed ones last, ties by number. */
function rank(history: History): readonly Params[] {
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const ranked = history.trials.flatMap((trial) => {
    const params = isTaken(trial) ? completeParams(history.space, trial.params) : null;
    return params === null ? [] : [{ params, number: trial.number, loss: lossOf(trial, sign) }];
  });
  ranked.sort((a, b) => a.loss[0] - b.loss[0] || compareNumbers(a.loss[1], b.loss[1]) || a.number - b.number);
  return ranked.map(({ params }) => params);
}

/** First the class: feasible, infeasible, unknown; then the value or the violation. */
function lossOf(trial: HistoryTrial, sign: number): readonly [number, number] {
  if (standingOf(trial, 1) !== 'OBSERVED') return [2, 0];
  const excess = violation(trial);
  return excess > 0 ? [1, excess] : [0, sign * (trial.values?.[0] ?? 0)];
}

function drawNear(
  history: History,
  known: readonly Params[],
  { avg_best_idx: averageRank, shrink_coef: coefficient }: OptionsOf<typeof ANNEAL_OPTIONS>,
  rng: Rng,
): Params {
  const params: Record<string, ParamValue> = {};
  const chosen: Params[] = [];
  for (const parameter of drawOrder(history.space)) {
    if (!isActive(parameter, params)) continue;
    const has = (some: Params) => Object.hasOwn(some, parameter.name);
    const able = known.filter(has);
    let good = chosen.find(has);
    if (good === undefined && able.length > 0) {
      good = able[Math.min(geometric(1 / averageRank, rng), able.length) - 1];
      if (good !== undefined) chosen.push(good);
    }
    params[parameter.name] = near(parameter, good?.[parameter.name], 1 / (1 + able.length * coefficient), rng);
  }
  return params;
}

/** A value near `good`, within the share `width` of the range; anywhere when there is no good one. */
function near(parameter: Parameter, good: ParamValue | undefined, width: number, rng: Rng): ParamValue {
  if (good === undefined) return decode(parameter, rng.next());
  if (parameter.kind === 'categorical' || parameter.kind === 'boolean') {
    const count = levelCount(parameter);
    return rng.next() < 1 - width ? good : levelAt(parameter, Math.min(count - 1, Math.floor(rng.next() * count)));
  }
  const middle = Math.min(1 - width / 2, Math.max(width / 2, encode(parameter, good)));
  return decode(parameter, middle + width * (rng.next() - 0.5));
}

/** A geometric number from 1 on: the first success of trials that succeed with probability p. */
function geometric(p: number, rng: Rng): number {
  return p >= 1 ? 1 : 1 + Math.floor(Math.log(1 - rng.next()) / Math.log(1 - p));
}

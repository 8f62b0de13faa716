/** Annealing around good trials: picks one of the best, and draws near it, the nearer the more trials there are. */

import type { History } from '../history.js';
import { compareNumbers } from '../math/ranks.js';
import type { Rng } from '../math/rng.js';
import type { OptionsOf } from '../options.js';
import { isActive } from '../space/condition.js';
import { completeParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import { levelAt, levelCount } from '../space/levels.js';
import { memoOfSpace } from '../space/memo.js';
import type { Parameter, Params, ParamValue, SearchSpace } from '../space/parameter.js';
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
  source:
    'Bergstra et al., Hyperopt: a Python library for model selection and hyperparameter optimization, 2015, doi:10.1088/1749-4699/8/1/014008',
  options: ANNEAL_OPTIONS,
  objectives: 'one',
  suggestOne: suggestAnneal,
});

/**
 * The next trial: parameters in draw order, each near the value it had in a good trial. Uniform until a trial has a value.
 * O(n d) in the number of trials.
 * @source hyperopt's `anneal` (Bergstra et al., Computational Science & Discovery 8, 2015), `AnnealingAlgo`.
 */
export function suggestAnneal(options: AnnealOptions, history: History, rng: Rng): Suggested | null {
  const spent = spentPoints(history);
  const known = knownTrials(history);
  if (known.every(({ rank }) => rank === UNKNOWN)) {
    return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
  }
  const draws = rng.fork('anneal');
  for (let i = 0; i < MOST_REDRAWS; i++) {
    const params = drawNear(history, known, options, draws);
    if (!spent.has(params)) return suggested(params, 'EXPLOIT');
  }
  return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
}

type AnnealOptions = OptionsOf<typeof ANNEAL_OPTIONS>;

interface Known {
  readonly params: Params;
  readonly number: number;
  /** Feasible, infeasible or unknown. */
  readonly rank: 0 | 1 | typeof UNKNOWN;
  /** Among those of its rank: the value, the violation, 0. */
  readonly loss: number;
}

/** The rank of pending, failed and pruned trials. */
const UNKNOWN = 2;

/** Trials that are legal now. */
function knownTrials({ space, directions, trials }: History): readonly Known[] {
  const sign = directions[0] === 'maximize' ? -1 : 1;
  const completions = COMPLETIONS(space);
  const known: Known[] = [];
  for (const trial of trials) {
    if (!isTaken(trial)) continue;
    let params = completions.get(trial.params);
    if (params === undefined) {
      params = completeParams(space, trial.params);
      completions.set(trial.params, params);
    }
    if (params === null) continue;
    const { number } = trial;
    const excess = standingOf(trial, 1) === 'OBSERVED' ? violation(trial) : null;
    if (excess === null) known.push({ params, number, rank: UNKNOWN, loss: 0 });
    else if (excess > 0) known.push({ params, number, rank: 1, loss: excess });
    else known.push({ params, number, rank: 0, loss: sign * (trial.values?.[0] ?? 0) });
  }
  return known;
}

/** Memo of `completeParams`: params are immutable. */
const COMPLETIONS = memoOfSpace((_: SearchSpace) => new WeakMap<Params, Params | null>());

function drawNear(
  { space }: History,
  known: readonly Known[],
  { avg_best_idx: averageRank, shrink_coef: coefficient }: AnnealOptions,
  rng: Rng,
): Params {
  const params: Record<string, ParamValue> = {};
  const chosen: Known[] = [];
  for (const parameter of drawOrder(space)) {
    if (!isActive(parameter, params)) continue;
    const has = (some: Known) => Object.hasOwn(some.params, parameter.name);
    const able = parameter.when === undefined ? known : known.filter(has);
    let good = chosen.find(has);
    if (good === undefined && able.length > 0) {
      good = ofRank(able, Math.min(geometric(1 / averageRank, rng), able.length));
      chosen.push(good);
    }
    params[parameter.name] = near(parameter, good?.params[parameter.name], 1 / (1 + able.length * coefficient), rng);
  }
  return params;
}

/** The trial of this rank, 1 <= rank <= able.length, from the least loss on; ties by number. O(n) for the small ranks in use. */
function ofRank(able: readonly Known[], rank: number): Known {
  const best: Known[] = [];
  for (const some of able) {
    const last = best.at(-1);
    if (best.length === rank && last !== undefined && compare(last, some) < 0) continue;
    let place = best.length;
    for (let before = best[place - 1]; before !== undefined && compare(some, before) < 0; before = best[place - 1]) {
      place -= 1;
    }
    best.splice(place, 0, some);
    if (best.length > rank) best.pop();
  }
  return best.at(-1) as Known; // There are at least as many as the rank.
}

/** Violations may be infinite: their difference would be NaN. */
function compare(a: Known, b: Known): number {
  return a.rank - b.rank || compareNumbers(a.loss, b.loss) || a.number - b.number;
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

/** Tree-structured Parzen estimator: draw like the good trials, keep what is least like the rest. */

import type { History } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { isActive } from '../../space/condition.js';
import { drawOrder } from '../../space/draw-order.js';
import { levelAt } from '../../space/levels.js';
import type { Parameter, Params, ParamValue } from '../../space/parameter.js';
import { decode } from '../../space/unit.js';
import { standingOf } from '../../standing.js';
import { suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { type Spent, spentPoints } from '../unseen.js';
import { blocksOf } from './blocks.js';
import { isUnordered, type ParzenOptions, parzen } from './parzen.js';
import { type Split, split } from './split.js';

/**
 * After `nStartup` finished trials: one Parzen density l of the good trials and one g of the others for each block of
 * parameters; of `nCandidates` draws from l the one with the largest l/g whose point is not spent. O(n d nCandidates).
 * @source Bergstra et al. NeurIPS 2011 and ICML 2013; Falkner et al. ICML 2018 (multivariate); Watanabe arXiv:2304.11127.
 */
export const tpe = defineSampler({
  kind: 'tpe',
  summary:
    'Learns from finished, pruned and pending trials which values are good together; fast, and at home in any space.',
  options: [
    {
      name: 'nStartup',
      type: 'int',
      default: 10,
      min: 1,
      max: 100_000,
      doc: 'Finished trials before the model speaks.',
    },
    {
      name: 'nCandidates',
      type: 'int',
      default: 24,
      min: 1,
      max: 1_000,
      doc: 'Draws among which the most promising is kept.',
    },
    {
      name: 'gamma',
      type: 'choice',
      default: 'optuna',
      choices: ['optuna', 'linear', 'sqrt'],
      doc: 'How many trials count as good: a tenth up to 25, a tenth, or a quarter of the square root up to 25.',
    },
    {
      name: 'goodShare',
      type: 'float',
      default: 0,
      min: 0,
      max: 1,
      doc: 'Share of the trials that counts as good, in place of gamma; 0 leaves it to gamma.',
    },
    {
      name: 'multivariate',
      type: 'boolean',
      default: true,
      doc: 'Model parameters jointly; false takes each by itself.',
    },
    {
      name: 'constantLiar',
      type: 'boolean',
      default: true,
      doc: 'Keep proposals away from the trials still in flight.',
    },
    {
      name: 'priorWeight',
      type: 'float',
      default: 1,
      min: 0.01,
      max: 100,
      doc: 'Weight of the uniform prior beside one trial.',
    },
    {
      name: 'considerEndpoints',
      type: 'boolean',
      default: false,
      doc: 'Let the ends of the range widen the kernels of the lowest and highest trials.',
    },
  ],
  objectives: 'one',
  suggestOne: (options, history, rng) => {
    const spent = spentPoints(history);
    if (finishedCount(history) < options.nStartup)
      return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');

    const parts = split(history, options.goodShare || options.gamma, options.constantLiar);
    const joint = blocksOf(history.space, [...parts.below, ...parts.above]);
    const blocks = options.multivariate ? joint : joint.flat().map((parameter) => [parameter]);
    const draws = rng.fork('candidates');
    const ranked = blocks.map((block) => rankedCandidates(block, parts, options.nCandidates, options, draws));
    const best = suggested(bestUnseen(history, blocks, ranked, spent, rng), 'EXPLOIT');
    return best ?? suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  },
});

type Candidate = readonly ParamValue[];

/** Completed and pruned trials that say something. */
function finishedCount(history: History): number {
  const standings = history.trials.map((trial) => standingOf(trial, history.directions.length));
  return standings.filter((standing) => standing === 'OBSERVED' || standing === 'PARTIAL').length;
}

/** Draws from l for one block, best l/g first. */
function rankedCandidates(
  block: readonly Parameter[],
  { below, above }: Split,
  count: number,
  options: ParzenOptions,
  rng: Rng,
): readonly Candidate[] {
  const hasBlock = (params: Params) => block.every((parameter) => Object.hasOwn(params, parameter.name));
  const good = parzen(block, below.filter(hasBlock), options);
  const rest = parzen(block, above.filter(hasBlock), options);
  const drawn = Array.from({ length: count }, () => {
    const points = good.draw(rng);
    return { points, score: good.logDensity(points) - rest.logDensity(points) };
  });
  drawn.sort((a, b) => b.score - a.score);
  return drawn.map(({ points }) => block.map((parameter, j) => valueAt(parameter, points[j] ?? 0)));
}

function valueAt(parameter: Parameter, point: number): ParamValue {
  return isUnordered(parameter) ? levelAt(parameter, point) : decode(parameter, point);
}

/** The best combination of the blocks' candidates that is not spent: one block after the other steps down its list. */
function bestUnseen(
  history: History,
  blocks: readonly (readonly Parameter[])[],
  ranked: readonly (readonly Candidate[])[],
  spent: Spent,
  rng: Rng,
): Params | null {
  const ranks = blocks.map(() => 0);
  const attempts = ranked.reduce((sum, candidates) => sum + candidates.length, 0);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const chosen = ranked.map((candidates, b) => candidates[ranks[b] ?? 0]);
    const values = new Map(
      blocks.flatMap((block, b) => block.map((parameter, j) => [parameter.name, chosen[b]?.[j] ?? null])),
    );
    const params = assemble(history, values, rng.fork('unmodelled'));
    if (!spent.has(params)) return params;
    const next = attempt % blocks.length;
    ranks[next] = Math.min((ranks[next] ?? 0) + 1, (ranked[next]?.length ?? 1) - 1);
  }
  return null;
}

/** Params with the given values where active; what no block models is drawn uniformly. */
function assemble(history: History, values: ReadonlyMap<string, ParamValue>, rng: Rng): Params {
  const params: Record<string, ParamValue> = {};
  for (const parameter of drawOrder(history.space)) {
    const { name } = parameter;
    if (!isActive(parameter, params)) continue;
    params[name] = values.has(name) ? (values.get(name) ?? null) : decode(parameter, rng.fork(name).next());
  }
  return params;
}

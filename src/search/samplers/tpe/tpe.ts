/** Tree-structured Parzen estimator: draw like the good trials, keep what is least like the rest. */

import { spentRows } from '../../columns/spent-rows.js';
import { type Table, tableOf } from '../../columns/table.js';
import type { Rng } from '../../math/rng.js';
import { isActive } from '../../space/condition.js';
import type { Params, ParamValue } from '../../space/parameter.js';
import { decode } from '../../space/unit.js';
import { suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import type { Spent } from '../unseen.js';
import { type Block, blocksOf, commonBlocks, rowsWith } from './blocks.js';
import { type ParzenOptions, parzen } from './parzen.js';
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
  source:
    'Bergstra et al., Algorithms for hyper-parameter optimization, NeurIPS 2011; Falkner et al. ICML 2018, arXiv:1807.01774 (multivariate); Watanabe 2023, arXiv:2304.11127',
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
      doc: 'How many trials count as good: a tenth (up to 25 with one objective), a tenth, or a quarter of the square root up to 25.',
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
      name: 'group',
      type: 'boolean',
      default: true,
      doc: 'Model conditional parameters jointly with those that come with them; false takes each by itself.',
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
      name: 'marginals',
      type: 'float',
      default: 0.5,
      min: 0,
      max: 10,
      doc: 'How much it counts, beside the parameters jointly, how good each value is by itself.',
    },
    {
      name: 'considerEndpoints',
      type: 'boolean',
      default: false,
      doc: 'Let the ends of the range widen the kernels of the lowest and highest trials.',
    },
  ],
  objectives: 'any',
  suggestOne: (options, history, rng) => {
    const table = tableOf(history);
    const spent = spentRows(table);
    if (finishedCount(table) < options.nStartup) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');

    const parts = split(table, history.directions, options.goodShare || options.gamma, options.constantLiar);
    const rows = [...parts.below, ...parts.above];
    const joint = options.group ? blocksOf(table, rows) : commonBlocks(table, rows);
    const blocks = options.multivariate ? joint : joint.flat().map((j) => [j]);
    const draws = rng.fork('candidates');
    const equalWeights = history.directions.length > 1;
    const ranked = blocks.map((block) =>
      rankedCandidates(table, block, parts, options.nCandidates, { ...options, equalWeights }, draws),
    );
    const best = suggested(bestUnseen(table, blocks, ranked, spent, rng), 'EXPLOIT');
    return best ?? suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  },
});

type Candidate = readonly ParamValue[];

/** Completed and pruned trials that say something. */
function finishedCount(table: Table): number {
  let count = 0;
  for (const standing of table.standings) if (standing === 'OBSERVED' || standing === 'PARTIAL') count += 1;
  return count;
}

/**
 * Draws from l for one block, the best first: by ln(l/g) of the joint densities and, at half the weight, of the parameters'
 * own. The joint g is known next to trials only and flat elsewhere; what each value did in all trials says more there.
 * The weight is ours, by the regret bench: see `narrowestOf`.
 */
function rankedCandidates(
  table: Table,
  block: Block,
  { below, above }: Split,
  count: number,
  options: ParzenOptions & { readonly marginals: number },
  rng: Rng,
): readonly Candidate[] {
  const good = parzen(table, block, rowsWith(table, block, below), options);
  const rest = parzen(table, block, rowsWith(table, block, above), { ...options, equalWeights: false });
  const marginals = block.length > 1 ? options.marginals : 0; // of one parameter they are the joint densities
  const drawn = Array.from({ length: count }, () => {
    const points = good.draw(rng);
    const joint = good.logDensity(points) - rest.logDensity(points);
    const alone = marginals > 0 ? good.logMarginals(points) - rest.logMarginals(points) : 0;
    return { points, score: joint + marginals * alone };
  });
  drawn.sort((a, b) => b.score - a.score);
  return drawn.map(({ points }) => block.map((j, i) => table.codecs[j]?.valueAt(points[i] ?? 0) ?? null));
}

/** The best combination of the blocks' candidates that is not spent: one block after the other steps down its list. */
function bestUnseen(
  table: Table,
  blocks: readonly Block[],
  ranked: readonly (readonly Candidate[])[],
  spent: Spent,
  rng: Rng,
): Params | null {
  const ranks = blocks.map(() => 0);
  const attempts = ranked.reduce((sum, candidates) => sum + candidates.length, 0);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const values = new Map<number, ParamValue>();
    blocks.forEach((block, b) => {
      const chosen = ranked[b]?.[ranks[b] ?? 0];
      block.forEach((j, i) => {
        values.set(j, chosen?.[i] ?? null);
      });
    });
    const params = assemble(table, values, rng.fork('unmodelled'));
    if (!spent.has(params)) return params;
    const next = attempt % blocks.length;
    ranks[next] = Math.min((ranks[next] ?? 0) + 1, (ranked[next]?.length ?? 1) - 1);
  }
  return null;
}

/** Params with the given values where active; what no block models is drawn uniformly. */
function assemble(table: Table, values: ReadonlyMap<number, ParamValue>, rng: Rng): Params {
  const params: Record<string, ParamValue> = {};
  table.codecs.forEach(({ parameter }, j) => {
    const { name } = parameter;
    if (!isActive(parameter, params)) return;
    params[name] = values.has(j) ? (values.get(j) ?? null) : decode(parameter, rng.fork(name).next());
  });
  return params;
}

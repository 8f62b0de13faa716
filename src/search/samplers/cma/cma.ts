/** CMA-ES for mixed spaces: learns along which directions the best trials lie, and how far to step. */

import { spentRows } from '../../columns/spent-rows.js';
import { tableOf } from '../../columns/table.js';
import { suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { defaultLambda } from './constants.js';
import { drawFrom, paramsOf } from './draw.js';
import { evolve, lawsOf } from './evolve.js';
import { layoutOf } from './layout.js';

/** Draws before giving up on one that is not spent. */
const MOST_ATTEMPTS = 30;

/**
 * A draw from the laws after the last whole generation of trials that ended; O(d^2 + n) warm.
 * @source Hansen arXiv:1604.00772; margin for grids: Hamano et al. arXiv:2205.13482; choices: Hamano et al. arXiv:2405.09962.
 */
export const cma = defineSampler({
  kind: 'cma',
  summary: 'Evolves a normal law towards the best trials; strong on numbers when hundreds of trials are affordable.',
  source:
    'Hansen, The CMA evolution strategy: a tutorial, 2016, arXiv:1604.00772; Hamano et al. GECCO 2022, arXiv:2205.13482 (grids); Hamano et al. GECCO 2024, arXiv:2405.09962 (choices)',
  options: [
    {
      name: 'population',
      type: 'int',
      default: 0,
      min: 0,
      max: 10_000,
      doc: 'Trials a generation; 0 means 4 + 3 ln d, as usual. Larger ones suit noisy and rugged objectives.',
    },
    {
      name: 'sigma',
      type: 'float',
      default: 1 / 6,
      min: 0.001,
      max: 1,
      doc: 'First step size, as a share of each range.',
    },
    {
      name: 'restarts',
      type: 'choice',
      default: 'ipop',
      choices: ['none', 'ipop', 'bipop'],
      doc: 'Once nothing improves: begin elsewhere with twice the generation, or alternate that with small ones, or go on.',
    },
  ],
  objectives: 'one',
  suggestOne: ({ population, sigma, restarts }, history, rng, root) => {
    const table = tableOf(history);
    const spent = spentRows(table);
    const layout = layoutOf(table);
    const size = layout.numbers.length + layout.choices.length;
    const isFirst = history.trials.length === 0;
    // The first trial may be the default configuration; a space of fixed values needs no law.
    if (size === 0) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
    if (isFirst) {
      const first = suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
      if (first?.explanation.phase === 'DEFAULT') return first;
    }

    const lambda = Math.max(2, population === 0 ? defaultLambda(size) : population);
    const laws = lawsOf(evolve(table, layout, history.directions, { lambda, sigma, restarts }, root));
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const params = paramsOf(drawFrom(laws, layout, rng.fork(`draw ${attempt}`)), table, layout);
      if (!spent.has(params)) return suggested(params, 'EXPLOIT');
    }
    return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  },
});

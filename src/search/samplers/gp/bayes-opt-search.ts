/** The method of this name on platforms that people come from: its options and defaults, our Gaussian process. */

import { defineSampler } from '../sampler.js';
import { suggestByModel } from './gp.js';

/** Finished trials before the model speaks. */
const STARTUP = 5;

/** `gp` on values as they are, with the acquisitions of Brochu et al. arXiv:1012.2599, section 2.3. */
export const bayesOptSearch = defineSampler({
  kind: 'bayes_opt_search',
  summary: 'Bayesian optimisation under its usual names and defaults; auto or gp need fewer trials.',
  options: [
    {
      name: 'num_samples',
      type: 'int',
      default: 20,
      min: 1,
      max: 1_000_000,
      doc: 'Trials that the search is meant to take: the start-up is at most a quarter of them. The budget of the experiment ends it.',
    },
    {
      name: 'kind',
      type: 'choice',
      default: 'ucb',
      choices: ['ucb', 'ei', 'poi'],
      doc: 'What is maximised: an upper bound of confidence, the expected improvement, or the probability of one.',
    },
    {
      name: 'kappa',
      type: 'float',
      default: 2.5,
      min: 0,
      max: 100,
      doc: 'Deviations that ucb adds to the mean: more explores more.',
    },
    {
      name: 'xi',
      type: 'float',
      default: 0,
      min: 0,
      doc: 'What ei and poi take for an improvement, in the unit of the objective: more explores more.',
    },
    {
      name: 'seed',
      type: 'int',
      default: 1,
      min: 0,
      doc: 'Another number gives another search of the same experiment.',
    },
  ],
  objectives: 'one',
  suggestOne: ({ num_samples, kind, kappa, xi, seed }, history, rng) =>
    suggestByModel(history, rng.fork(`seed ${seed}`), {
      nStartup: Math.max(1, Math.min(STARTUP, Math.ceil(num_samples / 4))),
      models: { acquisition: kind, kappa, xi, warps: ['identity'], isNoiseCounted: false, isDeterministic: false },
    }),
});

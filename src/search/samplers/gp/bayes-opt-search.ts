/** The method of this name on platforms that people come from: its options and defaults, our Gaussian process. */

import { definePreset } from '../preset.js';
import { defineSampler, type SamplerDefinition } from '../sampler.js';
import { suggestByModel } from './gp.js';

/** Finished trials before the model speaks. */
const STARTUP = 5;

/** `gp` on values as they are, with the acquisitions of Brochu et al. arXiv:1012.2599, section 2.3. */
export const bayesOptSearch = definePreset({
  kind: 'bayes_opt_search',
  summary: 'Bayesian optimisation under its usual names and defaults; auto or gp need fewer trials.',
  source:
    'Brochu, Cora, de Freitas, A tutorial on Bayesian optimization of expensive cost functions, 2010, arXiv:1012.2599',
  options: [
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
  ],
  objectives: 'one',
  sampler: ({ num_samples, ...model }) => modelled(num_samples, model).create({}),
});

/** The method that runs, for a budget of so many trials. */
function modelled(
  budget: number,
  { kind, kappa, xi }: { readonly kind: 'ucb' | 'ei' | 'poi'; readonly kappa: number; readonly xi: number },
): SamplerDefinition {
  const nStartup = Math.max(1, Math.min(STARTUP, Math.ceil(budget / 4)));
  const models = {
    acquisition: kind,
    kappa,
    xi,
    warps: ['identity'],
    isNoiseCounted: false,
    isDeterministic: false,
  } as const;
  return defineSampler({
    kind: 'bayes_opt_search',
    summary: '',
    options: [],
    objectives: 'one',
    suggestOne: (_, history, rng) => suggestByModel(history, rng, { nStartup, models }),
  });
}

/** The reference platform's `anneal_search`: our anneal under its names and defaults. */

import { ANNEAL_OPTIONS, anneal } from './anneal.js';
import { definePreset } from './preset.js';

export const annealSearch = definePreset({
  kind: 'anneal_search',
  summary: 'anneal with the options and defaults of ModelArts.',
  source:
    'Bergstra et al., Hyperopt: a Python library for model selection and hyperparameter optimization, 2015, doi:10.1088/1749-4699/8/1/014008',
  options: ANNEAL_OPTIONS,
  objectives: 'one',
  sampler: ({ avg_best_idx, shrink_coef }) => anneal.create({ avg_best_idx, shrink_coef }),
});

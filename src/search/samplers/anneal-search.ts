/** The reference platform's `anneal_search`: our anneal under its names and defaults. */

import { ANNEAL_OPTIONS, anneal } from './anneal.js';
import { definePreset } from './preset.js';

export const annealSearch = definePreset({
  kind: 'anneal_search',
  summary: 'anneal with the options and defaults of ModelArts.',
  options: ANNEAL_OPTIONS,
  objectives: 'one',
  sampler: ({ avg_best_idx, shrink_coef }) => anneal.create({ avg_best_idx, shrink_coef }),
});

/** The reference platform's `tpe_search`: our tpe under its names and defaults. */

import { definePreset } from './preset.js';
import { tpe } from './tpe/tpe.js';

/** With its defaults every trial is a start-up draw, as on the reference platform. */
export const tpeSearch = definePreset({
  kind: 'tpe_search',
  summary:
    'tpe with the options of ModelArts. As many start-up trials as trials by default: then the model never speaks.',
  source: 'Bergstra et al., Algorithms for hyper-parameter optimization, NeurIPS 2011',
  options: [
    {
      name: 'n_initial_points',
      type: 'int',
      default: 20,
      min: 1,
      max: 100_000,
      doc: 'Random trials before the model speaks; keep it well below num_samples.',
    },
    {
      name: 'gamma',
      type: 'float',
      default: 0.25,
      min: 0.001,
      max: 1,
      doc: 'Share of the trials that counts as good.',
    },
  ],
  objectives: 'one',
  sampler: ({ n_initial_points: nStartup, gamma: goodShare }) => tpe.create({ nStartup, goodShare }),
});

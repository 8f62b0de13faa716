/** The percentile rule: as the median rule, for another share than half. */

import { judgePercentile, percentileOptions } from './percentile-rule.js';
import { definePruner } from './pruner.js';

/** @source Golovin et al., Google Vizier, KDD 2017, section 3.3, for any share. */
export const percentile = definePruner({
  kind: 'percentile',
  summary: 'Stops a trial that is not among the best so many percent of completed trials at the same step.',
  source: 'Golovin et al., Google Vizier: a service for black-box optimization, KDD 2017, doi:10.1145/3097983.3098043',
  options: [
    {
      name: 'percentile',
      type: 'float',
      default: 25,
      min: 0,
      max: 100,
      doc: 'A trial goes on while it is among the best so many percent; smaller prunes more.',
    },
    ...percentileOptions,
  ],
  judge: judgePercentile,
});

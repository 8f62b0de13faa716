/** The median rule: stop what is worse so far than half of the completed trials were at the same step. */

import { judgePercentile, percentileOptions } from './percentile-rule.js';
import { definePruner } from './pruner.js';

/** @source Golovin et al., Google Vizier, KDD 2017, section 3.3. */
export const median = definePruner({
  kind: 'median',
  summary: 'Stops a trial whose best value so far is worse than the median of completed trials at the same step.',
  source: 'Golovin et al., Google Vizier: a service for black-box optimization, KDD 2017, doi:10.1145/3097983.3098043',
  options: percentileOptions,
  judge: (options, history, judged) => judgePercentile({ ...options, percentile: 50 }, history, judged),
});

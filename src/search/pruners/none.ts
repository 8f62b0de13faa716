/** No pruning: every trial runs to its end. */

import { definePruner, goOn } from './pruner.js';

export const none = definePruner({
  kind: 'none',
  summary: 'Lets every trial run to its end.',
  source: 'Our own, 2026: it does nothing',
  options: [],
  judge: () => goOn('nothing is pruned'),
});

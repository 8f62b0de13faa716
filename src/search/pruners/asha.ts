/** Asynchronous successive halving without checkpoints: at each rung the best share goes on, the rest stops. */

import { firstPassesOption, judgeRung } from './judge-rung.js';
import { ladderOf, ladderOptions } from './ladder.js';
import { definePruner, goOn } from './pruner.js';

/**
 * A trial is compared at each rung with what had been reported there when it came; at a rung crossed within a batch of reports
 * by its first value past it. Who was let go on at a rung is not stopped there later (`judgeRung`).
 * @source Li et al., A system for massively parallel hyperparameter tuning, MLSys 2020, arXiv:1810.05934, without resuming.
 */
export const asha = definePruner({
  kind: 'asha',
  summary:
    'Compares trials at steps 1, 3, 9, 27 … and lets the best third of each go on: strong where early steps tell.',
  source: 'Li et al., A system for massively parallel hyperparameter tuning, MLSys 2020, arXiv:1810.05934',
  options: [...ladderOptions, firstPassesOption],
  judge: (options, history, judged) => {
    const ladder = ladderOf(options, history);
    if (ladder === null) return goOn('no trial is completed yet that says how long one is');
    return judgeRung({ ladder, isRival: () => true, firstPasses: options.firstPasses }, history, judged);
  },
});

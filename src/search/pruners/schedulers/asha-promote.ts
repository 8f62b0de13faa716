/** Asynchronous successive halving with checkpoints: every trial pauses at a rung, and the best third of it goes on. */

import { ladderOf, ladderOptions } from '../ladder.js';
import { goOn, signOf } from '../pruner.js';
import { lastResort, pauseAtRung, promotable } from './promote.js';
import { defineScheduler } from './scheduler.js';

/** @source Li et al., A system for massively parallel hyperparameter tuning, MLSys 2020, arXiv:1810.05934, algorithm 2. */
export const ashaPromote = defineScheduler({
  kind: 'asha_promote',
  summary:
    'Pauses trials at steps 1, 3, 9, 27 … and resumes the best third of each; needs checkpoints, wastes no slot.',
  source: 'Li et al., A system for massively parallel hyperparameter tuning, MLSys 2020, arXiv:1810.05934',
  options: ladderOptions,
  judge: (options, history, judged) => {
    const ladder = ladderOf(options, history);
    return ladder === null
      ? goOn('no trial is completed yet that says how long one is')
      : pauseAtRung(ladder, history, judged);
  },
  resume: (options, history, free) => {
    const ladder = ladderOf(options, history);
    if (ladder === null) return [];
    const starts = promotable(ladder, history.trials, signOf(history));
    return starts.length > 0 ? starts.slice(0, free) : lastResort(() => ladder, history);
  },
});

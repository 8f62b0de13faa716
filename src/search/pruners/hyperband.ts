/** Hyperband without checkpoints: several ladders of rungs, some bold, some patient, and each trial on one of them. */

import type { HistoryTrial } from '../history.js';
import { bracketsOf } from './brackets.js';
import { firstPassesOption, judgeRung } from './judge-rung.js';
import { ladderOptions } from './ladder.js';
import { definePruner, goOn } from './pruner.js';

/**
 * A trial's bracket is drawn by a hash of the experiment's seed and its number, so nothing is stored. Within a bracket, the
 * rule of `asha`. Nothing stops before the steps of a whole trial are known.
 * @source Li et al., Hyperband, JMLR 18 (2018), algorithm 1, with asynchronous brackets as in arXiv:1810.05934, section 3.3.
 */
export const hyperband = definePruner({
  kind: 'hyperband',
  summary: 'Divides trials among brackets that prune early, late or never: for when early steps may mislead.',
  source:
    'Li et al., Hyperband: a novel bandit-based approach to hyperparameter optimization, JMLR 18, 2018, arXiv:1603.06560',
  options: [...ladderOptions, firstPassesOption],
  judge: (options, history, judged) => {
    const brackets = bracketsOf(options, history);
    if (brackets === null) return goOn('no trial is completed yet that says how long one is');
    const ladder = brackets.of(judged.trial.number);
    const isRival = (trial: HistoryTrial) => brackets.of(trial.number) === ladder;
    return judgeRung({ ladder, isRival, firstPasses: options.firstPasses }, history, judged);
  },
});

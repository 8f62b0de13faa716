/** Hyperband with checkpoints: in each bracket every trial pauses at a rung, and the best third of it goes on. */

import { bracketsOf } from '../brackets.js';
import { ladderOptions } from '../ladder.js';
import { goOn, signOf } from '../pruner.js';
import { lastResort, pauseAtRung, promotable } from './promote.js';
import { defineScheduler } from './scheduler.js';

/**
 * A trial's bracket is drawn by a hash of the experiment's seed and its number. Nothing pauses before the steps of a whole
 * trial are known. Bolder brackets are served first.
 * @source Li et al., Hyperband, JMLR 18 (2018), algorithm 1, with the asynchronous rule of arXiv:1810.05934 in each bracket.
 */
export const hyperbandPromote = defineScheduler({
  kind: 'hyperband_promote',
  summary:
    'Divides trials among brackets that pause early, late or never, and resumes the best of each; needs checkpoints.',
  source:
    'Li et al., Hyperband: a novel bandit-based approach to hyperparameter optimization, JMLR 18, 2018, arXiv:1603.06560',
  options: ladderOptions,
  judge: (options, history, judged) => {
    const brackets = bracketsOf(options, history);
    if (brackets === null) return goOn('no trial is completed yet that says how long one is');
    return pauseAtRung(brackets.of(judged.trial.number), history, judged);
  },
  resume: (options, history, free) => {
    const brackets = bracketsOf(options, history);
    if (brackets === null) return [];
    const starts = brackets.ladders.toReversed().flatMap((ladder) => {
      const trials = history.trials.filter((trial) => brackets.of(trial.number) === ladder);
      return promotable(ladder, trials, signOf(history));
    });
    return starts.length > 0 ? starts.slice(0, free) : lastResort((trial) => brackets.of(trial.number), history);
  },
});

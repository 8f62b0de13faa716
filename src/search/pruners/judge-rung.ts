/** The stopping rule of successive halving at the highest rung that a trial has reached. */

import type { History, HistoryTrial } from '../history.js';
import type { Option } from '../options.js';
import { highestRung, type Ladder, lastStep } from './ladder.js';
import { brief, goOn, halt, isNaNAt, type Judged, signOf, type Verdict } from './pruner.js';
import { precedence, resultAt } from './rungs.js';

export const firstPassesOption = {
  name: 'firstPasses',
  type: 'boolean',
  default: false,
  doc: 'Let the first arrivals at a rung go on until eta have come, instead of only the best so far.',
} as const satisfies Option;

/** Who is compared, and how. */
export interface Comparison {
  readonly ladder: Ladder;
  /** Whether a trial is in the same bracket; asked only of those that have reached the rung. */
  readonly isRival: (trial: HistoryTrial) => boolean;
  readonly firstPasses: boolean;
}

/**
 * Goes on when at most floor(m/eta) - 1 of the m results at the rung are better, its own included in m; while m < eta, only
 * when none is. Results that came later than its own do not count; asked again after a later report, nor do those that may have
 * (`precedence`), so that a trial let go on is not stopped at the same rung. Equal values go on. O(n) in the trials.
 */
export function judgeRung({ ladder, isRival, firstPasses }: Comparison, history: History, judged: Judged): Verdict {
  const { trial, step } = judged;
  const sign = signOf(history);
  const rung = highestRung(ladder, lastStep(trial));
  const own = rung === null ? null : resultAt(trial, rung, sign);
  if (rung === null || own === null) return goOn(`step ${step} is below the first rung`);
  if (Number.isNaN(own.report)) return isNaNAt(rung, rung);

  // A loop, since this is asked at every report of every trial.
  let [count, earlier, better] = [0, 0, 0];
  for (const other of history.trials) {
    const result = resultAt(other, rung, sign);
    const order = result === null ? null : precedence(own, result);
    if (result === null || order === null || !isRival(other)) continue;
    count += 1;
    if (order === 'earlier') earlier += 1;
    if (result.value < own.value) better += 1;
  }
  const facts = `${better} of ${count} are better than ${brief(own.report)} at rung ${brief(rung)}`;
  if (firstPasses && earlier < ladder.eta) return goOn(facts, rung);
  const places = Math.max(1, Math.floor(count / ladder.eta));
  return better < places ? goOn(facts, rung) : halt('PRUNE', facts, rung);
}

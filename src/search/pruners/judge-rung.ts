/** The stopping rule of successive halving at the highest rung that a trial has reached. */

import type { History, HistoryTrial } from '../history.js';
import type { Option } from '../options.js';
import { highestRung, type Ladder, lastStep } from './ladder.js';
import { brief, goOn, halt, isNaNAt, type Judged, signOf, type Verdict } from './pruner.js';
import { resultAt } from './rungs.js';

export const firstPassesOption = {
  name: 'firstPasses',
  type: 'boolean',
  default: false,
  doc: 'Let the first arrivals at a rung go on until eta have come, instead of only the best so far.',
} as const satisfies Option;

/** Who is compared, and how. */
export interface Comparison {
  readonly ladder: Ladder;
  /** Those of the same bracket, the judged trial included. */
  readonly trials: readonly HistoryTrial[];
  readonly firstPasses: boolean;
}

/**
 * Goes on when at most floor(m/eta) - 1 of the m results at the rung are better, its own included in m; while m < eta, only
 * when none is. Results that came later than its own do not count, so the verdict stays whenever it is asked for. Ties go on.
 * O(n) in the trials.
 */
export function judgeRung({ ladder, trials, firstPasses }: Comparison, history: History, judged: Judged): Verdict {
  const { trial, step } = judged;
  const sign = signOf(history);
  const rung = highestRung(ladder, lastStep(trial));
  const own = rung === null ? null : resultAt(trial, rung, sign);
  if (rung === null || own === null) return goOn(`step ${step} is below the first rung`);
  if (Number.isNaN(own.report)) return isNaNAt(rung, rung);

  // A loop, since this is asked at every report of every trial.
  let [count, better] = [0, 0];
  for (const other of trials) {
    const result = resultAt(other, rung, sign);
    if (result === null || (other !== trial && result.at > own.at)) continue;
    count += 1;
    if (result.value < own.value) better += 1;
  }
  const facts = `${better} of ${count} are better than ${brief(own.report)} at rung ${brief(rung)}`;
  if (firstPasses && count < ladder.eta) return goOn(facts, rung);
  const places = Math.max(1, Math.floor(count / ladder.eta));
  return better < places ? goOn(facts, rung) : halt('PRUNE', facts, rung);
}

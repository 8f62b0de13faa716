/** What every answer says of itself. */
import type { History } from '../../search/history.js';

/**
 * Why an answer is empty, or says little. `NO_TRIALS`: none that counts. `TOO_FEW`: to say anything. `NO_VARIANCE`: all values
 * are alike. `NO_MODEL`: the model cannot say anything about what was asked.
 */
export type AnalysisProblem = 'NO_TRIALS' | 'TOO_FEW' | 'NO_VARIANCE' | 'NO_MODEL';

export interface Basis {
  /** How many trials it was made of. */
  readonly trials: number;
  /** Position in the experiment's sequence up to which everything is in it. */
  readonly sequence: number;
  readonly problem: AnalysisProblem | null;
}

/** The basis of an answer that was made of so many trials; without any it has the problem `NO_TRIALS`. O(n). */
export function basisOf(history: History, trials: number, problem: AnalysisProblem | null = null): Basis {
  let sequence = 0;
  for (const trial of [...history.trials, ...(history.outside ?? [])]) {
    sequence = Math.max(sequence, trial.askedAt, trial.endedAt ?? 0);
  }
  return { trials, sequence, problem: trials === 0 ? 'NO_TRIALS' : problem };
}

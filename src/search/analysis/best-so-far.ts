/** The best trial, and how it came about. Of one objective: the first, unless another is named. */

import type { Direction, History, HistoryTrial } from '../history.js';
import { standingOf, violation } from '../standing.js';

/** The best value of one objective after each end of a trial, as columns. */
export interface BestSoFar {
  /** Number of the trial that ended, in the order of ends. [n] */
  readonly numbers: Int32Array;
  /** Best value once it had ended; NaN before the first that counts. [n] */
  readonly values: Float64Array;
  /** Number of the trial that holds it; -1 before the first that counts. [n] */
  readonly holders: Int32Array;
}

/** The best trial: completed, feasible, all values finite; ties go to the lower number. Null when there is none. */
export function bestTrial(history: History): HistoryTrial | null {
  return history.trials.reduce<HistoryTrial | null>(
    (best, trial) => betterOf(best, trial, history.directions, 0),
    null,
  );
}

/** The best so far after each trial that ended, in the order of their ends. `objective`: its index. O(n log n). */
export function bestSoFar(history: History, objective = 0): BestSoFar {
  const ended = history.trials.filter((trial) => trial.endedAt !== undefined);
  ended.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));

  let best: HistoryTrial | null = null;
  const holders = ended.map((trial) => {
    best = betterOf(best, trial, history.directions, objective);
    return best;
  });
  return {
    numbers: Int32Array.from(ended, (trial) => trial.number),
    values: Float64Array.from(holders, (trial) => trial?.values?.[objective] ?? Number.NaN),
    holders: Int32Array.from(holders, (trial) => trial?.number ?? -1),
  };
}

function betterOf(
  best: HistoryTrial | null,
  trial: HistoryTrial,
  directions: readonly Direction[],
  objective: number,
): HistoryTrial | null {
  if (standingOf(trial, directions.length) !== 'OBSERVED' || violation(trial) > 0) return best;
  if (best === null) return trial;
  const sign = directions[objective] === 'maximize' ? -1 : 1;
  const gain = sign * (best.values?.[objective] ?? 0) - sign * (trial.values?.[objective] ?? 0);
  return gain > 0 || (gain === 0 && trial.number < best.number) ? trial : best;
}

/** What early stopping cost and saved in a simulated experiment, against what each trial would have come to. */

import type { HistoryTrial } from './history.js';
import type { TimedRun } from './simulate-time.js';

/** Shares are in [0, 1], and 0 where there is nothing to share. */
export interface PruningReport {
  readonly pruned: number;
  /** Share of the pruned trials that would have ended among the best 5 % of all. */
  readonly falsePrunes: number;
  /** Share of the best 5 % of all that were pruned. */
  readonly lost: number;
  /** Share of the epochs that all trials would have taken and that were not trained. */
  readonly epochsSaved: number;
}

/** The share of the trials that counts as the best. */
const BEST = 0.05;

/**
 * Of the trials that have ended or are paused; failed ones are left out. `endOf` is the final value of a trial trained to the
 * end. A trial that is paused for good counts as pruned.
 */
export function pruningReport(
  { history }: TimedRun,
  endOf: (trial: HistoryTrial) => number,
  epochsOf: (trial: HistoryTrial) => number,
): PruningReport {
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const judged = history.trials.filter(
    ({ state }) => state === 'COMPLETED' || state === 'PRUNED' || state === 'WAITING',
  );
  const ends = new Map(judged.map((trial) => [trial, sign * endOf(trial)]));
  const ranked = [...judged].sort((a, b) => (ends.get(a) ?? 0) - (ends.get(b) ?? 0) || a.number - b.number);
  const best = new Set(ranked.slice(0, Math.round(BEST * ranked.length)));
  const pruned = judged.filter(({ state }) => state !== 'COMPLETED');
  const lost = pruned.filter((trial) => best.has(trial)).length;
  const [trained, whole] = [sum(judged, ({ steps }) => steps.length), sum(judged, epochsOf)];
  return {
    pruned: pruned.length,
    falsePrunes: share(lost, pruned.length),
    lost: share(lost, best.size),
    epochsSaved: share(whole - trained, whole),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(trials: readonly HistoryTrial[], of: (trial: HistoryTrial) => number): number {
  return trials.reduce((total, trial) => total + of(trial), 0);
}

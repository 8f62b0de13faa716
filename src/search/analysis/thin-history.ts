/** Histories cut down to what an analysis can afford: always the same trials for the same history, and seldom others. */

import type { History, HistoryTrial } from '../history.js';
import { standingOf } from '../standing.js';

/** A cut grows by this factor at a time, so that a model made of it lasts while the experiment goes on. */
const STEP = 1.05;

/** The completed trials, evenly thinned by number to at most `most`; everything else is left out. */
export function evenly(history: History, most: number): History {
  const observed = observedTrials(history);
  const trials = observed.length <= most ? observed : spread(observed, most);
  return { ...history, trials };
}

/**
 * The completed trials with one objective only; of more than `most` the best half of that and others evenly, among the first so
 * many that ended: those that ended since the last step of a twentieth are not in it.
 */
export function telling(history: History, objective: number, most: number): History {
  const direction = history.directions[objective] ?? 'minimize';
  const observed = observedTrials(history).sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.number - b.number);
  const trials = observed.length <= most ? observed : pickedOf(observed.slice(0, stepUpTo(observed.length, most)));
  return { ...history, directions: [direction], trials: trials.map(single) };

  function pickedOf(known: readonly HistoryTrial[]): readonly HistoryTrial[] {
    const sign = direction === 'maximize' ? -1 : 1;
    const byValue = [...known].sort((a, b) => sign * (valueIn(a) - valueIn(b)) || a.number - b.number);
    const best = new Set(byValue.slice(0, most >> 1));
    const others = spread(
      known.filter((trial) => !best.has(trial)),
      most - best.size,
    );
    const chosen = new Set([...best, ...others]);
    return known.filter((trial) => chosen.has(trial));
  }

  function valueIn(trial: HistoryTrial): number {
    return trial.values?.[objective] ?? 0;
  }

  /** The same object where there is but one objective, by which others tell what they know. */
  function single(trial: HistoryTrial): HistoryTrial {
    return history.directions.length === 1 ? trial : { ...trial, values: [valueIn(trial)] };
  }
}

function observedTrials(history: History): HistoryTrial[] {
  return history.trials
    .filter((trial) => standingOf(trial, history.directions.length) === 'OBSERVED')
    .sort((a, b) => a.number - b.number);
}

/** The greatest of most, 1.05 most, 1.05^2 most … that is at most n. */
function stepUpTo(n: number, most: number): number {
  let at = most;
  while (Math.ceil(at * STEP) <= n) at = Math.ceil(at * STEP);
  return at;
}

function spread(trials: readonly HistoryTrial[], most: number): readonly HistoryTrial[] {
  if (trials.length <= most) return trials;
  return Array.from({ length: most }, (_, i) => trials[Math.floor((i * trials.length) / most)] as HistoryTrial);
}

/** When trials ran, in positions of the experiment's sequence, and the curves that they reported. */

import type { History, TrialState } from '../history.js';

/** One trial as a bar. */
export interface Bar {
  readonly number: number;
  readonly state: TrialState;
  /** Sampler kind that proposed it, or 'user'. */
  readonly by: string;
  readonly from: number;
  /** Null while it has not ended. */
  readonly to: number | null;
  /** The lowest lane that was free: as many lanes as trials at once. */
  readonly lane: number;
}

/** One trial's reports, as columns of equal length in order of arrival. */
export interface Curve {
  readonly number: number;
  readonly state: TrialState;
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** The bars by start. O(n times lanes). */
export function timeline(history: History): readonly Bar[] {
  const trials = [...history.trials].sort((a, b) => a.askedAt - b.askedAt || a.number - b.number);
  const freeFrom: number[] = []; // by lane
  return trials.map(({ number, state, by, askedAt, endedAt }) => {
    const free = freeFrom.findIndex((end) => end <= askedAt);
    const lane = free < 0 ? freeFrom.length : free;
    freeFrom[lane] = endedAt ?? Infinity;
    return { number, state, by, from: askedAt, to: endedAt ?? null, lane };
  });
}

/** The curves of trials that reported anything, by number. */
export function curves(history: History): readonly Curve[] {
  const reporting = history.trials.filter((trial) => trial.reports.length > 0);
  reporting.sort((a, b) => a.number - b.number);
  return reporting.map(({ number, state, steps, reports }) => ({ number, state, steps, values: reports }));
}

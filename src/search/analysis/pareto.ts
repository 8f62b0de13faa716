/** Several objectives at once: the trials that no other beats, how the front grew, and where it bends. */

import type { History, HistoryTrial } from '../history.js';
import { dominates, frontsOf, type Values } from '../math/fronts.js';
import { exclusive, referenceOf } from '../math/hypervolume.js';
import { standingOf, violation } from '../standing.js';

/** Volume dominated after each end of a trial, as columns. */
export interface HypervolumeByTrial {
  /** Number of the trial that ended, in the order of ends. [n] */
  readonly numbers: Int32Array;
  /** Volume up to the reference, >= 0, never falling. [n] */
  readonly volumes: Float64Array;
  /** The reference, in the objectives' own units and directions; empty when nothing counts. [m] */
  readonly reference: readonly number[];
}

/**
 * The trials that no other is at least as good as in every objective and better in one: completed, feasible, all values finite;
 * by number. Equal trials are all of the front.
 */
export function paretoFront(history: History): readonly HistoryTrial[] {
  const trials = countingTrials(history);
  const [front = []] = frontsOf(
    trials.map((trial) => minimised(history, trial)),
    1,
  );
  return front.map((i) => trials[i] as HistoryTrial).sort((a, b) => a.number - b.number);
}

/**
 * How the volume grew. `reference`: in the objectives' own units; without it, a tenth beyond the worst of the front as it is now.
 * O(n) volumes of a front at worst.
 */
export function hypervolumeByTrial(history: History, reference?: readonly number[]): HypervolumeByTrial {
  const ended = history.trials.filter((trial) => trial.endedAt !== undefined);
  ended.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  const signs = signsOf(history);
  const border =
    reference === undefined
      ? referenceOf(paretoFront(history).map((trial) => minimised(history, trial)))
      : reference.map((value, o) => (signs[o] ?? 1) * value);

  let front: readonly Values[] = [];
  let volume = 0;
  const volumes = ended.map((trial) => {
    if (!counts(history, trial)) return volume;
    const values = minimised(history, trial);
    if (front.some((other) => dominates(other, values) || isEqual(other, values))) return volume;
    volume += exclusive(values, front, border);
    front = [...front.filter((other) => !dominates(values, other)), values];
    return volume;
  });
  return {
    numbers: Int32Array.from(ended, (trial) => trial.number),
    volumes: Float64Array.from(volumes),
    reference: border.map((value, o) => (signs[o] ?? 1) * value),
  };
}

/**
 * The trial of the front farthest inside the line, or plane, through the ends of the front, all objectives scaled to its range:
 * beyond it, a little more of one costs much of another. Null when the front nowhere bends inwards.
 * @source Das, Structural Optimization 18 (1999), normal boundary intersection.
 */
export function kneePoint(history: History): HistoryTrial | null {
  const front = paretoFront(history);
  const knee = kneeOf(front.map((trial) => minimised(history, trial)));
  return front[knee ?? -1] ?? null;
}

/** The same for a front of values, all minimised: its place among them, the first of equals. */
export function kneeOf(values: readonly Values[]): number | null {
  const [first = []] = values;
  if (first.length < 2) return null;
  const ranges = first.map((_, o) => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value[o] ?? 0), Math.max(high, value[o] ?? 0)];
    return { low, high };
  });
  let knee: number | null = null;
  let farthest = 1e-9;
  values.forEach((value, i) => {
    // On the plane through the ends the scaled values sum to 1.
    const sum = ranges.reduce((total, { low, high }, o) => total + ((value[o] ?? 0) - low) / (high - low || 1), 0);
    if (1 - sum <= farthest) return;
    farthest = 1 - sum;
    knee = i;
  });
  return knee;
}

function countingTrials(history: History): readonly HistoryTrial[] {
  return history.trials.filter((trial) => counts(history, trial));
}

function counts(history: History, trial: HistoryTrial): boolean {
  return standingOf(trial, history.directions.length) === 'OBSERVED' && violation(trial) === 0;
}

function minimised(history: History, trial: HistoryTrial): Values {
  return signsOf(history).map((sign, o) => sign * (trial.values?.[o] ?? 0));
}

function signsOf(history: History): readonly number[] {
  return history.directions.map((direction) => (direction === 'maximize' ? -1 : 1));
}

function isEqual(a: Values, b: Values): boolean {
  return a.every((value, o) => value === b[o]);
}

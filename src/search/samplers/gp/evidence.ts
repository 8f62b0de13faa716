/** What a history tells the models, as numbers in the order in which it became known. Smaller is better throughout. */

import type { History, HistoryTrial } from '../../history.js';
import type { Values } from '../../math/fronts.js';
import { completeParams } from '../../space/default-params.js';
import type { Params } from '../../space/parameter.js';
import { standingOf } from '../../standing.js';
import { type Features, pointOf, writeRow } from './features.js';

/** `VALUE`: ran to its end. `PRUNED` and `STOPPED`: the last report of one that did not, Infinity when there is none. */
export type Source = 'VALUE' | 'PRUNED' | 'STOPPED';

/** One trial that has a value. */
export interface Known {
  readonly row: Float64Array; // [width]
  readonly point: Float64Array; // [axes]
  readonly source: Source;
  readonly value: number;
  /** Of all objectives, `value` the first of them; absent when there is one, and when it did not run to its end. */
  readonly vector?: Values;
  /** As reported, c <= 0 feasible; empty when nothing was. */
  readonly constraints: readonly number[];
}

/** A trial without a value: failed, or still in flight. */
export interface Valueless {
  readonly row: Float64Array;
  readonly point: Float64Array;
}

export interface Evidence {
  /** In order of ending. */
  readonly known: readonly Known[];
  readonly failed: readonly Valueless[];
  /** Both together: value 1 where it failed, 0 where it has a value. */
  readonly outcomes: readonly Known[];
  /** In order of number. */
  readonly pending: readonly Valueless[];
}

/**
 * The first objective's evidence, with the others' beside it; trials that are not legal in the space, even completed by defaults,
 * are left out. With several objectives a trial that was pruned says no more than that it was bad, one that a person stopped
 * nothing at all. O(n) when the trials were read before.
 */
export function evidenceOf(history: History, features: Features): Evidence {
  const signs = history.directions.map((direction) => (direction === 'maximize' ? -1 : 1));
  const isOne = signs.length === 1;
  const known: Known[] = [];
  const failed: Valueless[] = [];
  const outcomes: Known[] = [];
  const pending: Valueless[] = [];
  for (const trial of [...history.trials].sort(byEnd)) {
    const standing = standingOf(trial, history.directions.length);
    const where = standing === 'IGNORED' ? null : placed(trial, features);
    if (where === null) continue;
    const { row, point } = where;
    if (standing !== 'PENDING') {
      outcomes.push({ row, point, source: 'VALUE', value: standing === 'FAILED' ? 1 : 0, constraints: [] });
    }
    if (standing === 'PENDING') pending.push(where);
    else if (standing === 'FAILED') failed.push(where);
    else {
      const { constraints = [] } = trial;
      const source = standing === 'OBSERVED' ? 'VALUE' : trial.state === 'STOPPED' ? 'STOPPED' : 'PRUNED';
      if (source === 'STOPPED' && !isOne) continue;
      const vector = signs.map((sign, o) => sign * (trial.values?.[o] ?? 0));
      const last = isOne ? (signs[0] ?? 1) * (trial.reports.at(-1) ?? Number.NaN) : Infinity;
      const value = source === 'VALUE' ? (vector[0] ?? 0) : Number.isFinite(last) ? last : Infinity;
      known.push({ row, point, source, value, ...(source === 'VALUE' && !isOne ? { vector } : {}), constraints });
    }
  }
  return { known, failed, outcomes, pending };
}

/** The evidence of one of several objectives. */
export function ofObjective(known: readonly Known[], o: number): readonly Known[] {
  return known.map((some) => ({ ...some, value: some.vector?.[o] ?? Infinity }));
}

/** Where a trial stands, or null when it is not legal. */
function placed(trial: HistoryTrial, features: Features): Valueless | null {
  const before = PLACES.get(trial);
  if (before !== undefined && before.features === features) return before.place;
  const params = completeParams(features.space, trial.params);
  const place = params === null ? null : placeOf(features, params);
  PLACES.set(trial, { features, place });
  return place;
}

function placeOf(features: Features, params: Params): Valueless {
  const point = pointOf(features, params);
  const row = new Float64Array(features.width);
  writeRow(features, point, row, 0);
  return { row, point };
}

/** Memo of `placed`: trials are never mutated, and most were there when the last proposal was made. */
const PLACES = new WeakMap<HistoryTrial, { readonly features: Features; readonly place: Valueless | null }>();

function byEnd(a: HistoryTrial, b: HistoryTrial): number {
  const [endA, endB] = [a.endedAt ?? Infinity, b.endedAt ?? Infinity];
  return endA === endB ? a.number - b.number : endA - endB;
}

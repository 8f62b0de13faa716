/** What a history tells the models, as numbers in the order in which it became known. Smaller is better throughout. */

import type { History, HistoryTrial } from '../../history.js';
import { completeParams } from '../../space/default-params.js';
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

/** The first objective's evidence; trials that are not legal in the space, even completed by defaults, are left out. */
export function evidenceOf(history: History, features: Features): Evidence {
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const known: Known[] = [];
  const failed: Valueless[] = [];
  const outcomes: Known[] = [];
  const pending: Valueless[] = [];
  for (const trial of [...history.trials].sort(byEnd)) {
    const standing = standingOf(trial, history.directions.length);
    const params = standing === 'IGNORED' ? null : completeParams(history.space, trial.params);
    if (params === null) continue;
    const point = pointOf(features, params);
    const row = new Float64Array(features.width);
    writeRow(features, point, row, 0);
    if (standing !== 'PENDING') {
      outcomes.push({ row, point, source: 'VALUE', value: standing === 'FAILED' ? 1 : 0, constraints: [] });
    }
    if (standing === 'PENDING') pending.push({ row, point });
    else if (standing === 'FAILED') failed.push({ row, point });
    else {
      const { constraints = [] } = trial;
      const source = standing === 'OBSERVED' ? 'VALUE' : trial.state === 'STOPPED' ? 'STOPPED' : 'PRUNED';
      const value = source === 'VALUE' ? (trial.values?.[0] ?? 0) : (trial.reports.at(-1) ?? Number.NaN);
      known.push({ row, point, source, value: Number.isFinite(value) ? sign * value : Infinity, constraints });
    }
  }
  return { known, failed, outcomes, pending };
}

function byEnd(a: HistoryTrial, b: HistoryTrial): number {
  const [endA, endB] = [a.endedAt ?? Infinity, b.endedAt ?? Infinity];
  return endA === endB ? a.number - b.number : endA - endB;
}

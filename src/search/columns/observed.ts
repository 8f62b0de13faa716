/** What was observed where, replicates by their means. */

import type { Direction, HistoryTrial } from '../history.js';
import { violation } from '../standing.js';
import type { Table } from './table.js';

/** Points with at least one observation, each once, by the row of its first one, ascending. */
export interface Observed {
  /** [p] */
  readonly rows: readonly number[];
  /** Mean values by objective, all minimised. [m][p] */
  readonly values: readonly Float64Array[];
  /** Mean violation of the constraints; 0 is feasible. [p] */
  readonly violations: Float64Array;
}

/** The observed points of a table; trials that are not legal in the space are left out. O(n m). */
export function observedPoints(table: Table, directions: readonly Direction[]): Observed {
  const n = table.trials.length;
  const rows: number[] = [];
  const placeOf = new Int32Array(n).fill(-1); // by first row at the point
  const places = new Int32Array(n).fill(-1); // by row
  const counts = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const first = table.firstOf[row] as number;
    if (first < 0 || table.standings[row] !== 'OBSERVED') continue;
    if (placeOf[first] === -1) placeOf[first] = rows.push(row) - 1;
    const place = placeOf[first] as number;
    places[row] = place;
    counts[place] = (counts[place] as number) + 1;
  }

  const signs = directions.map((direction) => (direction === 'maximize' ? -1 : 1));
  const values = signs.map(() => new Float64Array(rows.length));
  const violations = new Float64Array(rows.length);
  for (let row = 0; row < n; row++) {
    const place = places[row] as number;
    if (place < 0) continue;
    const trial = table.trials[row] as HistoryTrial;
    const count = counts[place] as number;
    for (let o = 0; o < signs.length; o++) {
      const column = values[o] as Float64Array;
      column[place] = (column[place] as number) + ((signs[o] as number) * (trial.values?.[o] ?? 0)) / count;
    }
    if (trial.constraints !== undefined) violations[place] = (violations[place] as number) + violation(trial) / count;
  }
  return { rows, values, violations };
}

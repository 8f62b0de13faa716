/** Trials as lines through one axis a parameter. */

import { tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import { type Axis, axisOf, completedRows } from './axis.js';

export interface ParallelCoordinates {
  /** [n] */
  readonly numbers: Int32Array;
  /** In draw order. */
  readonly axes: readonly Axis[];
  /** As reported. [m][n] */
  readonly objectives: readonly Float64Array[];
}

/** The completed trials, by number: the newest `most` of them. O(n d). */
export function parallelCoordinates(history: History, most = Infinity): ParallelCoordinates {
  const table = tableOf(history);
  const all = completedRows(table);
  const rows = all.slice(Math.max(0, all.length - most));
  return {
    numbers: Int32Array.from(rows, (row) => table.trials[row]?.number ?? -1),
    axes: table.codecs.map((_, j) => axisOf(table, j, rows)),
    objectives: history.directions.map((_, o) =>
      Float64Array.from(rows, (row) => table.trials[row]?.values?.[o] ?? Number.NaN),
    ),
  };
}

/** Trials by how good they are among all: for charts of many parameters whose colours a few bad trials would swallow. */

import { tableOf } from '../columns/table.js';
import type { Direction, History } from '../history.js';
import { ranksOf } from '../math/ranks.js';
import { type Axis, axisOf, columnOf, completedRows } from './axis.js';

export interface RankedTrials {
  /** The completed trials, by number. [n] */
  readonly numbers: Int32Array;
  /** One for each parameter asked for, in their order. */
  readonly axes: readonly Axis[];
  /** As reported; finite. [n] */
  readonly objective: Float64Array;
  /** 0 for the best trial, 1 for the worst, ties shared; 0 of a single one. [n] */
  readonly ranks: Float64Array;
}

/** Ranks of the completed trials by one objective, beside some parameters; null when one of these does not exist. */
export function rankedTrials(history: History, names: readonly string[], objective = 0): RankedTrials | null {
  const table = tableOf(history);
  const columns = names.map((name) => columnOf(table, name));
  if (columns.includes(-1)) return null;
  const rows = completedRows(table);
  const reported = Float64Array.from(rows, (row) => table.trials[row]?.values?.[objective] ?? Number.NaN);
  return {
    numbers: Int32Array.from(rows, (row) => table.trials[row]?.number ?? -1),
    axes: columns.map((j) => axisOf(table, j, rows)),
    objective: reported,
    ranks: sharesOfRanks(reported, history.directions[objective]),
  };
}

/** Ranks of finite values in [0, 1]: 0 for the best, 1 for the worst, ties shared; 0 of a single one. O(n log n). */
export function sharesOfRanks(values: Float64Array, direction: Direction | undefined): Float64Array {
  const sign = direction === 'maximize' ? -1 : 1;
  return ranksOf(values.map((value) => sign * value)).map((rank) => rank / Math.max(1, values.length - 1));
}

/** Trials as points for charts: an objective against one parameter, or against two. Columns of equal length, by trial number. */

import { type Table, tableOf } from '../columns/table.js';
import type { History, HistoryTrial } from '../history.js';
import type { ParamValue } from '../space/parameter.js';
import { violation } from '../standing.js';
import { type Axis, axisOf, columnOf, completedRows } from './axis.js';
import { sharesOfRanks } from './rank.js';

export interface Slice {
  readonly axis: Axis;
  /** [n] */
  readonly numbers: Int32Array;
  /** Of the parameter. [n] */
  readonly values: readonly ParamValue[];
  /** As reported; finite. [n] */
  readonly objective: Float64Array;
  /** 1 where the constraints hold. [n] */
  readonly feasible: Uint8Array;
}

export interface Contour {
  readonly axes: readonly [Axis, Axis];
  readonly numbers: Int32Array; // [n]
  readonly values: readonly (readonly [ParamValue, ParamValue])[]; // [n]
  readonly objective: Float64Array; // [n]
  /** 0 for the best trial, 1 for the worst, ties shared: for charts whose colours a few bad trials would swallow. [n] */
  readonly ranks: Float64Array;
}

/** The completed trials that have the parameter; null when there is no such parameter. `objective`: its index. */
export function slice(history: History, name: string, objective = 0): Slice | null {
  const table = tableOf(history);
  const j = columnOf(table, name);
  if (j < 0) return null;
  const rows = completedRows(table, [j]);
  return {
    axis: axisOf(table, j, rows),
    numbers: Int32Array.from(rows, (row) => trialAt(table, row).number),
    values: rows.map((row) => valueAt(table, row, name)),
    objective: objectiveOf(table, rows, objective),
    feasible: Uint8Array.from(rows, (row) => (violation(trialAt(table, row)) > 0 ? 0 : 1)),
  };
}

/** The completed trials that have both parameters; null when there is no such parameter. */
export function contour(history: History, names: readonly [string, string], objective = 0): Contour | null {
  const table = tableOf(history);
  const [a, b] = [columnOf(table, names[0]), columnOf(table, names[1])];
  if (a < 0 || b < 0) return null;
  const rows = completedRows(table, [a, b]);
  const reported = objectiveOf(table, rows, objective);
  return {
    axes: [axisOf(table, a, rows), axisOf(table, b, rows)],
    numbers: Int32Array.from(rows, (row) => trialAt(table, row).number),
    values: rows.map((row) => [valueAt(table, row, names[0]), valueAt(table, row, names[1])]),
    objective: reported,
    ranks: sharesOfRanks(reported, history.directions[objective]),
  };
}

function trialAt(table: Table, row: number): HistoryTrial {
  return table.trials[row] as HistoryTrial;
}

function valueAt(table: Table, row: number, name: string): ParamValue {
  return table.params[row]?.[name] ?? null;
}

function objectiveOf(table: Table, rows: readonly number[], objective: number): Float64Array {
  return Float64Array.from(rows, (row) => trialAt(table, row).values?.[objective] ?? Number.NaN);
}

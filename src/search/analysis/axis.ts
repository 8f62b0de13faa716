/** A parameter as an axis of a chart, and where trials stand on it. */

import type { Table } from '../columns/table.js';
import { levelAt } from '../space/levels.js';
import type { ParamValue } from '../space/parameter.js';

/** One axis. */
export interface Axis {
  readonly name: string;
  /** Its values from bottom to top where they are few or without order; null for a scale from 0 to 1. */
  readonly values: readonly ParamValue[] | null;
  /** What stands at the bottom and at the top of a scale. */
  readonly ends: readonly [ParamValue, ParamValue];
  /** Whether the scale is one of ratios. */
  readonly isLog: boolean;
  /** Where each trial stands: in [0, 1], or the index of the value; NaN where the parameter is inactive. [n] */
  readonly points: Float64Array;
}

/** Grids with more values are drawn as scales. */
const MOST_VALUES = 20;

/** The axis of column `j` for the trials in these rows. O(rows). */
export function axisOf(table: Table, j: number, rows: readonly number[]): Axis {
  const codec = table.codecs[j] as Table['codecs'][number];
  const { parameter, levels, isUnordered, valueAt } = codec;
  const isListed = isUnordered || levels <= MOST_VALUES;
  const points = Float64Array.from(rows, (row) => table.points[j]?.[row] as number);
  return {
    name: parameter.name,
    values: isListed ? Array.from({ length: levels }, (_, k) => levelAt(parameter, k)) : null,
    ends: isUnordered ? [valueAt(0), valueAt(levels - 1)] : [valueAt(0), valueAt(1)],
    isLog: 'log' in parameter && parameter.log,
    points: isListed ? points.map((point) => (Number.isNaN(point) ? point : codec.levelAt(point))) : points,
  };
}

/** The column of a parameter by its name, -1 when there is none. */
export function columnOf(table: Table, name: string): number {
  return table.codecs.findIndex(({ parameter }) => parameter.name === name);
}

/** Rows of the completed trials that have all of these parameters, ascending. */
export function completedRows(table: Table, columns: readonly number[] = []): readonly number[] {
  return [...table.trials.keys()].filter(
    (row) =>
      table.standings[row] === 'OBSERVED' &&
      table.params[row] !== null &&
      columns.every((j) => !Number.isNaN(table.points[j]?.[row] ?? Number.NaN)),
  );
}

/** Trials as lines through one axis a parameter. */

import { tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import { levelAt } from '../space/levels.js';
import type { ParamValue } from '../space/parameter.js';

/** One axis. */
export interface Axis {
  readonly name: string;
  /** Its values from bottom to top where they are few or without order; null for a scale from 0 to 1. */
  readonly values: readonly ParamValue[] | null;
  /** What stands at the bottom and at the top of a scale. */
  readonly ends: readonly [ParamValue, ParamValue];
  /** Where each trial crosses: in [0, 1], or the index of the value; NaN where the parameter is inactive. [n] */
  readonly points: Float64Array;
}

export interface ParallelCoordinates {
  /** [n] */
  readonly numbers: Int32Array;
  /** In draw order. */
  readonly axes: readonly Axis[];
  /** As reported. [m][n] */
  readonly objectives: readonly Float64Array[];
}

/** Grids with more values are drawn as scales. */
const MOST_VALUES = 20;

/** The completed trials, by number. O(n d). */
export function parallelCoordinates(history: History): ParallelCoordinates {
  const table = tableOf(history);
  const rows = [...table.trials.keys()].filter(
    (row) => table.standings[row] === 'OBSERVED' && table.params[row] !== null,
  );
  const axes = table.codecs.map((codec, j): Axis => {
    const { parameter, levels, isUnordered, valueAt } = codec;
    const isListed = isUnordered || levels <= MOST_VALUES;
    const points = Float64Array.from(rows, (row) => table.points[j]?.[row] as number);
    return {
      name: parameter.name,
      values: isListed ? Array.from({ length: levels }, (_, k) => levelAt(parameter, k)) : null,
      ends: isUnordered ? [valueAt(0), valueAt(levels - 1)] : [valueAt(0), valueAt(1)],
      points: isListed ? points.map((point) => (Number.isNaN(point) ? point : codec.levelAt(point))) : points,
    };
  });
  return {
    numbers: Int32Array.from(rows, (row) => table.trials[row]?.number ?? -1),
    axes,
    objectives: history.directions.map((_, o) =>
      Float64Array.from(rows, (row) => table.trials[row]?.values?.[o] ?? Number.NaN),
    ),
  };
}

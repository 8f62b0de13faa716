/** What the brain computes as what travels: columns of doubles, and values of any kind as texts. */
import type { Axis } from '../../search/analysis/axis.js';
import type { ParamValue } from '../../search/space/parameter.js';

/** One parameter, and where trials stand on it. */
export interface AxisColumns {
  readonly parameter: string;
  /** Its values from bottom to top as JSON texts, where they are few or without order; null for a scale. */
  readonly labels: readonly string[] | null;
  /** The ends of a scale; null where values are listed. */
  readonly low: number | null;
  readonly high: number | null;
  readonly isLog: boolean;
  /** The index of the value where they are listed, else in [0, 1]; NaN where the parameter is inactive. [n] */
  readonly points: Float64Array;
}

export function axisColumns({ name, values, ends, isLog, points }: Axis): AxisColumns {
  return {
    parameter: name,
    labels: values === null ? null : values.map(labelOf),
    low: values === null ? Number(ends[0]) : null,
    high: values === null ? Number(ends[1]) : null,
    isLog,
    points,
  };
}

/** Trial numbers, flags and the like as doubles, which hold them exactly. */
export function doubles(column: ArrayLike<number>): Float64Array {
  return Float64Array.from(column);
}

/** A parameter's value as JSON text. */
export function labelOf(value: ParamValue): string {
  return JSON.stringify(value);
}

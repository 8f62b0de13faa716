/** A parameter made ready for reading thousands of values: what `encode` and `levelOf` say, with everything constant worked out once. */

import { levelAt, levelCount, levelOf } from '../space/levels.js';
import type { Parameter, ParamValue } from '../space/parameter.js';
import { decode, encode } from '../space/unit.js';

export interface Codec {
  readonly parameter: Parameter;
  /** Whether values are choices without order, whose points are indices; else a point is u in [0, 1]. */
  readonly isUnordered: boolean;
  /** Infinity for a float without step. */
  readonly levels: number;
  /** The point of a value; NaN when the parameter cannot take it. Equal, to the bit, to `encode` or `levelOf`. */
  readonly pointOf: (value: unknown) => number;
  /** Index of the value at a point, 0 <= k < levels; NaN for a float without step. */
  readonly levelAt: (point: number) => number;
  /** The value at a point; beyond the ends, the nearest. */
  readonly valueAt: (point: number) => ParamValue;
}

/** Grids of floats up to this long are looked up rather than computed, since their values are rounded by way of decimals. */
const LONGEST_LIST = 10_000;

/** The codec of a parameter. */
export function codecOf(parameter: Parameter): Codec {
  const isUnordered = parameter.kind === 'categorical' || parameter.kind === 'boolean';
  return {
    parameter,
    isUnordered,
    levels: levelCount(parameter),
    pointOf: reader(parameter),
    levelAt: leveller(parameter, levelCount(parameter), isUnordered),
    valueAt: isUnordered ? (point) => levelAt(parameter, point) : (point) => decode(parameter, point),
  };
}

function leveller(parameter: Parameter, levels: number, isUnordered: boolean): Codec['levelAt'] {
  if (levels === Infinity) return () => Number.NaN;
  if (levels === 1) return () => 0;
  if (isUnordered) return (point) => point;
  if (parameter.kind === 'int' && parameter.log) return (point) => Number(decode(parameter, point)) - parameter.low;
  return (point) => Math.min(levels - 1, Math.max(0, Math.floor(point * levels)));
}

function reader(parameter: Parameter): Codec['pointOf'] {
  const { fixed } = parameter;
  if (fixed !== undefined) {
    const point = parameter.kind === 'categorical' || parameter.kind === 'boolean' ? 0 : encode(parameter, fixed);
    return (value) => (value === fixed ? point : Number.NaN);
  }
  switch (parameter.kind) {
    case 'float':
      return parameter.step === undefined
        ? floatReader(parameter.low, parameter.high, parameter.log)
        : listed(parameter);
    case 'int':
      return intReader(parameter.low, parameter.high, parameter.step, parameter.log);
    case 'ordinal':
      return listed(parameter);
    case 'categorical': {
      const { choices } = parameter;
      return (value) => nanIfNone(choices.indexOf(value as ParamValue));
    }
    case 'boolean':
      return (value) => (value === false ? 0 : value === true ? 1 : Number.NaN);
  }
}

function floatReader(low: number, high: number, log: boolean): Codec['pointOf'] {
  const from = log ? Math.log(low) : low;
  const range = log ? Math.log(high) - from : high - low;
  return (value) => {
    if (typeof value !== 'number' || !(value >= low && value <= high)) return Number.NaN;
    const u = ((log ? Math.log(value) : value) - from) / range;
    return Math.min(1, Math.max(0, u));
  };
}

function intReader(low: number, high: number, step: number, log: boolean): Codec['pointOf'] {
  const count = levelCount({ kind: 'int', name: '', low, high, step, log });
  const from = Math.log(low - 0.5);
  const range = Math.log(high + 0.5) - from;
  return (value) => {
    if (typeof value !== 'number') return Number.NaN;
    const k = Math.round((value - low) / step);
    if (!(k >= 0 && k < count && low + k * step === value)) return Number.NaN;
    return log ? (Math.log(value) - from) / range : (k + 0.5) / count;
  };
}

function listed(parameter: Parameter): Codec['pointOf'] {
  const count = levelCount(parameter);
  if (count > LONGEST_LIST) {
    return (value) =>
      levelOf(parameter, value as ParamValue) < 0 ? Number.NaN : encode(parameter, value as ParamValue);
  }
  const points = new Map<unknown, number>();
  for (let k = count - 1; k >= 0; k--) points.set(levelAt(parameter, k), (k + 0.5) / count);
  return (value) => points.get(value) ?? Number.NaN;
}

function nanIfNone(index: number): number {
  return index < 0 ? Number.NaN : index;
}

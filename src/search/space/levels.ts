/** The values of a parameter that has finitely many: how many, which is the k-th, and where a value stands. */

import type { Parameter, ParamValue } from './parameter.js';

/** A finite list of values, computed one at a time: integer ranges may be long. */
export interface Levels {
  readonly count: number;
  /** The k-th value, 0 <= k < count. */
  readonly at: (k: number) => ParamValue;
}

/** Number of values of a parameter, 1 when it is fixed; Infinity for a float without step. */
export function levelCount(parameter: Parameter): number {
  return parameter.fixed === undefined ? fullCount(parameter) : 1;
}

function fullCount(parameter: Parameter): number {
  switch (parameter.kind) {
    case 'float':
      return parameter.step === undefined ? Infinity : gridCount(parameter.low, parameter.high, parameter.step);
    case 'int':
      return gridCount(parameter.low, parameter.high, parameter.step);
    case 'ordinal':
      return parameter.values.length;
    case 'categorical':
      return parameter.choices.length;
    case 'boolean':
      return 2;
  }
}

/** The k-th value of a parameter with finitely many, 0 <= k < levelCount. */
export function levelAt(parameter: Parameter, k: number): ParamValue {
  if (parameter.fixed !== undefined) return parameter.fixed;
  switch (parameter.kind) {
    case 'float':
      return gridValue(parameter.low, parameter.step ?? 0, k);
    case 'int':
      return parameter.low + k * parameter.step;
    case 'ordinal':
      return parameter.values[k] ?? null;
    case 'categorical':
      return parameter.choices[k] ?? null;
    case 'boolean':
      return k === 1;
  }
}

/** Position of a value among the parameter's, -1 when it is not one of them. Floats match the grid exactly. */
export function levelOf(parameter: Parameter, value: ParamValue): number {
  if (parameter.fixed !== undefined) return value === parameter.fixed ? 0 : -1;
  switch (parameter.kind) {
    case 'float':
    case 'int': {
      if (typeof value !== 'number' || parameter.step === undefined) return -1;
      const k = Math.round((value - parameter.low) / parameter.step);
      return k >= 0 && k < levelCount(parameter) && levelAt(parameter, k) === value ? k : -1;
    }
    case 'ordinal':
      return (parameter.values as readonly ParamValue[]).indexOf(value);
    case 'categorical':
      return parameter.choices.indexOf(value);
    case 'boolean':
      return value === false ? 0 : value === true ? 1 : -1;
  }
}

/** All values of a parameter with finitely many. */
export function levelsOf(parameter: Parameter): Levels {
  return { count: levelCount(parameter), at: (k) => levelAt(parameter, k) };
}

/** Number of grid points in [low, high]; forgives a last step that is short by rounding only. */
export function gridCount(low: number, high: number, step: number): number {
  return Math.floor((high - low) / step + 1e-9) + 1;
}

/** Grid value k, from k and never accumulated, to 15 significant digits: 0.1 + 2 x 0.1 is 0.3. */
export function gridValue(low: number, step: number, k: number): number {
  return k === 0 ? low : Number((low + k * step).toPrecision(15));
}

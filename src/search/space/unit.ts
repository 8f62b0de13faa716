/** Params to the unit cube and back: every numeric parameter as u in [0, 1], where samplers work. */

import { levelAt, levelCount, levelOf } from './levels.js';
import type { FloatParameter, IntParameter, Parameter, ParamValue } from './parameter.js';

/**
 * The place of a legal value in [0, 1]: for a float its (log) share of the range, for everything else the centre of the cell
 * [k/m, (k+1)/m) of value k of m; a log int stands inside a cell whose edges are in log space.
 */
export function encode(parameter: Parameter, value: ParamValue): number {
  if (isContinuous(parameter)) {
    const x = Number(value);
    return clamp(share(x, parameter.low, parameter.high, parameter.log), 0, 1);
  }
  if (isLogInt(parameter)) {
    return share(Number(value), parameter.low - 0.5, parameter.high + 0.5, true);
  }
  return (levelOf(parameter, value) + 0.5) / levelCount(parameter);
}

/**
 * The value at u; u outside [0, 1] is taken to the nearest end. `decode(encode(x))` is x for every parameter with finitely
 * many values, and x to rounding for a float without step.
 */
export function decode(parameter: Parameter, u: number): ParamValue {
  if (isContinuous(parameter)) {
    if (u <= 0) return parameter.low;
    if (u >= 1) return parameter.high;
    return clamp(along(u, parameter.low, parameter.high, parameter.log), parameter.low, parameter.high);
  }
  if (isLogInt(parameter)) {
    const x = Math.round(along(clamp(u, 0, 1), parameter.low - 0.5, parameter.high + 0.5, true));
    return clamp(x, parameter.low, parameter.high);
  }
  const count = levelCount(parameter);
  return levelAt(parameter, clamp(Math.floor(u * count), 0, count - 1));
}

/** The edges in [0, 1] of the cell that decodes to this value, or null for a float without step. */
export function cellEdges(parameter: Parameter, value: ParamValue): readonly [number, number] | null {
  if (isContinuous(parameter)) return null;
  if (isLogInt(parameter)) {
    const edge = (x: number) => share(x, parameter.low - 0.5, parameter.high + 0.5, true);
    return [edge(Number(value) - 0.5), edge(Number(value) + 0.5)];
  }
  const count = levelCount(parameter);
  const k = levelOf(parameter, value);
  return [k / count, (k + 1) / count];
}

function isContinuous(parameter: Parameter): parameter is FloatParameter {
  return parameter.kind === 'float' && parameter.step === undefined && parameter.fixed === undefined;
}

function isLogInt(parameter: Parameter): parameter is IntParameter {
  return parameter.kind === 'int' && parameter.log && parameter.fixed === undefined;
}

function share(x: number, low: number, high: number, log: boolean): number {
  if (!log) return (x - low) / (high - low);
  return (Math.log(x) - Math.log(low)) / (Math.log(high) - Math.log(low));
}

/** Inverse of `share`. */
function along(u: number, low: number, high: number, log: boolean): number {
  if (!log) return low + u * (high - low);
  return Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)));
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

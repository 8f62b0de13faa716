/** Params as a point of the unit cube with a coordinate for every parameter, active or not: where one can walk and bisect. */

import { isActive } from './condition.js';
import { drawOrder } from './draw-order.js';
import type { Params, ParamValue, SearchSpace } from './parameter.js';
import { decode, encode } from './unit.js';

/** The point of legal params, in draw order [d]; inactive parameters take their coordinate from `fill` [d]. */
export function toPoint(space: SearchSpace, params: Params, fill: Float64Array): Float64Array {
  return Float64Array.from(drawOrder(space), (parameter, j) => {
    const value = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
    return value === undefined ? (fill[j] ?? 0.5) : encode(parameter, value);
  });
}

/** The params at a point [d]: legal but for the constraints; coordinates of inactive parameters are passed over. */
export function fromPoint(space: SearchSpace, point: Float64Array): Params {
  const params: Record<string, ParamValue> = {};
  for (const [j, parameter] of drawOrder(space).entries()) {
    if (isActive(parameter, params)) params[parameter.name] = decode(parameter, point[j] ?? 0.5);
  }
  return params;
}

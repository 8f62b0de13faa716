/** A walk through the cells of a space, for samplers that list or exhaust it. */

import { isActive } from './condition.js';
import { drawOrder } from './draw-order.js';
import type { Levels } from './levels.js';
import { createOutlook } from './outlook.js';
import type { Parameter, Params, ParamValue, SearchSpace } from './parameter.js';

/**
 * The first cell that `accept` takes, or null when there is none: draw order, the last parameter fastest, inactive
 * parameters left out, so that each cell is visited once; cells that break a constraint are not visited, nor branches
 * that only hold such. Stops at the first accepted cell and holds one cell at a time.
 */
export function findCell(
  space: SearchSpace,
  levels: (parameter: Parameter) => Levels,
  accept: (params: Params) => boolean,
): Params | null {
  const order = drawOrder(space);
  const lists = order.map(levels);
  const outlook = space.constraints === undefined ? null : createOutlook(space.constraints, order);
  const current: Record<string, ParamValue> = {};
  return walk(0);

  function walk(depth: number): Params | null {
    if (outlook !== null && outlook(depth, current) === 'BROKEN') return null;
    const parameter = order[depth];
    const list = lists[depth];
    if (parameter === undefined || list === undefined) {
      const params = { ...current };
      return accept(params) ? params : null;
    }
    if (!isActive(parameter, current)) return walk(depth + 1);

    for (let k = 0; k < list.count; k++) {
      current[parameter.name] = list.at(k);
      const found = walk(depth + 1);
      if (found !== null) return found;
    }
    delete current[parameter.name];
    return null;
  }
}

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
  let found: Params | null = null;
  const visit = (params: Params) => {
    if (accept(params)) found = params;
    return found === null;
  };
  walkCells(space, levels, visit, Infinity);
  return found;
}

/**
 * Visits cells in the order of `findCell` until `visit` answers false, or after `mostSteps` partial cells: constraints that
 * show late can make a walk long that meets few cells. Whether it has seen every cell.
 */
export function walkCells(
  space: SearchSpace,
  levels: (parameter: Parameter) => Levels,
  visit: (params: Params) => boolean,
  mostSteps: number,
): boolean {
  const order = drawOrder(space);
  const lists = order.map(levels);
  const outlook = space.constraints === undefined ? null : createOutlook(space.constraints, order);
  const current: Record<string, ParamValue> = {};
  let left = mostSteps;
  return walk(0);

  function walk(depth: number): boolean {
    left -= 1;
    if (left < 0) return false;
    if (outlook !== null && outlook(depth, current) === 'BROKEN') return true;
    const parameter = order[depth];
    const list = lists[depth];
    if (parameter === undefined || list === undefined) return visit({ ...current });
    if (!isActive(parameter, current)) return walk(depth + 1);

    for (let k = 0; k < list.count; k++) {
      current[parameter.name] = list.at(k);
      if (!walk(depth + 1)) return false;
    }
    delete current[parameter.name];
    return true;
  }
}

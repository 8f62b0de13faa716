/** Defaults: the configuration a person would start from, and how older params are completed by it. */

import { isActive } from './condition.js';
import { drawOrder } from './draw-order.js';
import { levelAt, levelCount } from './levels.js';
import type { Parameter, Params, ParamValue, SearchSpace } from './parameter.js';
import { isLegal } from './validate-params.js';

/** The default configuration, or null when an active parameter has no default. A parameter with one value needs none. */
export function defaultParams(space: SearchSpace): Params | null {
  if (space.parameters.every((parameter) => parameter.default === undefined)) return null;
  return complete(space, {});
}

/**
 * Params of an older revision of the space as they read now: every new active parameter at its default. Null when a value
 * is not legal now, or a new parameter has no default: such a trial is shown and not modelled.
 */
export function completeParams(space: SearchSpace, params: Params): Params | null {
  if (isLegal(space, params)) return params;
  const completed = complete(space, params);
  return completed !== null && isLegal(space, completed) ? completed : null;
}

function complete(space: SearchSpace, params: Params): Params | null {
  const completed: Record<string, ParamValue> = { ...params };
  for (const parameter of drawOrder(space)) {
    if (Object.hasOwn(completed, parameter.name) || !isActive(parameter, completed)) continue;
    const value = defaultOf(parameter);
    if (value === undefined) return null;
    completed[parameter.name] = value;
  }
  return completed;
}

function defaultOf(parameter: Parameter): ParamValue | undefined {
  return levelCount(parameter) === 1 ? levelAt(parameter, 0) : parameter.default;
}

/** Whether params are legal in a space: exact values, exactly the active parameters, every constraint satisfied. */

import { isActive } from './condition.js';
import { brokenConstraints, isFeasible } from './constraint.js';
import { drawOrder } from './draw-order.js';
import { levelAt, levelCount, levelOf } from './levels.js';
import type { Parameter, Params, ParamValue, SearchSpace } from './parameter.js';
import type { Problem } from './space-error.js';

/** Everything that is wrong with these params: one problem a parameter, else one a broken constraint; empty when legal. */
export function validateParams(space: SearchSpace, params: Params): readonly Problem[] {
  const names = new Set(space.parameters.map((parameter) => parameter.name));
  const unknown = Object.keys(params).filter((name) => !names.has(name));
  const problems = unknown.map((path) => ({ path, message: 'is not a parameter of the space' }));
  for (const parameter of drawOrder(space)) {
    const message = complaint(parameter, params);
    if (message !== null) problems.push({ path: parameter.name, message });
  }
  // Of values that make no sense, constraints would make none either.
  return problems.length > 0 ? problems : brokenConstraints(space, params);
}

/** Whether `validateParams` would find nothing, without the words: histories are checked for every proposal. */
export function isLegal(space: SearchSpace, params: Params): boolean {
  let active = 0;
  for (const parameter of drawOrder(space)) {
    const value = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
    if (isActive(parameter, params) !== (value !== undefined)) return false;
    if (value === undefined) continue;
    if (!isLegalValue(parameter, value)) return false;
    active += 1;
  }
  return Object.keys(params).length === active && isFeasible(space, params);
}

/** Whether the parameter can take this value; booleans, strings and numbers are never converted. */
export function isLegalValue(parameter: Parameter, value: ParamValue): boolean {
  if (parameter.kind !== 'float' || levelCount(parameter) < Infinity) return levelOf(parameter, value) >= 0;
  return typeof value === 'number' && value >= parameter.low && value <= parameter.high;
}

/** What the parameter can take, in words for a message. */
export function describeValues(parameter: Parameter): string {
  if (parameter.fixed !== undefined) return `${JSON.stringify(parameter.fixed)}, at which it is fixed`;
  switch (parameter.kind) {
    case 'float':
    case 'int': {
      const grid = parameter.step === undefined ? '' : ` in steps of ${parameter.step}`;
      return `a number from ${parameter.low} to ${parameter.high}${grid}`;
    }
    case 'ordinal':
      return `one of ${parameter.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'categorical':
      return `one of ${parameter.choices.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'boolean':
      return 'true or false';
  }
}

function complaint(parameter: Parameter, params: Params): string | null {
  const value = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
  if (!isActive(parameter, params)) return value === undefined ? null : 'is inactive here: leave it out';
  if (value === undefined) return `is missing: give ${describeValues(parameter)}`;
  if (isLegalValue(parameter, value)) return null;
  return `is ${JSON.stringify(value)}: give ${describeValues(parameter)}${nearest(parameter, value)}`;
}

/** A hint for numbers that miss the grid by little. */
function nearest(parameter: Parameter, value: ParamValue): string {
  if (parameter.fixed !== undefined) return '';
  const isGrid = (parameter.kind === 'int' || parameter.kind === 'float') && parameter.step !== undefined;
  if (!isGrid || typeof value !== 'number' || !(value > parameter.low && value < parameter.high)) return '';
  return `, such as ${levelAt(parameter, Math.round((value - parameter.low) / parameter.step))}`;
}

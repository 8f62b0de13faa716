/** Whether params satisfy what the space declares of several parameters together. */

import type { Constraint, LinearConstraint, Params, ParamValue, SearchSpace } from './parameter.js';
import { distanceTo, mentionedIn, truthOf } from './predicate.js';
import type { Problem } from './space-error.js';

/** Forgives the rounding of a sum: 0.1 + 0.2 is at most 0.3. In shares of the sizes added up. */
const ROUNDING = 1e-12;

/** Whether these values, of active parameters, satisfy every constraint; true when there is none. */
export function isFeasible(space: SearchSpace, params: Params): boolean {
  return space.constraints === undefined || space.constraints.every((constraint) => excessOf(constraint, params) === 0);
}

/**
 * By how much the constraints are broken, 0 when none is: the excess of each linear one as a share of its coefficients' and
 * bound's size, and how far each forbidden combination is from not holding. Finite; a guide downhill, not a distance.
 */
export function constraintViolation(space: SearchSpace, params: Params): number {
  let sum = 0;
  for (const constraint of space.constraints ?? []) {
    sum +=
      constraint.kind === 'linear'
        ? excessOf(constraint, params) / sizeOf(constraint)
        : distanceTo(false, constraint.forbid, params);
  }
  return sum;
}

/** One problem for each constraint that these values break. */
export function brokenConstraints(space: SearchSpace, params: Params): readonly Problem[] {
  return (space.constraints ?? []).flatMap((constraint, i) => {
    if (excessOf(constraint, params) === 0) return [];
    const values = describeValuesOf(constraint, params);
    const message =
      constraint.kind === 'linear'
        ? `is broken: ${describeConstraint(constraint)}, not ${linearSum(constraint, params)} (${values})`
        : `is broken: these values are forbidden together (${values})`;
    return [{ path: nameOf(constraint, i), message }];
  });
}

/** What a constraint is called in messages: its name, else its place in the list. */
export function nameOf(constraint: Constraint, i: number): string {
  return constraint.name ?? `constraints[${i}]`;
}

/** A constraint in words: `2 x + y must be at most 3`. */
export function describeConstraint(constraint: Constraint): string {
  if (constraint.kind === 'forbid') return `${JSON.stringify(constraint.forbid)} is forbidden`;
  const terms = Object.entries(constraint.coefficients).map(([name, a]) => (a === 1 ? name : `${a} ${name}`));
  return `${terms.join(' + ')} must be at most ${constraint.atMost}`;
}

/** Names of the parameters a constraint is about, each once. */
export function constrainedNames(constraint: Constraint): readonly string[] {
  if (constraint.kind === 'linear') return Object.keys(constraint.coefficients);
  return [...new Set(mentionedIn(constraint.forbid))];
}

/** How far one constraint is broken, 0 when it is not: raw units for a linear one, 1 for a forbidden combination. */
export function excessOf(constraint: Constraint, params: Params): number {
  if (constraint.kind === 'forbid') return truthOf(constraint.forbid, params) === true ? 1 : 0;
  let [sum, size] = [0, Math.abs(constraint.atMost)];
  for (const name in constraint.coefficients) {
    const term = (constraint.coefficients[name] ?? 0) * numberOf(params[name]);
    sum += term;
    size += Math.abs(term);
  }
  const excess = sum - constraint.atMost;
  return excess > ROUNDING * size ? excess : 0;
}

/** What a value counts for in a linear constraint. */
export function numberOf(value: ParamValue | undefined): number {
  return typeof value === 'number' ? value : value === true ? 1 : 0;
}

function linearSum({ coefficients }: LinearConstraint, params: Params): number {
  return Object.entries(coefficients).reduce((sum, [name, a]) => sum + a * numberOf(params[name]), 0);
}

function sizeOf({ coefficients, atMost }: LinearConstraint): number {
  return Object.values(coefficients).reduce((sum, a) => sum + Math.abs(a), Math.abs(atMost)) || 1;
}

function describeValuesOf(constraint: Constraint, params: Params): string {
  return constrainedNames(constraint)
    .map((name) => `${name} ${Object.hasOwn(params, name) ? JSON.stringify(params[name]) : 'inactive'}`)
    .join(', ');
}

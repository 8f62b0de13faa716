/** How many different params a space holds. */

import { isActive } from './condition.js';
import { constrainedNames } from './constraint.js';
import { levelAt, levelCount, levelsOf } from './levels.js';
import { memoOfSpace } from './memo.js';
import { createOutlook } from './outlook.js';
import type { Constraint, Parameter, ParamValue, SearchSpace } from './parameter.js';
import { countGroup, tiedGroups } from './tied-groups.js';

/** Partial cells looked at before constraints are left out of a count; some tens of milliseconds. */
const MOST_STEPS = 100_000;

export interface CellCount {
  /** Infinity when a float without step can be active. */
  readonly count: number;
  /** Otherwise constraints were left out of it, and it is an upper bound. */
  readonly isExact: boolean;
}

/**
 * Number of cells: a sum over the branches of conditional spaces; fixed parameters have one value. Exact without constraints.
 * What constraints tie together is counted by a walk that turns back where nothing is left; after `MOST_STEPS` steps, or
 * where a float without step stands in a constraint, those constraints are left out.
 */
export const countCells = memoOfSpace((space: SearchSpace): CellCount => {
  const counts = hasLimit(space) ? tiedGroups(space, 'constraints').map((group) => countTied(group, space)) : [ENDLESS];
  const isEmpty = counts.some(({ count }) => count === 0);
  const product = isEmpty ? 0 : counts.reduce((all, { count }) => all * count, 1);
  return { count: product, isExact: isEmpty || product === Infinity || counts.every(({ isExact }) => isExact) };
});

/** Number of cells, or an upper bound where `countCells` says so; 0 when the constraints leave none. */
export function cells(space: SearchSpace): number {
  return countCells(space).count;
}

const ENDLESS: CellCount = { count: Infinity, isExact: true };

function hasLimit(space: SearchSpace): boolean {
  return space.parameters.every((parameter) => parameter.when !== undefined || levelCount(parameter) < Infinity);
}

function countTied(group: readonly Parameter[], space: SearchSpace): CellCount {
  const names = new Set(group.map((parameter) => parameter.name));
  const about = (space.constraints ?? []).filter((constraint) =>
    constrainedNames(constraint).every((n) => names.has(n)),
  );
  const free = countGroup(group, levelsOf).from(0, {});
  const countable = about.filter((constraint) => isCountable(constraint, group));
  if (countable.length === 0) return { count: free, isExact: about.length === 0 };

  const count = countConstrained(group, countable);
  if (count === null) return { count: free, isExact: false };
  return { count, isExact: countable.length === about.length };
}

function isCountable(constraint: Constraint, group: readonly Parameter[]): boolean {
  const names = constrainedNames(constraint);
  return group.every((parameter) => !names.includes(parameter.name) || levelCount(parameter) <= MOST_STEPS);
}

/** Null when it takes too long. */
function countConstrained(group: readonly Parameter[], constraints: readonly Constraint[]): number | null {
  const { classes, from } = countGroup(group, levelsOf);
  const outlook = createOutlook(constraints, group);
  const constrained = new Set(constraints.flatMap(constrainedNames));
  // Constraints tell apart what conditions treat alike.
  const steps = group.map((parameter, depth) =>
    constrained.has(parameter.name)
      ? Array.from({ length: levelCount(parameter) }, (_, k) => ({ value: levelAt(parameter, k), count: 1 }))
      : (classes[depth] ?? []),
  );
  const current: Record<string, ParamValue> = {};
  let left = MOST_STEPS;
  const total = walk(0);
  return left < 0 ? null : total;

  function walk(depth: number): number {
    left -= 1;
    if (left < 0) return 0;
    const seen = outlook(depth, current);
    if (seen === 'BROKEN') return 0;
    if (seen === 'SETTLED') return from(depth, current);
    const parameter = group[depth];
    if (parameter === undefined || !isActive(parameter, current)) return walk(depth + 1);

    let sum = 0;
    for (const { value, count } of steps[depth] ?? []) {
      current[parameter.name] = value;
      const below = walk(depth + 1);
      // Infinitely many times none is none.
      if (below > 0) sum += count * below;
    }
    delete current[parameter.name];
    return sum;
  }
}

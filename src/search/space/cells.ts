/** How many different params a space holds. */

import { isActive, mentions } from './condition.js';
import { drawOrder } from './draw-order.js';
import { gridCount, levelAt, levelCount } from './levels.js';
import type { Condition, Parameter, ParamValue, SearchSpace } from './parameter.js';

/**
 * Number of cells: a sum over the branches of conditional spaces; Infinity when a float without step can be active.
 * Parameters that conditions tie together are counted jointly, one class of values at a time.
 */
export function cells(space: SearchSpace): number {
  const known = COUNTS.get(space);
  if (known !== undefined) return known;

  const isInfinite = space.parameters.some(
    (parameter) => parameter.when === undefined && levelCount(parameter) === Infinity,
  );
  const groups = isInfinite ? [] : tiedGroups(drawOrder(space));
  const count = isInfinite ? Infinity : groups.reduce((product, group) => product * countGroup(group), 1);
  COUNTS.set(space, count);
  return count;
}

/** Memo of `cells`: spaces are immutable. */
const COUNTS = new WeakMap<SearchSpace, number>();

/** Parameters split into groups that no condition connects, each in draw order. */
function tiedGroups(order: readonly Parameter[]): readonly (readonly Parameter[])[] {
  let groups: Parameter[][] = [];
  for (const parameter of order) {
    const parents = new Set(parameter.when === undefined ? [] : mentions(parameter.when));
    const tied = groups.filter((group) => group.some((member) => parents.has(member.name)));
    groups = [...groups.filter((group) => !tied.includes(group)), [...tied.flat(), parameter]];
  }
  return groups.map((group) => order.filter((parameter) => group.includes(parameter)));
}

function countGroup(group: readonly Parameter[]): number {
  const conditions = group.flatMap((parameter) => (parameter.when === undefined ? [] : [parameter.when]));
  const classes = group.map((parameter) => valueClasses(parameter, conditions.flatMap(atoms)));
  const current: Record<string, ParamValue> = {};
  return walk(0);

  function walk(depth: number): number {
    const parameter = group[depth];
    if (parameter === undefined) return 1;
    if (!isActive(parameter, current)) return walk(depth + 1);

    let total = 0;
    for (const { value, count } of classes[depth] ?? []) {
      current[parameter.name] = value;
      total += count * walk(depth + 1);
    }
    delete current[parameter.name];
    return total;
  }
}

interface ValueClass {
  readonly value: ParamValue;
  readonly count: number;
}

type Atom = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;

/** Values of a parameter that all conditions treat alike, as one representative and their number. */
function valueClasses(parameter: Parameter, conditions: readonly Atom[]): readonly ValueClass[] {
  const count = levelCount(parameter);
  const about = conditions.filter((atom) => atom.param === parameter.name);
  if (count === Infinity) return [{ value: parameter.kind === 'float' ? parameter.low : null, count }];
  if (about.length === 0) return [{ value: levelAt(parameter, 0), count }];
  if (parameter.kind !== 'int' && parameter.kind !== 'float') {
    return Array.from({ length: count }, (_, k) => ({ value: levelAt(parameter, k), count: 1 }));
  }

  // Between two neighbouring edges no predicate changes.
  const { low, step = 1 } = parameter;
  const around = (x: number) => [-1, 0, 1, 2].map((shift) => gridCount(low, x, step) - 1 + shift);
  const thresholds = about.flatMap((atom) => ('in' in atom ? atom.in.map(Number) : [boundOf(atom)]));
  const inside = thresholds.flatMap(around).filter((edge) => edge > 0 && edge < count);
  const edges = [...new Set([0, ...inside, count])].sort((a, b) => a - b);
  return edges
    .slice(0, -1)
    .map((edge, i) => ({ value: levelAt(parameter, edge), count: (edges[i + 1] ?? count) - edge }));
}

function boundOf(atom: Exclude<Atom, { in: unknown }>): number {
  return 'above' in atom ? atom.above : atom.below;
}

function atoms(condition: Condition): readonly Atom[] {
  if ('all' in condition) return condition.all.flatMap(atoms);
  if ('any' in condition) return condition.any.flatMap(atoms);
  return 'not' in condition ? atoms(condition.not) : [condition];
}

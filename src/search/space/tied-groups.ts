/** Parameters that must be counted together, because conditions or constraints tie them. */

import { isActive, mentions } from './condition.js';
import { constrainedNames } from './constraint.js';
import { drawOrder } from './draw-order.js';
import { gridCount, type Levels } from './levels.js';
import type { Condition, Parameter, ParamValue, SearchSpace } from './parameter.js';

/** Counts remembered of one group. */
const MOST_COUNTED = 10_000;

/** Parameters split into groups that no condition connects, each in draw order; by constraints, none of those either. */
export function tiedGroups(space: SearchSpace, by: 'conditions' | 'constraints'): readonly (readonly Parameter[])[] {
  const order = drawOrder(space);
  const ties = order.map((parameter) => [
    parameter.name,
    ...(parameter.when === undefined ? [] : mentions(parameter.when)),
  ]);
  if (by === 'constraints')
    ties.push(...(space.constraints ?? []).map((constraint) => [...constrainedNames(constraint)]));

  let groups: readonly (readonly string[])[] = [];
  for (const names of ties) {
    const tied = groups.filter((group) => group.some((name) => names.includes(name)));
    groups = [...groups.filter((group) => !tied.includes(group)), [...new Set([...tied.flat(), ...names])]];
  }
  return groups.map((group) => order.filter((parameter) => group.includes(parameter.name)));
}

/** Neighbouring levels of a parameter that all conditions treat alike: from `first` on, `count` of them. */
export interface LevelClass {
  readonly first: number;
  readonly count: number;
  /** The first of their values. */
  readonly value: ParamValue;
}

/** How many ways there are to go on from params whose first parameters of a group are decided. */
export interface GroupCount {
  /** Classes of each parameter of the group, in order of level. */
  readonly classes: readonly (readonly LevelClass[])[];
  /**
   * Completions of the group's parameters from `depth` on; constraints are not looked at. `params` serves to try values and
   * is left as it was.
   */
  readonly from: (depth: number, params: Record<string, ParamValue>) => number;
}

/** Counts one group. `levels` gives each parameter's values; Infinity of them make an infinite count where it is active. */
export function countGroup(group: readonly Parameter[], levels: (parameter: Parameter) => Levels): GroupCount {
  const conditions = group.flatMap((parameter) => (parameter.when === undefined ? [] : [parameter.when]));
  const atoms = conditions.flatMap(atomsOf);
  const classes = group.map((parameter) => levelClasses(parameter, levels(parameter), atoms));
  // Of the parameters before each depth, those that decide what is active from there on.
  const parents = group.map((_, depth) => {
    const mentioned = new Set(group.slice(depth).flatMap(({ when }) => (when === undefined ? [] : mentions(when))));
    return group.slice(0, depth).flatMap(({ name }) => (mentioned.has(name) ? [name] : []));
  });

  const counted = new Map<string, number>();
  return { classes, from: remembered };

  function remembered(depth: number, current: Record<string, ParamValue>): number {
    let text = `${depth}`;
    for (const name of parents[depth] ?? []) text += ` ${typeof current[name]} ${String(current[name])}`;
    const known = counted.get(text);
    if (known !== undefined) return known;
    const count = from(depth, current);
    if (counted.size >= MOST_COUNTED) counted.clear();
    counted.set(text, count);
    return count;
  }

  function from(depth: number, current: Record<string, ParamValue>): number {
    const parameter = group[depth];
    if (parameter === undefined) return 1;
    if (!isActive(parameter, current)) return from(depth + 1, current);

    let total = 0;
    for (const { value, count } of classes[depth] ?? []) {
      current[parameter.name] = value;
      total += count * from(depth + 1, current);
    }
    delete current[parameter.name];
    return total;
  }
}

type Atom = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;

function levelClasses(parameter: Parameter, levels: Levels, atoms: readonly Atom[]): readonly LevelClass[] {
  const { count } = levels;
  const about = atoms.filter((atom) => atom.param === parameter.name);
  if (count === Infinity) return [{ first: 0, value: parameter.kind === 'float' ? parameter.low : null, count }];
  if (about.length === 0) return [{ first: 0, value: levels.at(0), count }];
  if ((parameter.kind !== 'int' && parameter.kind !== 'float') || parameter.step === undefined || count === 1) {
    return Array.from({ length: count }, (_, k) => ({ first: k, value: levels.at(k), count: 1 }));
  }

  // Between two neighbouring edges no predicate changes.
  const { low, step } = parameter;
  const around = (x: number) => [-1, 0, 1, 2].map((shift) => gridCount(low, x, step) - 1 + shift);
  const thresholds = about.flatMap((atom) => ('in' in atom ? atom.in.map(Number) : [boundOf(atom)]));
  const inside = thresholds.flatMap(around).filter((edge) => edge > 0 && edge < count);
  const edges = [...new Set([0, ...inside, count])].sort((a, b) => a - b);
  return edges
    .slice(0, -1)
    .map((edge, i) => ({ first: edge, value: levels.at(edge), count: (edges[i + 1] ?? count) - edge }));
}

function boundOf(atom: Exclude<Atom, { in: unknown }>): number {
  return 'above' in atom ? atom.above : atom.below;
}

function atomsOf(condition: Condition): readonly Atom[] {
  if ('all' in condition) return condition.all.flatMap(atomsOf);
  if ('any' in condition) return condition.any.flatMap(atomsOf);
  return 'not' in condition ? atomsOf(condition.not) : [condition];
}

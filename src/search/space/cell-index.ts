/** The cells of a finite space by number: the k-th cell, and which number a cell has, without walking through the others. */

import { isActive } from './condition.js';
import { drawOrder } from './draw-order.js';
import type { Levels } from './levels.js';
import type { Parameter, Params, ParamValue, SearchSpace } from './parameter.js';
import { countGroup, type GroupCount, type LevelClass, tiedGroups } from './tied-groups.js';

/** Levels that also tell where a value stands among them: -1 when it is none of them. */
export interface PlacedLevels extends Levels {
  readonly of: (value: ParamValue) => number;
}

export interface CellIndex {
  /** Number of cells; those that break a constraint count too. Beyond 2^53 the numbers are not exact: do not use them. */
  readonly size: number;
  /** Cell k, 0 <= k < size: draw order, the last parameter fastest, inactive parameters left out. */
  readonly at: (k: number) => Params;
  /** The number of a cell, -1 when the params are none. */
  readonly of: (params: Params) => number;
}

/** Numbers the cells that these levels make. Both ways cost O(parameters), and more only where conditions tie many. */
export function indexCells(space: SearchSpace, levels: (parameter: Parameter) => PlacedLevels): CellIndex {
  const order = drawOrder(space);
  const lists = order.map(levels);
  if (order.every((parameter) => parameter.when === undefined)) return plainIndex(order, lists);
  const groups = tiedGroups(space, 'conditions');
  const counts = groups.map((group) => countGroup(group, levels));
  const classes = order.map((parameter) => classesOf(parameter, groups, counts));
  const completions = createCompletions(order, groups, counts);
  return { size: completions(0, {}), at, of };

  function at(k: number): Params {
    const params: Record<string, ParamValue> = {};
    let rest = k;
    for (const [depth, parameter] of order.entries()) {
      if (!isActive(parameter, params)) continue;
      for (const { first, count, value } of classes[depth] ?? []) {
        params[parameter.name] = value;
        const each = completions(depth + 1, params);
        if (rest < count * each) {
          const within = Math.floor(rest / each);
          rest -= within * each;
          params[parameter.name] = lists[depth]?.at(first + within) ?? null;
          break;
        }
        rest -= count * each;
      }
    }
    return params;
  }

  function of(params: Params): number {
    const before: Record<string, ParamValue> = {};
    let [number, active] = [0, 0];
    for (const [depth, parameter] of order.entries()) {
      const { name } = parameter;
      if (!isActive(parameter, before)) continue;
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      const level = value === undefined ? -1 : (lists[depth]?.of(value) ?? -1);
      if (value === undefined || level < 0) return -1;
      for (const { first, count, value: some } of classes[depth] ?? []) {
        if (first > level) break;
        before[name] = some;
        number += Math.min(count, level - first) * completions(depth + 1, before);
      }
      before[name] = value;
      active += 1;
    }
    return Object.keys(params).length === active ? number : -1;
  }
}

/** Without conditions a cell's number is that of its levels in mixed radix. */
function plainIndex(order: readonly Parameter[], lists: readonly PlacedLevels[]): CellIndex {
  const names = order.map((parameter) => parameter.name);
  const strides = new Float64Array(order.length); // [d]
  let size = 1;
  for (let j = order.length - 1; j >= 0; j--) {
    strides[j] = size;
    size *= lists[j]?.count ?? 1;
  }
  const at = (k: number) => {
    let rest = k;
    const values = lists.map((list, j) => {
      const level = Math.floor(rest / (strides[j] ?? 1));
      rest -= level * (strides[j] ?? 1);
      return [names[j] ?? '', list.at(level)] as const;
    });
    return Object.fromEntries(values);
  };
  const of = (params: Params) => {
    let [number, extra] = [0, -names.length];
    for (const _ in params) extra += 1;
    if (extra !== 0) return -1;
    for (let j = 0; j < names.length; j++) {
      const value = params[names[j] as string]; // Below the length.
      const level = value === undefined ? -1 : (lists[j] as PlacedLevels).of(value);
      if (level < 0) return -1;
      number += level * (strides[j] as number);
    }
    return number;
  };
  return { size, at, of };
}

function classesOf(
  parameter: Parameter,
  groups: readonly (readonly Parameter[])[],
  counts: readonly GroupCount[],
): readonly LevelClass[] {
  const g = groups.findIndex((group) => group.includes(parameter));
  return counts[g]?.classes[groups[g]?.indexOf(parameter) ?? 0] ?? [];
}

/** Counts the ways to go on after the first `depth` parameters: what stands alone is multiplied once, the rest is counted. */
function createCompletions(
  order: readonly Parameter[],
  groups: readonly (readonly Parameter[])[],
  counts: readonly GroupCount[],
): (depth: number, params: Record<string, ParamValue>) => number {
  const alone = new Float64Array(order.length + 1).fill(1); // [d + 1]
  const decided = order.map((_, depth) => groups.map((group) => countBefore(group, order, depth)));
  for (let depth = order.length - 1; depth >= 0; depth--) {
    alone[depth] = alone[depth + 1] ?? 1;
    for (const [g, group] of groups.entries()) {
      if (group.length === 1 && group[0] === order[depth])
        alone[depth] = (alone[depth] ?? 1) * (counts[g]?.from(0, {}) ?? 1);
    }
  }
  const tied = groups.flatMap((group, g) => (group.length > 1 ? [{ g, whole: counts[g]?.from(0, {}) ?? 1 }] : []));
  return (depth, params) => {
    let product = alone[depth] ?? 1;
    if (depth >= order.length) return product;
    for (const { g, whole } of tied) {
      const before = decided[depth]?.[g] ?? 0;
      product *= before === 0 ? whole : (counts[g]?.from(before, params) ?? 1);
    }
    return product;
  };
}

function countBefore(group: readonly Parameter[], order: readonly Parameter[], depth: number): number {
  const before = order.slice(0, depth);
  return group.filter((parameter) => before.includes(parameter)).length;
}

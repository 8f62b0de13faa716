/** Which of many params are the same point, found without writing out the keys of all. */

import { drawOrder } from './draw-order.js';
import { levelOf } from './levels.js';
import type { Parameter, Params, SearchSpace } from './parameter.js';

/** Whether both have the same names and values: what equal keys mean. */
export function isSame(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

/** Items grouped by equal params, groups and their members in the order given. Params must be legal in the space. */
export function groupReplicates<Item extends { readonly params: Params }>(
  space: SearchSpace,
  items: readonly Item[],
): readonly (readonly Item[])[] {
  const order = drawOrder(space);
  const groups: Item[][] = [];
  const buckets = new Map<number, Item[][]>();
  for (const item of items) {
    const mark = fingerprint(order, item.params);
    const bucket = buckets.get(mark) ?? [];
    const group = bucket.find(([first]) => first !== undefined && isSame(first.params, item.params));
    if (group !== undefined) {
      group.push(item);
      continue;
    }
    const fresh = [item];
    groups.push(fresh);
    bucket.push(fresh);
    buckets.set(mark, bucket);
  }
  return groups;
}

/** A number that equal params share and different ones rarely do. */
function fingerprint(order: readonly Parameter[], params: Params): number {
  let sum = 0;
  for (const parameter of order) {
    const value = params[parameter.name];
    const part = typeof value === 'number' ? value : value === undefined ? -1 : levelOf(parameter, value);
    sum = sum * 1.6180339887 + part;
  }
  return sum;
}

/** When params are the same point, found without writing out keys. */

import type { Params } from './parameter.js';

/** Whether both have the same names and values: what equal keys mean. */
export function isSame(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

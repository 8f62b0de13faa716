/** The canonical text of params, by which duplicates and replicates are found. */

import type { Params } from './parameter.js';

/** Equal for two params exactly when they have the same names and values, by kind and value; the order of names is no matter. */
export function key(params: Params): string {
  const known = KEYS.get(params);
  if (known !== undefined) return known;

  let text = '';
  for (const name of Object.keys(params).sort()) {
    const value = params[name];
    text += `${name}=${typeof value === 'string' ? JSON.stringify(value) : String(value)};`;
  }
  KEYS.set(params, text);
  return text;
}

/** Memo of `key`: params are immutable, and histories are keyed again for every proposal. */
const KEYS = new WeakMap<Params, string>();

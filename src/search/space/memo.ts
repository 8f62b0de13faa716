/** Remembers what was computed of a space: spaces are immutable, and come again as equal copies with every request. */

import type { SearchSpace } from './parameter.js';

/** Copies of so many spaces are recognised. */
const MOST_TEXTS = 32;

/** The function, computed once for equal spaces; the result must not be mutated, or only as a memo of its own. */
export function memoOfSpace<Result extends object>(compute: (space: SearchSpace) => Result): typeof compute {
  const byObject = new WeakMap<SearchSpace, Result>();
  const byText = new Map<string, Result>();
  return (space) => {
    const known = byObject.get(space);
    if (known !== undefined) return known;

    const text = JSON.stringify(space);
    const result = byText.get(text) ?? compute(space);
    byObject.set(space, result);
    if (byText.size >= MOST_TEXTS) byText.clear();
    byText.set(text, result);
    return result;
  };
}

/** The order in which parameters are drawn: parents before children, ties by declaration. Part of the replay contract. */

import { mentions } from './condition.js';
import type { Parameter, SearchSpace } from './parameter.js';

/** The parameters in draw order. The space must be acyclic, as `parseSpace` guarantees. */
export function drawOrder(space: SearchSpace): readonly Parameter[] {
  const known = ORDERS.get(space);
  if (known !== undefined) return known;

  const { ordered } = sortByConditions(space.parameters);
  ORDERS.set(space, ordered);
  return ordered;
}

/** Memo of `drawOrder`: spaces are immutable. */
const ORDERS = new WeakMap<SearchSpace, readonly Parameter[]>();

/** Parameters whose conditions can be decided in turn, and those left over because they wait for each other in a circle. */
export function sortByConditions(parameters: readonly Parameter[]): {
  readonly ordered: readonly Parameter[];
  readonly circular: readonly Parameter[];
} {
  const ordered: Parameter[] = [];
  const placed = new Set<string>();
  let waiting = [...parameters];
  for (;;) {
    const next = waiting.find((parameter) => parentsOf(parameter).every((name) => placed.has(name)));
    if (next === undefined) return { ordered, circular: waiting };
    ordered.push(next);
    placed.add(next.name);
    waiting = waiting.filter((parameter) => parameter !== next);
  }
}

function parentsOf(parameter: Parameter): readonly string[] {
  return parameter.when === undefined ? [] : mentions(parameter.when);
}

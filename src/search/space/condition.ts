/** When a conditional parameter is active. */

import type { Condition, Parameter, Params } from './parameter.js';

/**
 * Whether a parameter is active beside these values: its condition holds and every parameter it mentions is active.
 * `params` must hold the active ones among those it mentions, as it does when one goes in draw order.
 */
export function isActive(parameter: Parameter, params: Params): boolean {
  if (parameter.when === undefined) return true;
  return mentions(parameter.when).every((name) => Object.hasOwn(params, name)) && holds(parameter.when, params);
}

/** Names of the parameters that a condition mentions, each once, in reading order. */
export function mentions(condition: Condition): readonly string[] {
  const known = MENTIONS.get(condition);
  if (known !== undefined) return known;

  const names = [...new Set(collect(condition))];
  MENTIONS.set(condition, names);
  return names;
}

/** Memo of `mentions`, which is asked for every trial and parameter. */
const MENTIONS = new WeakMap<Condition, readonly string[]>();

function collect(condition: Condition): readonly string[] {
  if ('param' in condition) return [condition.param];
  if ('not' in condition) return collect(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(collect);
}

/** Whether the predicate is true of these values; every parameter it mentions must be present. */
function holds(condition: Condition, params: Params): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, params));
  if ('any' in condition) return condition.any.some((part) => holds(part, params));
  if ('not' in condition) return !holds(condition.not, params);

  const value = params[condition.param];
  if ('in' in condition) return value !== undefined && condition.in.includes(value);
  if (typeof value !== 'number') return false;
  return 'above' in condition ? value > condition.above : value < condition.below;
}

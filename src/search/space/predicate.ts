/** Whether a predicate is true of params that may be incomplete: true, false, or null for unknown (Kleene's three values). */

import type { Params, ParamValue, Predicate } from './parameter.js';

/**
 * What the predicate says of these values. A part that mentions an absent parameter, inactive or not drawn yet, is unknown;
 * once true or false, the answer stays so whatever is added to `params`.
 */
export function truthOf(predicate: Predicate, params: Params): boolean | null {
  if ('all' in predicate) return conjunction(predicate.all, params, false);
  if ('any' in predicate) return conjunction(predicate.any, params, true);
  if ('not' in predicate) {
    const truth = truthOf(predicate.not, params);
    return truth === null ? null : !truth;
  }

  const value = valueIn(params, predicate.param);
  if (value === undefined) return null;
  if ('in' in predicate) return predicate.in.includes(value);
  const other = 'equals' in predicate ? predicate.equals : 'above' in predicate ? predicate.above : predicate.below;
  const bound = typeof other === 'number' ? other : valueIn(params, other.param);
  if (bound === undefined) return null;
  if ('equals' in predicate) return value === bound;
  if (typeof value !== 'number' || typeof bound !== 'number') return false;
  return 'above' in predicate ? value > bound : value < bound;
}

/**
 * How far these values are from making the predicate `wanted`, 0 when it is, or is unknown: parts that must all change add
 * up, of parts of which one must, the nearest counts. A comparison between two values is below 1, the nearer the less; any other
 * part counts 1.
 * @source branch distance of search-based testing (Korel, IEEE TSE 16, 1990).
 */
export function distanceTo(wanted: boolean, predicate: Predicate, params: Params): number {
  if (truthOf(predicate, params) !== !wanted) return 0;
  if ('not' in predicate) return distanceTo(!wanted, predicate.not, params);
  if ('all' in predicate || 'any' in predicate) {
    const parts = 'all' in predicate ? predicate.all : predicate.any;
    const distances = parts.map((part) => distanceTo(wanted, part, params)).filter((distance) => distance > 0);
    const mustAll = 'all' in predicate === wanted;
    return mustAll ? distances.reduce((sum, distance) => sum + distance, 0) : Math.min(...distances);
  }
  if ('in' in predicate || 'equals' in predicate) return 1;
  const other = 'above' in predicate ? predicate.above : predicate.below;
  const gap = Math.abs(
    Number(params[predicate.param]) - (typeof other === 'number' ? other : Number(params[other.param])),
  );
  return (0.1 + gap) / (1 + gap);
}

/** Names of the parameters a predicate mentions, with repeats. */
export function mentionedIn(predicate: Predicate): readonly string[] {
  if ('all' in predicate) return predicate.all.flatMap(mentionedIn);
  if ('any' in predicate) return predicate.any.flatMap(mentionedIn);
  if ('not' in predicate) return mentionedIn(predicate.not);
  if ('in' in predicate) return [predicate.param];
  const other = 'equals' in predicate ? predicate.equals : 'above' in predicate ? predicate.above : predicate.below;
  return typeof other === 'number' ? [predicate.param] : [predicate.param, other.param];
}

/** Whether one part decides: false decides `all`, true decides `any`; else unknown if any part is. */
function conjunction(parts: readonly Predicate[], params: Params, decisive: boolean): boolean | null {
  let isKnown = true;
  for (const part of parts) {
    const truth = truthOf(part, params);
    if (truth === decisive) return decisive;
    if (truth === null) isKnown = false;
  }
  return isKnown ? !decisive : null;
}

function valueIn(params: Params, name: string): ParamValue | undefined {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

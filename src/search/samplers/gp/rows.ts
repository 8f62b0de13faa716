/** Which rows a factor is made of: those of a sample, then what has no value. */

import type { Valueless } from './evidence.js';
import type { Features } from './features.js';
import type { Table } from './kernel.js';
import { thinned } from './thin.js';

/** Trials in flight that a model takes into account; each costs as much as one that has ended. */
const MOST_PENDING = 64;

/** The chosen rows of a table, then some more. */
export function joined(table: Table, kept: readonly number[], more: readonly Valueless[]): Table {
  const { width } = table;
  const rows = new Float64Array((kept.length + more.length) * width);
  kept.forEach((i, at) => {
    rows.set(table.rows.subarray(i * width, (i + 1) * width), at * width);
  });
  more.forEach(({ row }, at) => {
    rows.set(row, (kept.length + at) * width);
  });
  return { ...table, rows, count: kept.length + more.length };
}

/** The values at the chosen rows. */
export function picked(values: Float64Array, kept: readonly number[]): Float64Array {
  return Float64Array.from(kept, (i) => values[i] as number);
}

/** At most so many of what has no value, in the order given: the newest, some that cover the space, and the nearest to the centre. */
export function fewer(
  features: Features,
  some: readonly Valueless[],
  weights: Float64Array,
  centre: Float64Array,
  most: number,
): readonly Valueless[] {
  if (some.length <= most) return some;
  const { width, numeric } = features;
  const table = joined({ rows: new Float64Array(0), count: 0, width, numeric }, [], some);
  return thinned(table, weights, centre, [], most).map((i) => some[i] as Valueless);
}

/**
 * The trials in flight that a model keeps proposals away from. Of very many those count that the next proposal is most likely to
 * meet: where the search goes on, and what was proposed just now.
 */
export function inFlight(
  features: Features,
  pending: readonly Valueless[],
  weights: Float64Array,
  centre: Float64Array,
): readonly Valueless[] {
  return fewer(features, pending, weights, centre, MOST_PENDING);
}

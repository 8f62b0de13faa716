/** The ends of a column. */

/** Infinity when it is empty; NaN counts for nothing. */
export function lowest(column: Float64Array): number {
  let found = Number.POSITIVE_INFINITY;
  for (const value of column) if (value < found) found = value;
  return found;
}

/** -Infinity when it is empty; NaN counts for nothing. */
export function highest(column: Float64Array): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const value of column) if (value > found) found = value;
  return found;
}

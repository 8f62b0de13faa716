/** The order of numbers, infinities included; none is NaN. */

/** Negative, 0 or positive, for sorting; also of infinities, whose difference is NaN. */
export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ranks from 0 for the least, ties share their mean. O(n log n). [n] */
export function ranksOf(values: Float64Array | readonly number[]): Float64Array {
  const order = [...values.keys()].sort((i, k) => compareNumbers(values[i] as number, values[k] as number));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to += 1;
    for (let i = from; i <= to; i++) ranks[order[i] as number] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}

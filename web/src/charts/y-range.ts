/** The range of the value axis. */

/** Share of the values at each end that may lie outside when outliers are ignored. */
const TAIL = 0.05;
const SPACE = 0.06;

export type Range = readonly [number, number];

/** A range with some space around [min, max]; it does not go below 0 when no value does. */
export function padded(min: number, max: number): Range {
  const space = max === min ? Math.abs(max) * 0.1 || 1 : (max - min) * SPACE;
  return [min >= 0 && min - space < 0 ? 0 : min - space, max + space];
}

/** Where the middle nine tenths of the values lie; null when there is none. O(n log n). */
export function withoutOutliers(lines: readonly { readonly values: Float64Array }[]): Range | null {
  const finite = Float64Array.from(lines.flatMap(({ values }) => Array.from(values.filter(Number.isFinite)))).sort();
  const last = finite.length - 1;
  const low = finite[Math.floor(TAIL * last)];
  const high = finite[Math.ceil((1 - TAIL) * last)];
  return low === undefined || high === undefined ? null : [low, high];
}

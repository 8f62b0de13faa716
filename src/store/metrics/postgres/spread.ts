/** How a number of values lie: mean, deviation, extremes, quantiles. */

export interface Spread {
  readonly mean: number;
  /** Of a sample (n - 1); NaN of a single value. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one value, in ascending order, none of them NaN. Where a sum is beyond float64 the mean is infinite and the deviation NaN. */
export function spreadOf(sorted: Float64Array): Spread {
  const n = sorted.length;
  let sum = 0;
  for (const value of sorted) sum += value;
  const mean = sum / n;
  const [min, max] = [sorted[0] as number, sorted[n - 1] as number];
  return { mean, sd: n === 1 ? Number.NaN : deviation(sorted, mean), min, max };
}

/**
 * The quantile `p`, 0 to 1, of at least one value in ascending order: linear between neighbours, at `(n - 1) p` counted from 0.
 * @source Hyndman and Fan 1996, "Sample quantiles in statistical packages", definition 7: the default of numpy and R.
 */
export function quantileOf(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const part = at - below;
  const low = sorted[below] as number;
  if (part === 0) return low;
  const high = sorted[below + 1] as number;
  if (low === high) return low;
  const gap = high - low;
  return Number.isFinite(gap) ? low + part * gap : (1 - part) * low + part * high;
}

/** Squares are taken of parts of the largest distance: those of huge and tiny values are beyond float64. */
function deviation(sorted: Float64Array, mean: number): number {
  const n = sorted.length;
  const farthest = Math.max(mean - (sorted[0] as number), (sorted[n - 1] as number) - mean);
  if (farthest === 0) return 0;
  if (!Number.isFinite(farthest)) return Number.NaN;
  let squares = 0;
  for (const value of sorted) squares += ((value - mean) / farthest) ** 2;
  return farthest * Math.sqrt(squares / (n - 1));
}

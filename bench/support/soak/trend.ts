/** Whether something grows, told from samples that are noisy and follow one another. Pure. */

export interface Trend {
  /** Per unit of `at`: the median slope of all pairs of blocks (Theil and Sen). */
  readonly slope: number;
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly median: number;
}

/** Neighbours depend on each other: the median of a block stands for it. */
const BLOCKS = 24;
const Z = 1.96;

/**
 * The trend of `values` [n] over `at` [n], ascending. NaN slopes below 2 samples; below 5 blocks the interval is the range.
 * @source P. K. Sen 1968, Estimates of the regression coefficient based on Kendall's tau, section 5
 */
export function trendOf(at: readonly number[], values: readonly number[]): Trend {
  const size = Math.max(1, Math.floor(values.length / BLOCKS));
  const blocks: { at: number; value: number }[] = [];
  for (let i = 0; i + size <= values.length; i += size)
    blocks.push({ at: median(at.slice(i, i + size)), value: median(values.slice(i, i + size)) });
  const slopes: number[] = [];
  for (const [i, a] of blocks.entries())
    for (const b of blocks.slice(i + 1)) if (b.at > a.at) slopes.push((b.value - a.value) / (b.at - a.at));
  slopes.sort((a, b) => a - b);
  const n = blocks.length;
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const pick = (rank: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN;
  return {
    slope: median(slopes),
    low: pick((slopes.length - spread) / 2 - 1),
    high: pick((slopes.length + spread) / 2),
    median: median(values),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}

/** Summaries of batches, merged per (trial, key) before they meet the stored ones. Pure: the SQL merge is its twin. */
import type { KeyedColumns } from './segment-codec.js';

/** Sums beyond this are kept as Infinity, since Postgres refuses to add past the end of float64; the mean is then unknown. */
export const SUM_LIMIT = 4e307;

/** What a stretch of points of one series adds up to. `min` and `max` are over finite values, null without any. */
export interface SummaryPart {
  n: number;
  nNonfinite: number;
  first: number;
  last: number;
  lastStep: number;
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
  sum: number;
}

/** Adds points to `part`, which is made when undefined. Null only for no points at all. */
export function summarise({ steps, values }: KeyedColumns, part: SummaryPart | null): SummaryPart | null {
  const n = values.length;
  if (n === 0) return part;
  const into: SummaryPart = part ?? {
    n: 0,
    nNonfinite: 0,
    first: values[0] as number,
    last: 0,
    lastStep: 0,
    min: null,
    minStep: null,
    max: null,
    maxStep: null,
    sum: 0,
  };
  let { min, max, sum, nNonfinite } = into;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      nNonfinite++;
      continue;
    }
    sum += value;
    if (min === null || value < min) {
      min = value;
      into.minStep = steps[i] as number;
    }
    if (max === null || value > max) {
      max = value;
      into.maxStep = steps[i] as number;
    }
  }
  into.n += n;
  into.nNonfinite = nNonfinite;
  into.min = min;
  into.max = max;
  into.sum = Math.abs(sum) < SUM_LIMIT ? sum : Number.POSITIVE_INFINITY;
  into.last = values[n - 1] as number;
  into.lastStep = steps[n - 1] as number;
  return into;
}

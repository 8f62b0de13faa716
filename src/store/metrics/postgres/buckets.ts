/** Points of one series collected in one pass and bounded memory: raw while there are few, else buckets by step. */

import type { TrialId } from '../../../domain/ids.js';
import type { SeriesPoints } from '../metric-store.js';
import { type BucketColumns, BucketGrid } from './bucket-grid.js';

/** What only some reads add. */
const NO_X = { x: null, origin: null };

export class SeriesCollector {
  private readonly maxPoints: number;
  private steps: Float64Array;
  private times: Float64Array;
  private values: Float64Array;
  private count = 0;
  private grid: BucketGrid | null = null;

  /** With a width above 1, which is a power of two, the series comes as buckets in any case, and none is narrower. */
  constructor(maxPoints: number, width = 1) {
    this.maxPoints = maxPoints;
    const room = Math.min(maxPoints, 1_024);
    this.steps = new Float64Array(room);
    this.times = new Float64Array(room);
    this.values = new Float64Array(room);
    if (width > 1) this.grid = new BucketGrid(width, maxPoints);
  }

  add(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    if (this.grid === null && this.count + steps.length <= this.maxPoints) {
      this.addRaw(steps, times, values);
      return;
    }
    this.grid ??= this.startGrid();
    this.grid.addPoints(steps, times, values);
    this.count += steps.length;
  }

  /** Takes buckets that are not wider than the width given at first. */
  addBuckets(buckets: BucketColumns): void {
    this.grid ??= this.startGrid();
    this.grid.addBuckets(buckets);
    this.count += buckets.counts.reduce((sum, n) => sum + n, 0);
  }

  /** Of buckets; null while points are raw. */
  get width(): number | null {
    return this.grid?.width ?? null;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The columns; the collector is of no use afterwards. */
  finish(trialId: TrialId, attempt: number, key: string): SeriesPoints {
    const { count, grid } = this;
    if (grid !== null)
      return { trialId, attempt, key, count, bucketed: true, ...shownColumns(grid.columns()), ...NO_X };
    return {
      trialId,
      attempt,
      key,
      count,
      bucketed: false,
      steps: this.steps.slice(0, count),
      times: this.times.slice(0, count),
      values: this.values.slice(0, count),
      first: null,
      min: null,
      max: null,
      mean: null,
      counts: null,
      nonFinite: null,
      ...NO_X,
    };
  }

  private addRaw(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    const end = this.count + steps.length;
    if (end > this.steps.length) {
      const room = Math.min(this.maxPoints, Math.max(end, 2 * this.steps.length));
      this.steps = grown(this.steps, room);
      this.times = grown(this.times, room);
      this.values = grown(this.values, room);
    }
    this.steps.set(steps, this.count);
    this.times.set(times, this.count);
    this.values.set(values, this.count);
    this.count = end;
  }

  private startGrid(): BucketGrid {
    const grid = new BucketGrid(1, this.maxPoints);
    const { count } = this;
    grid.addPoints(this.steps.subarray(0, count), this.times.subarray(0, count), this.values.subarray(0, count));
    this.steps = this.times = this.values = new Float64Array(0);
    return grid;
  }
}

/** NaN where a bucket has no finite value. */
function shownColumns({ steps, times, values, counts, nonFinite, firsts, min, max, sums }: BucketColumns) {
  const finite = counts.map((count, i) => count - (nonFinite[i] as number));
  const orNaN = (column: Float64Array) => column.map((value, i) => ((finite[i] as number) > 0 ? value : Number.NaN));
  return {
    steps,
    times,
    values,
    first: firsts,
    min: orNaN(min),
    max: orNaN(max),
    mean: orNaN(sums.map((sum, i) => sum / (finite[i] as number))),
    counts,
    nonFinite,
  };
}

function grown(values: Float64Array, room: number): Float64Array {
  const more = new Float64Array(room);
  more.set(values);
  return more;
}

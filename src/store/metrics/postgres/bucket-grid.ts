/**
 * Buckets by step on a grid whose width is a power of two, so that finer ones fold into coarser ones exactly. A bucket
 * keeps its last finite point, its extremes, its sum and its counts: a spike between two pixels still shows, and a NaN
 * poisons nothing. Points may come in any order of step; among equal steps the later comer is shown.
 */

interface Bucket {
  count: number;
  nonFinite: number;
  /** The point shown: the finite one of the highest step, the later comer on ties; without any, the same of the others. */
  step: number;
  time: number;
  value: number;
  /** Of finite values; Infinity and -Infinity without any. */
  min: number;
  max: number;
  sum: number;
}

/** Buckets of one width in order of step; bucket i covers the steps `[places[i] width, (places[i] + 1) width)`. */
export interface BucketColumns {
  readonly width: number;
  readonly places: Float64Array; // [m]
  readonly counts: Float64Array; // [m]
  readonly nonFinite: Float64Array; // [m]
  readonly steps: Float64Array; // [m]
  readonly times: Float64Array; // [m]
  readonly values: Float64Array; // [m]
  readonly min: Float64Array; // [m]
  readonly max: Float64Array; // [m]
  readonly sums: Float64Array; // [m]
}

export class BucketGrid {
  width: number;
  private readonly maxBuckets: number;
  private rows = new Map<number, Bucket>();

  /** Widens by itself when there are more than `maxBuckets`. */
  constructor(width: number, maxBuckets = Number.POSITIVE_INFINITY) {
    this.width = width;
    this.maxBuckets = maxBuckets;
  }

  get size(): number {
    return this.rows.size;
  }

  addPoints(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    let place = Number.NaN;
    let bucket: Bucket | undefined;
    for (let i = 0; i < steps.length; i++) {
      const step = (steps[i] as number) + 0; // -0 and 0 are one step
      const at = Math.floor(step / this.width);
      if (at !== place || bucket === undefined) {
        place = at;
        bucket = this.at(at);
      }
      addPoint(bucket, step, times[i] as number, values[i] as number);
      if (this.rows.size > this.maxBuckets) {
        this.widen();
        bucket = undefined;
      }
    }
  }

  /** Adds buckets that are not wider than the grid's. */
  addBuckets(from: BucketColumns): void {
    for (let i = 0; i < from.places.length; i++) {
      const place = Math.floor(((from.places[i] as number) * from.width) / this.width);
      mergeInto(this.at(place), bucketAt(from, i));
      if (this.rows.size > this.maxBuckets) this.widen();
    }
  }

  /** Doubles the width, more than once if need be. */
  widen(): void {
    do {
      const before = this.rows;
      this.rows = new Map();
      this.width *= 2;
      for (const [place, bucket] of before) {
        const at = Math.floor(place / 2);
        const other = this.rows.get(at);
        if (other === undefined) this.rows.set(at, bucket);
        else mergeInto(other, bucket);
      }
    } while (this.rows.size > this.maxBuckets);
  }

  columns(): BucketColumns {
    const rows = [...this.rows].sort(([a], [b]) => a - b);
    const of = (pick: (bucket: Bucket) => number) => Float64Array.from(rows, ([, bucket]) => pick(bucket));
    return {
      width: this.width,
      places: Float64Array.from(rows, ([place]) => place),
      counts: of((b) => b.count),
      nonFinite: of((b) => b.nonFinite),
      steps: of((b) => b.step),
      times: of((b) => b.time),
      values: of((b) => b.value),
      min: of((b) => b.min),
      max: of((b) => b.max),
      sums: of((b) => b.sum),
    };
  }

  private at(place: number): Bucket {
    let bucket = this.rows.get(place);
    if (bucket === undefined) {
      bucket = emptyBucket();
      this.rows.set(place + 0, bucket); // -0 and 0 are one place
    }
    return bucket;
  }
}

/** The buckets that `keep` is true of. */
export function filterBuckets(from: BucketColumns, keep: (place: number) => boolean): BucketColumns {
  const kept = from.places.map((place) => (keep(place) ? 1 : 0));
  const of = (column: Float64Array) => column.filter((_, i) => kept[i] === 1);
  return {
    width: from.width,
    places: of(from.places),
    counts: of(from.counts),
    nonFinite: of(from.nonFinite),
    steps: of(from.steps),
    times: of(from.times),
    values: of(from.values),
    min: of(from.min),
    max: of(from.max),
    sums: of(from.sums),
  };
}

function emptyBucket(): Bucket {
  return {
    count: 0,
    nonFinite: 0,
    step: 0,
    time: 0,
    value: Number.NaN,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
  };
}

function bucketAt(from: BucketColumns, i: number): Bucket {
  return {
    count: from.counts[i] as number,
    nonFinite: from.nonFinite[i] as number,
    step: from.steps[i] as number,
    time: from.times[i] as number,
    value: from.values[i] as number,
    min: from.min[i] as number,
    max: from.max[i] as number,
    sum: from.sums[i] as number,
  };
}

function addPoint(bucket: Bucket, step: number, time: number, value: number): void {
  const finite = Number.isFinite(value);
  const hadFinite = bucket.count > bucket.nonFinite;
  const shown = bucket.count === 0 || (finite === hadFinite ? step >= bucket.step : finite);
  if (shown) {
    bucket.step = step;
    bucket.time = time;
    bucket.value = value;
  }
  bucket.count++;
  if (!finite) {
    bucket.nonFinite++;
    return;
  }
  bucket.sum += value;
  if (value < bucket.min) bucket.min = value;
  if (value > bucket.max) bucket.max = value;
}

/** The comer is `from`. */
function mergeInto(into: Bucket, from: Bucket): void {
  const finite = from.count > from.nonFinite;
  const hadFinite = into.count > into.nonFinite;
  if (into.count === 0 || (finite === hadFinite ? from.step >= into.step : finite)) {
    into.step = from.step;
    into.time = from.time;
    into.value = from.value;
  }
  into.count += from.count;
  into.nonFinite += from.nonFinite;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

/**
 * Points of one series collected in one pass and bounded memory: raw while there are few, else buckets by step whose
 * width doubles as needed. A bucket keeps its last finite point, its extremes and its counts, so that a spike between
 * two pixels still shows and a NaN poisons nothing.
 */

import type { TrialId } from '../../../domain/ids.js';
import type { SeriesPoints } from '../metric-store.js';

interface Bucket {
  count: number;
  nonFinite: number;
  /** The point shown: the finite one of the highest step, the later stored one on ties; without any, the same of the others. */
  step: number;
  time: number;
  value: number;
  min: number;
  max: number;
}

export class SeriesCollector {
  private readonly maxPoints: number;
  private steps: Float64Array;
  private times: Float64Array;
  private values: Float64Array;
  private count = 0;
  private width = 1;
  private buckets: Map<number, Bucket> | null = null;

  constructor(maxPoints: number) {
    this.maxPoints = maxPoints;
    const room = Math.min(maxPoints, 1_024);
    this.steps = new Float64Array(room);
    this.times = new Float64Array(room);
    this.values = new Float64Array(room);
  }

  add(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    if (this.buckets === null && this.count + steps.length <= this.maxPoints) {
      this.addRaw(steps, times, values);
      return;
    }
    const buckets = this.buckets ?? this.startBuckets();
    this.addToBuckets(buckets, steps, times, values);
    this.count += steps.length;
  }

  /** The columns; the collector is of no use afterwards. */
  finish(trialId: TrialId, attempt: number, key: string): SeriesPoints {
    const { count } = this;
    if (this.buckets === null) {
      const [steps, times, values] = [
        this.steps.slice(0, count),
        this.times.slice(0, count),
        this.values.slice(0, count),
      ];
      return {
        trialId,
        attempt,
        key,
        count,
        bucketed: false,
        steps,
        times,
        values,
        min: null,
        max: null,
        counts: null,
        nonFinite: null,
      };
    }
    const rows = [...this.buckets].sort(([a], [b]) => a - b).map(([, bucket]) => bucket);
    const of = (pick: (bucket: Bucket) => number) => Float64Array.from(rows, pick);
    return {
      trialId,
      attempt,
      key,
      count,
      bucketed: true,
      steps: of((b) => b.step),
      times: of((b) => b.time),
      values: of((b) => b.value),
      min: of((b) => (b.count > b.nonFinite ? b.min : Number.NaN)),
      max: of((b) => (b.count > b.nonFinite ? b.max : Number.NaN)),
      counts: of((b) => b.count),
      nonFinite: of((b) => b.nonFinite),
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

  private startBuckets(): Map<number, Bucket> {
    const buckets = new Map<number, Bucket>();
    this.buckets = buckets;
    const { count } = this;
    this.addToBuckets(
      buckets,
      this.steps.subarray(0, count),
      this.times.subarray(0, count),
      this.values.subarray(0, count),
    );
    this.steps = this.times = this.values = new Float64Array(0);
    return buckets;
  }

  private addToBuckets(
    buckets: Map<number, Bucket>,
    steps: Float64Array,
    times: Float64Array,
    values: Float64Array,
  ): void {
    let place = Number.NaN;
    let bucket: Bucket | undefined;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as number;
      const at = Math.floor(step / this.width) + 0; // -0 and 0 are one place
      if (at !== place || bucket === undefined) {
        place = at;
        bucket = buckets.get(at);
        if (bucket === undefined) {
          bucket = emptyBucket();
          buckets.set(at, bucket);
        }
      }
      addPoint(bucket, step, times[i] as number, values[i] as number);
      while (buckets.size > this.maxPoints) {
        this.widen(buckets);
        bucket = undefined;
      }
    }
  }

  private widen(buckets: Map<number, Bucket>): void {
    const rows = [...buckets];
    buckets.clear();
    this.width *= 2;
    for (const [place, bucket] of rows) {
      const at = Math.floor(place / 2) + 0;
      const other = buckets.get(at);
      if (other === undefined) buckets.set(at, bucket);
      else mergeInto(other, bucket);
    }
  }
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
  if (value < bucket.min) bucket.min = value;
  if (value > bucket.max) bucket.max = value;
}

/** Merges buckets whose steps differ: the higher step wins among points of equal finiteness. */
function mergeInto(into: Bucket, from: Bucket): void {
  const finite = from.count > from.nonFinite;
  const hadFinite = into.count > into.nonFinite;
  if (finite === hadFinite ? from.step > into.step : finite) {
    into.step = from.step;
    into.time = from.time;
    into.value = from.value;
  }
  into.count += from.count;
  into.nonFinite += from.nonFinite;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

function grown(values: Float64Array, room: number): Float64Array {
  const more = new Float64Array(room);
  more.set(values);
  return more;
}

/**
 * What one member of a group comes to, bucket by bucket: sums, counts and extremes of its finite values, on a grid whose
 * width is a power of two and doubles by itself. Points may come in any order, and nothing depends on the order.
 */
import type { BucketColumns } from './bucket-grid.js';

/** Buckets in order of step; bucket i covers the steps `[places[i] width, (places[i] + 1) width)`. */
export interface MemberColumns {
  readonly width: number;
  /** Of every bucket that has a point, be it not finite. */
  readonly places: Float64Array; // [m]
  /** Finite values; where there are none the sum is 0 and the extremes are Infinity and -Infinity. */
  readonly counts: Float64Array; // [m]
  readonly sums: Float64Array; // [m]
  readonly lows: Float64Array; // [m]
  readonly highs: Float64Array; // [m]
}

const FEW = 32;

export class MemberGrid {
  private readonly maxBuckets: number;
  private readonly index = new Map<number, number>();
  private places = new Float64Array(FEW);
  private counts = new Float64Array(FEW);
  private sums = new Float64Array(FEW);
  private lows = new Float64Array(FEW);
  private highs = new Float64Array(FEW);
  private own: number;

  /** Of `width`, a power of two, or wider: there are never more than `maxBuckets`, which is at least 2. */
  constructor(width: number, maxBuckets: number) {
    this.own = width;
    this.maxBuckets = maxBuckets;
  }

  get size(): number {
    return this.index.size;
  }

  addPoints(steps: Float64Array, values: Float64Array): void {
    let place = Number.NaN;
    let i = 0;
    for (let k = 0; k < steps.length; k++) {
      const at = Math.floor((steps[k] as number) / this.own);
      if (at !== place) {
        place = at;
        i = this.indexOf(at);
        if (this.index.size > this.maxBuckets) {
          this.widenTo(2 * this.own);
          place = Math.floor((steps[k] as number) / this.own);
          i = this.indexOf(place);
        }
      }
      const value = values[k] as number;
      if (!Number.isFinite(value)) continue;
      this.counts[i] = (this.counts[i] as number) + 1;
      this.sums[i] = (this.sums[i] as number) + value;
      if (value < (this.lows[i] as number)) this.lows[i] = value;
      if (value > (this.highs[i] as number)) this.highs[i] = value;
    }
  }

  /** Buckets that are not wider than the grid's. */
  addBuckets(from: BucketColumns): void {
    for (let k = 0; k < from.places.length; k++) {
      const i = this.indexOf(Math.floor(((from.places[k] as number) * from.width) / this.own));
      const finite = (from.counts[k] as number) - (from.nonFinite[k] as number);
      this.merge(i, finite, from.sums[k] as number, from.min[k] as number, from.max[k] as number);
      if (this.index.size > this.maxBuckets) this.widenTo(2 * this.own);
    }
  }

  /** Makes it `width` at least, and wider while there are too many buckets. */
  widenTo(width: number): void {
    while (this.own < width || this.index.size > this.maxBuckets) this.double();
  }

  columns(): MemberColumns {
    const m = this.index.size;
    const places = this.places.slice(0, m);
    if (places.every((place, i) => i === 0 || place > (places[i - 1] as number)))
      return this.columnsBy((column) => column.slice(0, m));
    const order = Array.from(places.keys()).sort((a, b) => (places[a] as number) - (places[b] as number));
    return this.columnsBy((column) => Float64Array.from(order, (i) => column[i] as number));
  }

  private columnsBy(of: (column: Float64Array) => Float64Array): MemberColumns {
    return {
      width: this.own,
      places: of(this.places),
      counts: of(this.counts),
      sums: of(this.sums),
      lows: of(this.lows),
      highs: of(this.highs),
    };
  }

  private double(): void {
    const m = this.index.size;
    const { places, counts, sums, lows, highs } = this;
    this.own *= 2;
    this.index.clear();
    // In place: what is written is never ahead of what is read.
    for (let k = 0; k < m; k++) {
      const [finite, sum, low, high] = [counts[k], sums[k], lows[k], highs[k]] as [number, number, number, number];
      const i = this.indexOf(Math.floor((places[k] as number) / 2));
      this.merge(i, finite, sum, low, high);
    }
  }

  private merge(i: number, finite: number, sum: number, low: number, high: number): void {
    this.counts[i] = (this.counts[i] as number) + finite;
    this.sums[i] = (this.sums[i] as number) + sum;
    this.lows[i] = Math.min(this.lows[i] as number, low);
    this.highs[i] = Math.max(this.highs[i] as number, high);
  }

  private indexOf(place: number): number {
    const known = this.index.get(place);
    if (known !== undefined) return known;
    const i = this.index.size;
    if (i === this.places.length) this.grow();
    this.index.set(place, i);
    this.places[i] = place + 0; // -0 and 0 are one place
    this.counts[i] = 0;
    this.sums[i] = 0;
    this.lows[i] = Number.POSITIVE_INFINITY;
    this.highs[i] = Number.NEGATIVE_INFINITY;
    return i;
  }

  private grow(): void {
    const room = Math.min(2 * this.places.length, this.maxBuckets + 1);
    this.places = grown(this.places, room);
    this.counts = grown(this.counts, room);
    this.sums = grown(this.sums, room);
    this.lows = grown(this.lows, room);
    this.highs = grown(this.highs, room);
  }
}

function grown(column: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(room);
  more.set(column);
  return more;
}

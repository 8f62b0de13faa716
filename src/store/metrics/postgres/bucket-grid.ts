/**
 * Buckets by step on a grid whose width is a power of two, so that finer ones fold into coarser ones exactly. A bucket
 * keeps its first and its last finite point, its extremes, its sum and its counts: a spike between two pixels still
 * shows, and a NaN poisons nothing. Points may come in any order of step; among equal steps the earlier comer is first,
 * the later one last.
 */

/** Buckets of one width in order of step; bucket i covers the steps `[places[i] width, (places[i] + 1) width)`. */
export interface BucketColumns {
  readonly width: number;
  readonly places: Float64Array; // [m]
  readonly counts: Float64Array; // [m]
  readonly nonFinite: Float64Array; // [m]
  /** The point shown: the finite one of the highest step, the later comer on ties; without any, the same of the others. */
  readonly steps: Float64Array; // [m]
  readonly times: Float64Array; // [m]
  readonly values: Float64Array; // [m]
  /** The finite point of the lowest step, the earlier comer on ties; without any, the same of the others. */
  readonly firstSteps: Float64Array; // [m]
  readonly firsts: Float64Array; // [m]
  /** Of finite values; Infinity and -Infinity without any. */
  readonly min: Float64Array; // [m]
  readonly max: Float64Array; // [m]
  readonly sums: Float64Array; // [m]
}

type Rows = Omit<BucketColumns, 'width'>;

const FEW_ROWS = 64;

export class BucketGrid {
  width: number;
  private readonly maxBuckets: number;
  private readonly rowOfPlace = new Map<number, number>();
  /** In order of appearance; what is beyond `size` is room. */
  private rows: Rows = emptyRows(FEW_ROWS);

  /** Widens by itself when there are more than `maxBuckets`. */
  constructor(width: number, maxBuckets = Number.POSITIVE_INFINITY) {
    this.width = width;
    this.maxBuckets = maxBuckets;
  }

  get size(): number {
    return this.rowOfPlace.size;
  }

  addPoints(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    let place = Number.NaN;
    let row = 0;
    for (let i = 0; i < steps.length; i++) {
      const step = (steps[i] as number) + 0; // -0 and 0 are one step
      const at = Math.floor(step / this.width);
      if (at !== place) {
        place = at;
        row = this.rowAt(at);
      }
      addPoint(this.rows, row, step, times[i] as number, values[i] as number);
      if (this.size > this.maxBuckets) {
        this.widen();
        place = Number.NaN;
      }
    }
  }

  /** Adds buckets that are not wider than the grid's. */
  addBuckets(from: BucketColumns): void {
    for (let i = 0; i < from.places.length; i++) {
      const place = Math.floor(((from.places[i] as number) * from.width) / this.width);
      const row = this.rowAt(place);
      mergeInto(this.rows, row, from, i);
      if (this.size > this.maxBuckets) this.widen();
    }
  }

  /** Doubles the width, more than once if need be. */
  widen(): void {
    do {
      const places = this.rows.places.slice(0, this.size);
      this.width *= 2;
      this.rowOfPlace.clear();
      // A row is folded into one before it, or moves to a row that was read already: in place.
      for (let i = 0; i < places.length; i++) {
        const place = Math.floor((places[i] as number) / 2);
        const row = this.rowOfPlace.get(place);
        if (row !== undefined) {
          mergeInto(this.rows, row, this.rows, i);
          continue;
        }
        const free = this.size;
        this.rowOfPlace.set(place, free);
        moveRow(this.rows, free, i);
        this.rows.places[free] = place;
      }
    } while (this.size > this.maxBuckets);
  }

  columns(): BucketColumns {
    const places = this.rows.places.subarray(0, this.size);
    if (isAscending(places))
      return { width: this.width, ...mapRows(this.rows, (column) => column.slice(0, this.size)) };
    const order = Uint32Array.from(places, (_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
    return { width: this.width, ...mapRows(this.rows, (column) => taken(column, order)) };
  }

  /** The value shown of a bucket; undefined where there is none. */
  valueAt(place: number): number | undefined {
    const row = this.rowOfPlace.get(place);
    return row === undefined ? undefined : this.rows.values[row];
  }

  private rowAt(place: number): number {
    const known = this.rowOfPlace.get(place);
    if (known !== undefined) return known;
    const row = this.size;
    if (row === this.rows.places.length) this.rows = mapRows(this.rows, (column) => grown(column, 2 * row));
    this.rowOfPlace.set(place + 0, row); // -0 and 0 are one place
    clearRow(this.rows, row, place + 0);
    return row;
  }
}

/** The buckets that `keep` is true of. */
export function filterBuckets(from: BucketColumns, keep: (place: number, i: number) => boolean): BucketColumns {
  const kept: number[] = [];
  for (let i = 0; i < from.places.length; i++) if (keep(from.places[i] as number, i)) kept.push(i);
  if (kept.length === from.places.length) return from;
  const order = Uint32Array.from(kept);
  return { width: from.width, ...mapRows(from, (column) => taken(column, order)) };
}

function mapRows(rows: Rows, change: (column: Float64Array) => Float64Array): Rows {
  return {
    places: change(rows.places),
    counts: change(rows.counts),
    nonFinite: change(rows.nonFinite),
    steps: change(rows.steps),
    times: change(rows.times),
    values: change(rows.values),
    firstSteps: change(rows.firstSteps),
    firsts: change(rows.firsts),
    min: change(rows.min),
    max: change(rows.max),
    sums: change(rows.sums),
  };
}

function emptyRows(room: number): Rows {
  const column = () => new Float64Array(room);
  return {
    places: column(),
    counts: column(),
    nonFinite: column(),
    steps: column(),
    times: column(),
    values: column(),
    firstSteps: column(),
    firsts: column(),
    min: column(),
    max: column(),
    sums: column(),
  };
}

function clearRow(rows: Rows, i: number, place: number): void {
  rows.places[i] = place;
  rows.counts[i] = 0;
  rows.nonFinite[i] = 0;
  rows.min[i] = Number.POSITIVE_INFINITY;
  rows.max[i] = Number.NEGATIVE_INFINITY;
  rows.sums[i] = 0;
}

function addPoint(rows: Rows, i: number, step: number, time: number, value: number): void {
  const finite = Number.isFinite(value);
  const count = rows.counts[i] as number;
  const nonFinite = rows.nonFinite[i] as number;
  const isSame = finite === count > nonFinite; // as what is kept
  if (count === 0 || (isSame ? step >= (rows.steps[i] as number) : finite)) {
    rows.steps[i] = step;
    rows.times[i] = time;
    rows.values[i] = value;
  }
  if (count === 0 || (isSame ? step < (rows.firstSteps[i] as number) : finite)) {
    rows.firstSteps[i] = step;
    rows.firsts[i] = value;
  }
  rows.counts[i] = count + 1;
  if (!finite) {
    rows.nonFinite[i] = nonFinite + 1;
    return;
  }
  rows.sums[i] = (rows.sums[i] as number) + value;
  if (value < (rows.min[i] as number)) rows.min[i] = value;
  if (value > (rows.max[i] as number)) rows.max[i] = value;
}

/** The comer is bucket `from` of `source`. */
function mergeInto(rows: Rows, i: number, source: Rows, from: number): void {
  const [count, more] = [rows.counts[i] as number, source.counts[from] as number];
  const [nonFinite, moreNonFinite] = [rows.nonFinite[i] as number, source.nonFinite[from] as number];
  const finite = more > moreNonFinite;
  const isSame = finite === count > nonFinite; // as what is kept
  if (count === 0 || (isSame ? (source.steps[from] as number) >= (rows.steps[i] as number) : finite)) {
    rows.steps[i] = source.steps[from] as number;
    rows.times[i] = source.times[from] as number;
    rows.values[i] = source.values[from] as number;
  }
  if (count === 0 || (isSame ? (source.firstSteps[from] as number) < (rows.firstSteps[i] as number) : finite)) {
    rows.firstSteps[i] = source.firstSteps[from] as number;
    rows.firsts[i] = source.firsts[from] as number;
  }
  rows.counts[i] = count + more;
  rows.nonFinite[i] = nonFinite + moreNonFinite;
  rows.sums[i] = (rows.sums[i] as number) + (source.sums[from] as number);
  if ((source.min[from] as number) < (rows.min[i] as number)) rows.min[i] = source.min[from] as number;
  if ((source.max[from] as number) > (rows.max[i] as number)) rows.max[i] = source.max[from] as number;
}

function moveRow(rows: Rows, to: number, from: number): void {
  if (to === from) return;
  for (const column of Object.values<Float64Array>(rows as Record<keyof Rows, Float64Array>))
    column[to] = column[from] as number;
}

function taken(column: Float64Array, order: Uint32Array): Float64Array {
  const found = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) found[i] = column[order[i] as number] as number;
  return found;
}

function isAscending(column: Float64Array): boolean {
  for (let i = 1; i < column.length; i++) if ((column[i] as number) < (column[i - 1] as number)) return false;
  return true;
}

function grown(column: Float64Array, room: number): Float64Array {
  const more = new Float64Array(room);
  more.set(column);
  return more;
}

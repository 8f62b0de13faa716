/**
 * When the points of each bucket of a roll-up were logged, so that a window in time can take whole buckets. Stored in
 * 65,535ths of the roll-up's own span and rounded outwards: never narrower than the truth, and some two bytes a bucket.
 */
import type { BucketColumns } from './bucket-grid.js';
import type { ChunkColumns } from './chunk-codec.js';
import { PackedReader, PackedWriter } from './packed-columns.js';

/** Seconds since the epoch, both included. */
export interface TimeSpan {
  readonly loTime: number;
  readonly hiTime: number;
}

/** No point of bucket i was logged before `lo[i]` or after `hi[i]`. */
export interface TimeSpans {
  readonly lo: Float64Array; // [m]
  readonly hi: Float64Array; // [m]
}

type Grid = Pick<BucketColumns, 'width' | 'places'>;

const TOP = 65_535;

/** The spans of the buckets of `grid`, from those of narrower ones and from points. */
export function spansOf(
  grid: Grid,
  base: { readonly grid: Grid; readonly spans: TimeSpans } | null,
  chunks: readonly Pick<ChunkColumns, 'steps' | 'times'>[],
): TimeSpans {
  const rows = new Map<number, number>();
  for (let i = 0; i < grid.places.length; i++) rows.set(grid.places[i] as number, i);
  const lo = new Float64Array(grid.places.length).fill(Number.POSITIVE_INFINITY);
  const hi = new Float64Array(grid.places.length).fill(Number.NEGATIVE_INFINITY);
  const stretch = (row: number, from: number, to: number) => {
    if (from < (lo[row] as number)) lo[row] = from;
    if (to > (hi[row] as number)) hi[row] = to;
  };
  base?.grid.places.forEach((place, i) => {
    const row = rows.get(Math.floor((place * base.grid.width) / grid.width)) as number; // the grid has all of its points
    stretch(row, base.spans.lo[i] as number, base.spans.hi[i] as number);
  });
  for (const { steps, times } of chunks) {
    let place = Number.NaN;
    let row = 0;
    for (let i = 0; i < steps.length; i++) {
      const at = Math.floor((steps[i] as number) / grid.width) + 0;
      if (at !== place) row = rows.get(at) as number; // the grid has all of these points
      place = at;
      stretch(row, times[i] as number, times[i] as number);
    }
  }
  return { lo, hi };
}

export function encodeSpans({ lo, hi }: TimeSpans, span: TimeSpan): Promise<Buffer> {
  const marks = { lo: lo.map((time) => below(time, span)), hi: hi.map((time) => above(time, span)) };
  const writer = new PackedWriter();
  writer.integers(marks.lo.map((mark, i) => mark - (marks.lo[i - 1] ?? 0)));
  writer.integers(marks.hi.map((mark, i) => mark - (marks.lo[i] as number)));
  return writer.finish();
}

export async function decodeSpans(bytes: Buffer, count: number, span: TimeSpan): Promise<TimeSpans> {
  const reader = await PackedReader.open(bytes);
  const lo = reader.integers(count);
  for (let i = 1; i < count; i++) lo[i] = (lo[i] as number) + (lo[i - 1] as number);
  const hi = reader.integers(count).map((more, i) => (lo[i] as number) + more);
  return { lo: lo.map((mark) => timeAt(mark, span)), hi: hi.map((mark) => timeAt(mark, span)) };
}

/** The ends are exact whatever the span, be it 0 or beyond float64. */
function timeAt(mark: number, { loTime, hiTime }: TimeSpan): number {
  if (mark <= 0) return loTime;
  return mark >= TOP ? hiTime : Math.min(hiTime, Math.max(loTime, loTime + mark * ((hiTime - loTime) / TOP)));
}

function below(time: number, span: TimeSpan): number {
  const mark = Math.floor((time - span.loTime) / ((span.hiTime - span.loTime) / TOP)) - 1;
  const isBelow = mark > 0 && mark < TOP && timeAt(mark, span) <= time; // false of NaN
  return isBelow ? mark : 0;
}

function above(time: number, span: TimeSpan): number {
  const mark = Math.ceil((time - span.loTime) / ((span.hiTime - span.loTime) / TOP)) + 1;
  const isAbove = mark > 0 && mark < TOP && timeAt(mark, span) >= time; // false of NaN
  return isAbove ? mark : TOP;
}

/**
 * Roll-ups: the buckets by step of 64 full chunks at several widths, each twice the one before. The finest has some
 * fifty to a hundred points a bucket. Made from full chunks only, so that what they say never changes, and folded
 * together at read: steps may repeat and go back, over chunks and streams, and the numbers are still those of the points.
 */
import { type BucketColumns, BucketGrid } from './bucket-grid.js';
import type { ChunkColumns } from './chunk-codec.js';
import { highest, lowest } from './extremes.js';
import { PackedReader, PackedWriter } from './packed-columns.js';
import { encodeSpans, spansOf, type TimeSpan, type TimeSpans } from './time-spans.js';

/** Chunks that one full roll-up stands for. */
export const ROLLUP_CHUNKS = 64;
const FINEST_WIDTH = 64;
const POINTS_PER_BUCKET = 50;
/** A level of so few buckets needs none above it. */
const FEW_BUCKETS = 8;
const NOTHING = Buffer.alloc(0);
const NOWHERE = {
  loStep: Number.POSITIVE_INFINITY,
  hiStep: Number.NEGATIVE_INFINITY,
  loTime: Number.POSITIVE_INFINITY,
  hiTime: Number.NEGATIVE_INFINITY,
};

/**
 * A roll-up as it is stored: level i has `counts[i]` buckets of width `width 2^i` in the bytes that end at `ends[i]`. A
 * level without bytes is not stored: the one below it says the same, twice as fine. Behind the levels, up to the last of
 * `ends`, is when the buckets of level 0 were logged.
 */
export interface Rollup extends TimeSpan {
  readonly no: number;
  /** Full chunks in it, from the group's first on. */
  readonly chunks: number;
  readonly loStep: number;
  readonly hiStep: number;
  readonly width: number;
  readonly counts: readonly number[];
  readonly ends: readonly number[];
  readonly data: Buffer;
}

/** What is needed of a roll-up to let it grow: its finest level. */
export type RollupBase = Pick<Rollup, 'no' | 'chunks' | 'loStep' | 'hiStep' | 'loTime' | 'hiTime'> & {
  readonly finest: BucketColumns;
  readonly spans: TimeSpans;
};

/** The roll-up of `base`, if there is one, and the full chunks that follow it. */
export async function growRollup(
  no: number,
  base: RollupBase | null,
  chunks: readonly Pick<ChunkColumns, 'steps' | 'times' | 'values'>[],
): Promise<Rollup> {
  const grid = new BucketGrid(base?.finest.width ?? FINEST_WIDTH);
  let n = 0;
  if (base !== null) {
    grid.addBuckets(base.finest);
    n += base.finest.counts.reduce((sum, count) => sum + count, 0);
  }
  for (const { steps, times, values } of chunks) {
    grid.addPoints(steps, times, values);
    n += steps.length;
  }
  while (grid.size * POINTS_PER_BUCKET > n && grid.size > FEW_BUCKETS) grid.widen();

  const finest = grid.columns();
  const range = rangeOf(base, chunks);
  const spans = spansOf(finest, base === null ? null : { grid: base.finest, spans: base.spans }, chunks);
  const counts = [grid.size];
  const parts = [await encodeLevel(finest)];
  while (grid.size > FEW_BUCKETS) {
    grid.widen();
    counts.push(grid.size);
    const isStored = counts.length % 2 === 1 || grid.size <= FEW_BUCKETS;
    parts.push(isStored ? await encodeLevel(grid.columns()) : NOTHING);
  }
  parts.push(await encodeSpans(spans, range));
  let end = 0;
  const ends = parts.map((part) => {
    end += part.length;
    return end;
  });
  const { width } = finest;
  return { no, chunks: (base?.chunks ?? 0) + chunks.length, ...range, width, counts, ends, data: Buffer.concat(parts) };
}

export async function decodeLevel(bytes: Buffer, count: number, width: number): Promise<BucketColumns> {
  const reader = await PackedReader.open(bytes);
  const places = reader.integers(count);
  for (let i = 1; i < count; i++) places[i] = (places[i] as number) + (places[i - 1] as number);
  const counts = reader.integers(count);
  const nonFinite = reader.integers(count);
  const stepsOf = (offsets: Float64Array) => offsets.map((offset, i) => (places[i] as number) * width + offset);
  const steps = stepsOf(reader.integers(count));
  const times = reader.floats(count, { delta: true });
  const floats = () => reader.floats(count, { delta: false });
  const [values, min, max, sums] = [floats(), floats(), floats(), floats()];
  const firstSteps = stepsOf(reader.integers(count));
  return { width, places, counts, nonFinite, steps, times, values, firstSteps, firsts: floats(), min, max, sums };
}

/** What came last to the format stands last: a release that does not know it reads what it knows. */
function encodeLevel(level: BucketColumns): Promise<Buffer> {
  const { width, places } = level;
  const writer = new PackedWriter();
  const offsets = (steps: Float64Array) => steps.map((step, i) => step - (places[i] as number) * width);
  writer.integers(places.map((place, i) => place - (places[i - 1] ?? 0)));
  writer.integers(level.counts);
  writer.integers(level.nonFinite);
  writer.integers(offsets(level.steps));
  writer.floats(level.times, { delta: true });
  for (const column of [level.values, level.min, level.max, level.sums]) writer.floats(column, { delta: false });
  writer.integers(offsets(level.firstSteps));
  writer.floats(level.firsts, { delta: false });
  return writer.finish();
}

type Range = Pick<Rollup, 'loStep' | 'hiStep' | 'loTime' | 'hiTime'>;

function rangeOf(base: Range | null, chunks: readonly Pick<ChunkColumns, 'steps' | 'times'>[]): Range {
  let { loStep, hiStep, loTime, hiTime } = base ?? NOWHERE;
  for (const { steps, times } of chunks) {
    loStep = Math.min(loStep, lowest(steps));
    hiStep = Math.max(hiStep, highest(steps));
    loTime = Math.min(loTime, lowest(times));
    hiTime = Math.max(hiTime, highest(times));
  }
  return { loStep, hiStep, loTime, hiTime };
}

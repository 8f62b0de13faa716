/**
 * Roll-ups: the buckets by step of 64 full chunks at several widths, each twice the one before. The finest has some
 * fifty to a hundred points a bucket. Made from full chunks only, so that what they say never changes, and folded together at read:
 * steps may repeat and go back, over chunks and streams, and the numbers are still those of the points.
 */
import { type BucketColumns, BucketGrid } from './bucket-grid.js';
import type { ChunkColumns } from './chunk-codec.js';
import { PackedReader, PackedWriter } from './packed-columns.js';

/** Chunks that one full roll-up stands for. */
export const ROLLUP_CHUNKS = 64;
const FINEST_WIDTH = 64;
const POINTS_PER_BUCKET = 50;
/** A level of so few buckets needs none above it. */
const FEW_BUCKETS = 8;

/** A roll-up as it is stored: level i has `counts[i]` buckets of width `width 2^i` in the bytes that end at `ends[i]`. */
export interface Rollup {
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
export type RollupBase = Pick<Rollup, 'no' | 'chunks' | 'loStep' | 'hiStep'> & { readonly finest: BucketColumns };

/** The roll-up of `base`, if there is one, and the full chunks that follow it. */
export async function growRollup(
  no: number,
  base: RollupBase | null,
  chunks: readonly Pick<ChunkColumns, 'steps' | 'times' | 'values'>[],
): Promise<Rollup> {
  const grid = new BucketGrid(base?.finest.width ?? FINEST_WIDTH);
  let loStep = base?.loStep ?? Number.POSITIVE_INFINITY;
  let hiStep = base?.hiStep ?? Number.NEGATIVE_INFINITY;
  let n = 0;
  if (base !== null) {
    grid.addBuckets(base.finest);
    n += base.finest.counts.reduce((sum, count) => sum + count, 0);
  }
  for (const { steps, times, values } of chunks) {
    grid.addPoints(steps, times, values);
    n += steps.length;
    for (const step of steps) {
      if (step < loStep) loStep = step;
      if (step > hiStep) hiStep = step;
    }
  }
  while (grid.size * POINTS_PER_BUCKET > n && grid.size > FEW_BUCKETS) grid.widen();

  const { width } = grid;
  const [counts, ends, levels]: [number[], number[], Buffer[]] = [[], [], []];
  for (;;) {
    const level = await encodeLevel(grid.columns());
    levels.push(level);
    counts.push(grid.size);
    ends.push((ends.at(-1) ?? 0) + level.length);
    if (grid.size <= FEW_BUCKETS) break;
    grid.widen();
  }
  const data = Buffer.concat(levels);
  return { no, chunks: (base?.chunks ?? 0) + chunks.length, loStep, hiStep, width, counts, ends, data };
}

export async function decodeLevel(bytes: Buffer, count: number, width: number): Promise<BucketColumns> {
  const reader = await PackedReader.open(bytes);
  const places = reader.integers(count);
  for (let i = 1; i < count; i++) places[i] = (places[i] as number) + (places[i - 1] as number);
  const counts = reader.integers(count);
  const nonFinite = reader.integers(count);
  const steps = reader.integers(count).map((offset, i) => (places[i] as number) * width + offset);
  return {
    width,
    places,
    counts,
    nonFinite,
    steps,
    times: reader.floats(count, { delta: true }),
    values: reader.floats(count, { delta: false }),
    min: reader.floats(count, { delta: false }),
    max: reader.floats(count, { delta: false }),
    sums: reader.floats(count, { delta: false }),
  };
}

function encodeLevel(level: BucketColumns): Promise<Buffer> {
  const { width, places, steps } = level;
  const writer = new PackedWriter();
  writer.integers(places.map((place, i) => place - (places[i - 1] ?? 0)));
  writer.integers(level.counts);
  writer.integers(level.nonFinite);
  writer.integers(steps.map((step, i) => step - (places[i] as number) * width));
  writer.floats(level.times, { delta: true });
  for (const column of [level.values, level.min, level.max, level.sums]) writer.floats(column, { delta: false });
  return writer.finish();
}

/**
 * A chunk as bytes: the points of one key in stored order, each with its seq, so that everything the log could say of
 * them can still be said. Steps and times are apart from the rest: metrics logged together share them.
 */
import { PackedReader, PackedWriter } from './packed-columns.js';

/** Points of a full chunk. Chunks are cut by count: point i of a key is in chunk floor(i / 2048).
 * Larger ones pack better into pages of Postgres, smaller ones make narrow reads cheaper. */
export const CHUNK_POINTS = 2_048;

/** Points of one key of one stream, in order of seq. */
export interface ChunkColumns {
  readonly seqs: Float64Array; // [n]
  readonly steps: Float64Array; // [n]
  readonly times: Float64Array; // [n]
  readonly values: Float64Array; // [n]
}

/** A chunk as it is stored. */
export interface StoredChunk {
  readonly keyId: number;
  readonly n: number;
  readonly clock: Buffer;
  readonly data: Buffer;
}

/** A run of neighbours in a stream that are of one key. */
export interface SeqRun {
  readonly seq: number;
  readonly keyId: number;
  readonly steps: Float64Array; // [n]
  readonly times: Float64Array; // [n]
  readonly values: Float64Array; // [n]
}

/** Steps and times. */
export function encodeClock({ steps, times }: ChunkColumns): Promise<Buffer> {
  const writer = new PackedWriter();
  const deltas = stepDeltas(steps);
  writer.integers([deltas === null ? 1 : 0]);
  if (deltas === null) writer.floats(steps, { delta: true });
  else writer.integers(deltas);
  writer.floats(times, { delta: true });
  return writer.finish();
}

/** Seqs and values. */
export function encodeData({ seqs, values }: ChunkColumns): Promise<Buffer> {
  const writer = new PackedWriter();
  const runs = seqRuns(seqs);
  writer.integers([runs.length / 2]);
  writer.integers(runs);
  writer.floats(values, { delta: false });
  return writer.finish();
}

/** All columns, without blocking. */
export async function decodeChunk({ n, clock, data }: StoredChunk): Promise<ChunkColumns> {
  const [clockReader, dataReader] = await Promise.all([PackedReader.open(clock), PackedReader.open(data)]);
  return readChunk(n, clockReader, dataReader);
}

/** All columns at once: for a few chunks at a time. */
export function decodeChunkSync({ n, clock, data }: StoredChunk): ChunkColumns {
  return readChunk(n, PackedReader.openSync(clock), PackedReader.openSync(data));
}

/** The points with a seq in `[from, to)`, cut where their seqs leave a gap. */
export function* runsOf(keyId: number, chunk: ChunkColumns, from: number, to: number): Generator<SeqRun> {
  const { seqs } = chunk;
  let start = lowerBound(seqs, from);
  const end = lowerBound(seqs, to);
  for (let i = start + 1; i <= end; i++) {
    if (i < end && seqs[i] === (seqs[i - 1] as number) + 1) continue;
    yield { keyId, seq: seqs[start] as number, ...slice(chunk, start, i) };
    start = i;
  }
}

/** The points with a seq in `[from, to)` in one piece. */
export function clip(chunk: ChunkColumns, from: number, to: number): ChunkColumns {
  const [start, end] = [lowerBound(chunk.seqs, from), lowerBound(chunk.seqs, to)];
  return start === 0 && end === chunk.seqs.length ? chunk : slice(chunk, start, end);
}

/** Points `[start, end)` of the columns, sharing their memory. */
export function slice({ seqs, steps, times, values }: ChunkColumns, start: number, end: number): ChunkColumns {
  return {
    seqs: seqs.subarray(start, end),
    steps: steps.subarray(start, end),
    times: times.subarray(start, end),
    values: values.subarray(start, end),
  };
}

function readChunk(n: number, clock: PackedReader, data: PackedReader): ChunkColumns {
  const [isBits] = clock.integers(1);
  const steps = isBits === 1 ? clock.floats(n, { delta: true }) : clock.integers(n);
  if (isBits !== 1) for (let i = 1; i < n; i++) steps[i] = (steps[i] as number) + (steps[i - 1] as number);
  const times = clock.floats(n, { delta: true });
  const [count] = data.integers(1);
  const runs = data.integers(2 * (count as number));
  const seqs = new Float64Array(n);
  let seq = 0;
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    seq += runs[i] as number;
    for (let left = runs[i + 1] as number; left > 0; left--) seqs[at++] = seq++;
  }
  return { seqs, steps, times, values: data.floats(n, { delta: false }) };
}

/** Null when differences would not give the same bits back: a -0, or steps more than 2^53 apart. */
function stepDeltas(steps: Float64Array): Float64Array | null {
  const deltas = new Float64Array(steps.length);
  let before = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number;
    const delta = step - before;
    if (Object.is(step, -0) || !Number.isSafeInteger(delta)) return null;
    deltas[i] = delta;
    before = step;
  }
  return deltas;
}

/** Pairs: how far beyond the run before, and how long. */
function seqRuns(seqs: Float64Array): number[] {
  const runs: number[] = [];
  let next = 0;
  for (const seq of seqs) {
    if (runs.length > 0 && seq === next) runs[runs.length - 1] = (runs.at(-1) as number) + 1;
    else runs.push(seq - next, 1);
    next = seq + 1;
  }
  return runs;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

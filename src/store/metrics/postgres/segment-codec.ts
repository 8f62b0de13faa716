/**
 * A batch of points as bytes: version, series directory, then raw little-endian float64 columns. Raw, since the log is
 * read soon and often, and copying is the cheapest encoding there is; a column that repeats the one of the series
 * before it (metrics logged together share steps and times) is stored once.
 *
 * Layout: u8 version · u8 0 · u16 number of series · per series u32 key id, u32 n | flags << 24 · columns steps, times,
 * values of each series. All columns are copied bit for bit.
 */
import { METRIC_LIMITS } from '../metric-store.js';
import { decodeChunkSync, runsOf, type SeqRun, type StoredChunk } from './chunk-codec.js';

const VERSION = 1;
const HEADER_BYTES = 4;
const ENTRY_BYTES = 8;
const SAME_STEPS = 1;
const SAME_TIMES = 2;
const N_MASK = 0xff_ffff;

/** Most points of one segment: how far below a seq a segment may begin that covers it. */
export const LONGEST_SEGMENT = METRIC_LIMITS.pointsPerBatch;

/** Columns of one series in a segment, its key interned. */
export interface KeyedColumns {
  readonly keyId: number;
  readonly steps: Float64Array; // [n]
  readonly times: Float64Array; // [n]
  readonly values: Float64Array; // [n]
}

/** A series of a segment, and how many points come before it there. */
export interface SegmentSeries extends KeyedColumns {
  readonly offset: number;
}

/** The bytes of a batch. Order of points: series after series. */
export function encodeSegment(series: readonly KeyedColumns[]): Buffer {
  const flags = series.map((own, i) => sharedColumns(series[i - 1], own));
  let size = HEADER_BYTES + ENTRY_BYTES * series.length;
  series.forEach(({ steps }, i) => {
    size += 8 * steps.length * storedColumns(flags[i] as number);
  });

  const bytes = Buffer.allocUnsafe(size);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(0, 1);
  bytes.writeUInt16LE(series.length, 2);
  let at = HEADER_BYTES + ENTRY_BYTES * series.length;
  series.forEach(({ keyId, steps, times, values }, i) => {
    const own = flags[i] as number;
    bytes.writeUInt32LE(keyId, HEADER_BYTES + ENTRY_BYTES * i);
    bytes.writeUInt32LE((steps.length | (own << 24)) >>> 0, HEADER_BYTES + ENTRY_BYTES * i + 4);
    if ((own & SAME_STEPS) === 0) at += bytesOf(steps).copy(bytes, at);
    if ((own & SAME_TIMES) === 0) at += bytesOf(times).copy(bytes, at);
    at += bytesOf(values).copy(bytes, at);
  });
  return bytes;
}

/** The series of a segment whose key is `wanted` (all when null), in stored order; the columns are fresh copies. */
export function decodeSegment(bytes: Buffer, wanted: ReadonlySet<number> | null): SegmentSeries[] {
  if (bytes.readUInt8(0) !== VERSION) throw new RangeError(`metric segment of unknown version ${bytes.readUInt8(0)}`);
  const count = bytes.readUInt16LE(2);
  const found: SegmentSeries[] = [];
  let offset = 0;
  let at = HEADER_BYTES + ENTRY_BYTES * count;
  let stepsAt = at;
  let timesAt = at;
  for (let i = 0; i < count; i++) {
    const keyId = bytes.readUInt32LE(HEADER_BYTES + ENTRY_BYTES * i);
    const packed = bytes.readUInt32LE(HEADER_BYTES + ENTRY_BYTES * i + 4);
    const n = packed & N_MASK;
    const flags = packed >>> 24;
    if ((flags & SAME_STEPS) === 0) {
      stepsAt = at;
      at += 8 * n;
    }
    if ((flags & SAME_TIMES) === 0) {
      timesAt = at;
      at += 8 * n;
    }
    if (wanted === null || wanted.has(keyId)) {
      found.push({
        keyId,
        offset,
        steps: column(bytes, stepsAt, n),
        times: column(bytes, timesAt, n),
        values: column(bytes, at, n),
      });
    }
    at += 8 * n;
    offset += n;
  }
  return found;
}

/** The series without their first `skip` points, counted series after series. */
export function dropLeading(series: readonly KeyedColumns[], skip: number): KeyedColumns[] {
  const rest: KeyedColumns[] = [];
  let left = skip;
  for (const { keyId, steps, times, values } of series) {
    const gone = Math.min(left, steps.length);
    left -= gone;
    if (gone === steps.length) continue;
    rest.push({ keyId, steps: steps.subarray(gone), times: times.subarray(gone), values: values.subarray(gone) });
  }
  return rest;
}

/** A row of the log, or, with a key, a chunk that is compacted. */
export type StoredRow =
  | { readonly seq: number; readonly data: Buffer; readonly keyId?: null }
  | (StoredChunk & { readonly seq: number });

/**
 * Whether the points `[seq, seq + n)` of a batch equal, bit for bit, those that the rows hold of this range. NaN equals
 * NaN whatever its payload.
 */
export function samePoints(series: readonly KeyedColumns[], seq: number, stored: readonly StoredRow[]): boolean {
  const starts: number[] = [];
  let end = seq;
  for (const { steps } of series) {
    starts.push(end);
    end += steps.length;
  }
  for (const row of stored) {
    for (const run of runsIn(row, seq, end)) {
      const at = run.seq;
      const runEnd = at + run.steps.length;
      for (let i = firstReaching(starts, series, at); i < series.length && (starts[i] as number) < runEnd; i++) {
        const own = series[i] as KeyedColumns;
        const ownStart = starts[i] as number;
        const from = Math.max(at, ownStart);
        const to = Math.min(runEnd, ownStart + own.steps.length);
        if (from >= to) continue;
        if (own.keyId !== run.keyId) return false;
        const part = (columns: Float64Array, start: number) => columns.subarray(from - start, to - start);
        if (!sameBits(part(own.steps, ownStart), part(run.steps, at))) return false;
        if (!sameBits(part(own.times, ownStart), part(run.times, at))) return false;
        if (!sameBits(part(own.values, ownStart), part(run.values, at))) return false;
      }
    }
  }
  return true;
}

function* runsIn(row: StoredRow, from: number, to: number): Generator<SeqRun> {
  if (typeof row.keyId === 'number') return yield* runsOf(row.keyId, decodeChunkSync(row), from, to);
  for (const { offset, ...series } of decodeSegment(row.data, null)) yield { seq: row.seq + offset, ...series };
}

/** The first series that ends beyond `seq`. */
function firstReaching(starts: readonly number[], series: readonly KeyedColumns[], seq: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) + (series[middle] as KeyedColumns).steps.length <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sharedColumns(before: KeyedColumns | undefined, own: KeyedColumns): number {
  if (before === undefined || before.steps.length !== own.steps.length) return 0;
  return (
    (equalBytes(before.steps, own.steps) ? SAME_STEPS : 0) | (equalBytes(before.times, own.times) ? SAME_TIMES : 0)
  );
}

function storedColumns(flags: number): number {
  return 3 - (flags & SAME_STEPS) - ((flags & SAME_TIMES) >> 1);
}

function sameBits(a: Float64Array, b: Float64Array): boolean {
  if (equalBytes(a, b)) return true;
  return a.every((value, i) => Object.is(value, b[i]));
}

function equalBytes(a: Float64Array, b: Float64Array): boolean {
  return a === b || bytesOf(a).equals(bytesOf(b));
}

function bytesOf(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy: pooled Buffers are not aligned to 8 bytes. */
function column(bytes: Buffer, at: number, n: number): Float64Array {
  const values = new Float64Array(n);
  bytes.copy(bytesOf(values), 0, at, at + 8 * n);
  return values;
}

/**
 * Positions in many streams as one opaque text: pairs of (stream id, seq), delta and variable-length coded. The
 * generation tells a cursor from before a restore or failover, whose seqs may have been handed out again.
 */
import { PlatformError } from '../../domain/errors.js';

const VERSION = 1;
const GENERATION_BYTES = 16;

/** Seq to go on from, by stream id. */
export type Positions = ReadonlyMap<number, number>;

/** The cursor's text. `generation` is hashed text of at most 16 bytes. */
export function encodePositions(kind: 'metric' | 'log', generation: string, positions: Positions): string {
  const bytes: number[] = [VERSION, kind === 'metric' ? 0 : 1, ...paddedGeneration(generation)];
  let before = 0;
  for (const [id, seq] of [...positions].sort(([a], [b]) => a - b)) {
    pushVarint(bytes, id - before);
    pushVarint(bytes, seq);
    before = id;
  }
  return Buffer.from(bytes).toString('base64url');
}

/** @throws CURSOR_INVALID when the text is not ours; CURSOR_EXPIRED when it is of another generation. */
export function decodePositions(kind: 'metric' | 'log', generation: string, cursor: string): Map<number, number> {
  const bytes = Buffer.from(cursor, 'base64url');
  const head = 2 + GENERATION_BYTES;
  const ours =
    bytes.toString('base64url') === cursor &&
    bytes.length >= head &&
    bytes[0] === VERSION &&
    bytes[1] === (kind === 'metric' ? 0 : 1);
  if (!ours) throw invalid();
  if (!bytes.subarray(2, head).equals(Buffer.from(paddedGeneration(generation)))) throw expired();

  const positions = new Map<number, number>();
  const reader = { bytes, at: head };
  let id = 0;
  while (reader.at < bytes.length) {
    const step = readVarint(reader);
    if (step === 0) throw invalid();
    id += step;
    positions.set(id, readVarint(reader));
  }
  return positions;
}

/** The error for a cursor whose place no longer exists. */
export function expired(): PlatformError {
  return new PlatformError(
    'CURSOR_EXPIRED',
    'the cursor is from before the store was restored or failed over; load again from the start',
  );
}

/** The error for a text that is no cursor of this feed. */
export function invalid(): PlatformError {
  return new PlatformError('CURSOR_INVALID', 'the cursor is not one that this feed gave');
}

function paddedGeneration(generation: string): number[] {
  const bytes = [...Buffer.from(generation)].slice(0, GENERATION_BYTES);
  return [...bytes, ...new Array<number>(GENERATION_BYTES - bytes.length).fill(0)];
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readVarint(reader: { readonly bytes: Buffer; at: number }): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined || scale > 2 ** 49) throw invalid();
    value += (byte & 127) * scale;
    if (byte < 128) break;
    scale *= 128;
  }
  if (!Number.isSafeInteger(value)) throw invalid();
  return value;
}

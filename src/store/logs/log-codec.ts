/** Log lines as bytes: one format byte, then JSON columns, deflated when that pays. Times are packed, so they stay exact. */
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { LogLines, LogSource } from './log-store.js';

const PLAIN = 1;
const DEFLATED = 2;
const WORTH_DEFLATING = 256;
const SOURCES: readonly LogSource[] = ['STDOUT', 'STDERR', 'SYSTEM'];

interface Stored {
  readonly lines: readonly string[];
  /** One digit per line. */
  readonly sources: string;
  /** Base64 of packed float64. */
  readonly times: string;
}

/** Compression runs on the thread pool, not on the event loop. */
export async function encodeLines({ lines, sources, times }: LogLines): Promise<Buffer> {
  const stored: Stored = {
    lines,
    sources: sources.map((source) => SOURCES.indexOf(source)).join(''),
    times: Buffer.from(times.buffer, times.byteOffset, times.byteLength).toString('base64'),
  };
  const json = Buffer.from(JSON.stringify(stored));
  if (json.length < WORTH_DEFLATING) return Buffer.concat([Buffer.from([PLAIN]), json]);
  return Buffer.concat([Buffer.from([DEFLATED]), await promisify(deflateRaw)(json, { level: 1 })]);
}

export function decodeLines(bytes: Buffer): LogLines {
  const format = bytes[0];
  if (format !== PLAIN && format !== DEFLATED) throw new RangeError(`log segment of unknown format ${format}`);
  const json = format === PLAIN ? bytes.subarray(1) : inflateRawSync(bytes.subarray(1));
  const stored = JSON.parse(json.toString('utf8')) as Stored;
  const times = new Float64Array(stored.lines.length);
  Buffer.from(stored.times, 'base64').copy(Buffer.from(times.buffer));
  return {
    lines: stored.lines,
    sources: [...stored.sources].map((digit) => SOURCES[Number(digit)] ?? 'SYSTEM'),
    times,
  };
}

/** Lines `[from, to)`. */
export function sliceLines({ lines, sources, times }: LogLines, from: number, to: number): LogLines {
  return { lines: lines.slice(from, to), sources: sources.slice(from, to), times: times.subarray(from, to) };
}

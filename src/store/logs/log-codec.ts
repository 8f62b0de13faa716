/** Log lines as bytes: one format byte, then JSON columns, deflated when that pays. Times are packed, so they stay exact. */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';
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
  return parseLines((isDeflated(bytes) ? inflateRawSync(bytes.subarray(1)) : bytes.subarray(1)).toString('utf8'));
}

/** The JSON behind the bytes, to be looked at before it is worth parsing. Inflated on the thread pool. */
export async function readText(bytes: Buffer): Promise<string> {
  const json = isDeflated(bytes) ? await promisify(inflateRaw)(bytes.subarray(1)) : bytes.subarray(1);
  return json.toString('utf8');
}

export function parseLines(json: string): LogLines {
  const stored = JSON.parse(json) as Stored;
  const times = new Float64Array(stored.lines.length);
  Buffer.from(stored.times, 'base64').copy(Buffer.from(times.buffer));
  return {
    lines: stored.lines,
    sources: [...stored.sources].map((digit) => SOURCES[Number(digit)] ?? 'SYSTEM'),
    times,
  };
}

function isDeflated(bytes: Buffer): boolean {
  const format = bytes[0];
  if (format !== PLAIN && format !== DEFLATED) throw new RangeError(`log segment of unknown format ${format}`);
  return format === DEFLATED;
}

/** Lines `[from, to)`. */
export function sliceLines({ lines, sources, times }: LogLines, from: number, to: number): LogLines {
  return { lines: lines.slice(from, to), sources: sources.slice(from, to), times: times.subarray(from, to) };
}

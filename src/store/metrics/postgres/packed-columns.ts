/**
 * Columns as few bytes: whole numbers as variable-length ones, float64 bit for bit as eight planes of bytes. What
 * compresses is deflated in one piece; planes that look random are kept as they are, which is smaller and faster.
 *
 * Layout: u8 version · u32 length of the deflated part · deflated part · plain planes.
 */
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';

const VERSION = 1;
const HEADER_BYTES = 5;
/** Bits a byte above which deflate gains nothing. */
const RANDOM_ENTROPY = 7.3;
const FEW = 64;

// zlib's own threads do the work: the event loop stays free for ingest.
const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Collects columns; each is read back by the same call in the same order. */
export class PackedWriter {
  private readonly soft: Uint8Array[] = [];
  private readonly hard: Uint8Array[] = [];

  /** Whole numbers within ±(2^53 − 1), without -0. */
  integers(values: ArrayLike<number>): void {
    const bytes: number[] = [];
    for (let i = 0; i < values.length; i++) pushInteger(bytes, values[i] as number);
    this.soft.push(Uint8Array.from(bytes));
  }

  /** Any float64, bit for bit; with `delta`, as differences of neighbouring bit patterns. */
  floats(values: Float64Array, { delta }: { readonly delta: boolean }): void {
    const n = values.length;
    const words = delta ? differences(wordsOf(values)) : wordsOf(values);
    let plain = 0;
    const soft: Uint8Array[] = [];
    for (let plane = 0; plane < 8; plane++) {
      const bytes = new Uint8Array(n);
      const shift = 8 * (plane & 3);
      const word = plane >> 2;
      for (let i = 0; i < n; i++) bytes[i] = (words[2 * i + word] as number) >>> shift;
      if (!looksRandom(bytes)) {
        soft.push(bytes);
        continue;
      }
      plain |= 1 << plane;
      this.hard.push(bytes);
    }
    this.soft.push(Uint8Array.of(plain), ...soft);
  }

  async finish(): Promise<Buffer> {
    const packed = await deflateBest(Buffer.concat(this.soft));
    const head = Buffer.alloc(HEADER_BYTES);
    head.writeUInt8(VERSION, 0);
    head.writeUInt32LE(packed.length, 1);
    return Buffer.concat([head, packed, ...this.hard]);
  }
}

/** Reads columns in the order in which they were written. */
export class PackedReader {
  private readonly soft: Uint8Array;
  private readonly hard: Uint8Array;
  private softAt = 0;
  private hardAt = 0;

  private constructor(soft: Uint8Array, hard: Uint8Array) {
    this.soft = soft;
    this.hard = hard;
  }

  static async open(bytes: Buffer): Promise<PackedReader> {
    const [packed, hard] = parts(bytes);
    return new PackedReader(await inflate(packed), hard);
  }

  /** Blocks: for a few blocks at a time. */
  static openSync(bytes: Buffer): PackedReader {
    const [packed, hard] = parts(bytes);
    return new PackedReader(inflateRawSync(packed), hard);
  }

  integers(n: number): Float64Array {
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let byte = this.soft[this.softAt++] as number;
      const negative = (byte & 64) !== 0;
      let value = byte & 63;
      let scale = 64;
      while (byte >= 128) {
        byte = this.soft[this.softAt++] as number;
        value += (byte & 127) * scale;
        scale *= 128;
      }
      values[i] = negative ? -value : value;
    }
    return values;
  }

  floats(n: number, { delta }: { readonly delta: boolean }): Float64Array {
    const values = new Float64Array(n);
    const bytes = new Uint8Array(values.buffer);
    const plain = this.soft[this.softAt++] as number;
    for (let plane = 0; plane < 8; plane++) {
      const isPlain = (plain & (1 << plane)) !== 0;
      const from = isPlain ? this.hard : this.soft;
      const at = isPlain ? this.hardAt : this.softAt;
      for (let i = 0, to = plane; i < n; i++, to += 8) bytes[to] = from[at + i] as number;
      if (isPlain) this.hardAt += n;
      else this.softAt += n;
    }
    if (delta) addUp(new Uint32Array(values.buffer));
    return values;
  }
}

/** Chance repeats in noise cost more than they save, runs do not: the second way is nearly free, and smaller for clocks. */
async function deflateBest(bytes: Buffer): Promise<Buffer> {
  const [repeats, runs] = await Promise.all([
    deflate(bytes, { level: 6 }),
    deflate(bytes, { strategy: constants.Z_RLE }),
  ]);
  return runs.length < repeats.length ? runs : repeats;
}

function parts(bytes: Buffer): [Buffer, Buffer] {
  if (bytes.readUInt8(0) !== VERSION) throw new RangeError(`packed columns of unknown version ${bytes.readUInt8(0)}`);
  const end = HEADER_BYTES + bytes.readUInt32LE(1);
  return [bytes.subarray(HEADER_BYTES, end), bytes.subarray(end)];
}

/** Sign and six bits in the first byte, then seven a byte. */
function pushInteger(bytes: number[], value: number): void {
  const size = Math.abs(value);
  const sign = value < 0 ? 64 : 0;
  let rest = Math.floor(size / 64);
  bytes.push((size % 64) | sign | (rest > 0 ? 128 : 0));
  while (rest > 0) {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(byte | (rest > 0 ? 128 : 0));
  }
}

/** Pairs of low and high half: a copy. */
function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.slice().buffer);
}

/** Each 64-bit pattern minus the one before it, modulo 2^64, in place. */
function differences(words: Uint32Array): Uint32Array {
  for (let i = words.length - 2; i >= 2; i -= 2) {
    const low = words[i] as number;
    const before = words[i - 2] as number;
    words[i] = low - before;
    words[i + 1] = (words[i + 1] as number) - (words[i - 1] as number) - (low < before ? 1 : 0);
  }
  return words;
}

function addUp(words: Uint32Array): void {
  for (let i = 2; i < words.length; i += 2) {
    const low = (words[i] as number) + (words[i - 2] as number);
    words[i] = low;
    words[i + 1] = (words[i + 1] as number) + (words[i - 1] as number) + (low > 0xffff_ffff ? 1 : 0);
  }
}

function looksRandom(bytes: Uint8Array): boolean {
  const n = bytes.length;
  if (n < FEW) return false;
  const counts = new Uint32Array(256);
  for (let i = 0; i < n; i++) counts[bytes[i] as number] = (counts[bytes[i] as number] as number) + 1;
  let sum = 0;
  for (const count of counts) if (count > 1) sum += count * Math.log2(count);
  const entropy = Math.log2(n) - sum / n;
  return entropy > Math.min(RANDOM_ENTROPY, 0.94 * Math.log2(n));
}

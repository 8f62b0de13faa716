/**
 * The disk between a training loop and the network: what is not yet durable on the server, append-only and checksummed.
 * A file is the magic text, then records of `u32 length, u32 crc32, JSON` (little-endian); Python's SDK writes the same.
 * One writer; readers drop a torn tail. It knows nothing of the network.
 */

import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { forgetOldSent, markSent } from './sent-spools.js';

const MAGIC = Buffer.from('TGSPOOL1');
const FRAME_BYTES = 8;
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Acknowledged segments that stay, since a server that failed over may ask for them again. */
const KEPT_SEGMENTS = 4;
const MEMORY_BYTES = 64 * 1024 * 1024;
const RECORD_BYTES = 64 * 1024 * 1024;

/** First record of every segment: whose numbers these are, and who wrote them. Never a secret. */
export interface SpoolHeader {
  readonly type: 'spool';
  readonly version: 1;
  readonly url: string;
  /** Null: recorded offline; `create` says what to start. */
  readonly trialId: string | null;
  readonly attempt: number;
  readonly stream: string;
  readonly pid: number;
  readonly host: string;
  readonly create: OfflineTrial | null;
}

/** The trial that an offline process would have started. */
export interface OfflineTrial {
  readonly clientRequestId: string;
  readonly project: string;
  readonly experiment: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly name: string | null;
  readonly tags: readonly string[];
}

/** One series of a batch: base64 columns of equal length. */
export interface SpooledSeries {
  readonly key: string;
  readonly steps: string;
  readonly times: string;
  readonly values: string;
}

/** Points `[seq, seq + count)` as the process wrote them; `dropped` were given up just before. */
export interface PointsRecord {
  readonly type: 'points';
  readonly seq: number;
  readonly count: number;
  readonly dropped: number;
  readonly series: readonly SpooledSeries[];
}

/** From `base` on, points travel under another stream name: the server's stream cannot go on. */
export interface StreamRecord {
  readonly type: 'stream';
  readonly name: string;
  readonly base: number;
}

/** How the process said that its trial ended. */
export interface EndRecord {
  readonly type: 'end';
  readonly clientRequestId: string;
  /** Null: it ended as it was asked to; the server knows by whom. */
  readonly state: 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED' | 'PAUSED' | null;
  readonly value: number | string | null;
  /** In place of `value`: one per objective. Absent in the spools of older processes too. */
  readonly objectiveValues?: readonly (number | string)[];
  readonly message: string | null;
}

type SpoolRecord = SpoolHeader | PointsRecord | StreamRecord | EndRecord;

interface Entry {
  readonly seq: number;
  readonly count: number;
  /** Where the record lies, or the record itself when the disk refused it. */
  readonly at: { readonly segment: number; readonly offset: number; readonly length: number } | PointsRecord;
  readonly bytes: number;
}

export class Spool {
  readonly header: SpoolHeader;
  endRecord: EndRecord | null = null;
  readonly #folder: string;
  readonly #name: string;
  readonly #streams: { readonly name: string; readonly base: number }[];
  readonly #entries: Entry[] = [];
  readonly #files = new Map<number, number>(); // segment to descriptor
  #segment = 0;
  #bytes = 0;
  #memoryBytes = 0;
  #end = 0;
  #isDirty = false;
  #isReadOnly = false;
  #failure: Error | null = null;

  private constructor(folder: string, name: string, header: SpoolHeader) {
    this.#folder = folder;
    this.#name = name;
    this.header = header;
    this.#streams = [{ name: header.stream, base: 0 }];
  }

  /** A new spool for one process; a folder that cannot be written leaves it in memory (`failure`). */
  static create(folder: string, header: SpoolHeader): Spool {
    const spool = new Spool(folder, spoolName(header), header);
    spool.#try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      forgetOldSent(folder);
      spool.#rotate();
    });
    return spool;
  }

  /** A spool that another process left, or null when not even its header is readable. */
  static load(folder: string, name: string): Spool | null {
    const segments = segmentsOf(folder, name);
    let spool: Spool | null = null;
    for (const segment of segments) {
      const bytes = readFileSync(segmentPath(folder, name, segment));
      for (const { record, offset, length } of readRecords(bytes)) {
        if (record.type === 'spool') spool ??= new Spool(folder, name, record);
        if (!spool) continue;
        spool.#segment = segment;
        spool.#bytes = offset + length;
        if (record.type !== 'spool') spool.#remember(record, { segment, offset, length });
      }
    }
    return spool;
  }

  /** Names of the spools in a folder, oldest first, those that were sent included. */
  static list(folder: string): string[] {
    const names = filesIn(folder).flatMap((file) => /^(.+)\.\d{6}\.spool$/.exec(file)?.[1] ?? []);
    return [...new Set(names)].sort();
  }

  /** Why the disk is not used; null when it is. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Seq of the first point that can still be read. */
  get start(): number {
    return this.#entries[0]?.seq ?? this.#end;
  }

  /** Seq after the last point. */
  get end(): number {
    return this.#end;
  }

  get name(): string {
    return this.#name;
  }

  /** From now on only reads the files: another process still writes them. */
  leaveFiles(): void {
    this.#isReadOnly = true;
  }

  /** Appends a batch and gives it the next seq. Never throws. */
  append(batch: Omit<PointsRecord, 'type' | 'seq'>): void {
    this.#write({ type: 'points', seq: this.#end, ...batch });
  }

  /** From point `base` on, send under another stream name. */
  restream(name: string, base: number): void {
    this.#write({ type: 'stream', name, base });
  }

  /** The stream name that point `seq` travels under, and the seq where that stream begins. */
  streamAt(seq: number): { readonly name: string; readonly base: number } {
    return this.#streams.findLast(({ base }) => base <= seq) ?? { name: this.header.stream, base: 0 };
  }

  writeEnd(end: Omit<EndRecord, 'type'>): void {
    this.#write({ type: 'end', ...end });
  }

  /** The batch that holds `seq`, or the first one after it; null at the end. */
  batchAt(seq: number): PointsRecord | null {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry && entry.seq + entry.count <= seq) low = middle + 1;
      else high = middle;
    }
    for (const entry of this.#entries.slice(low, low + 64)) {
      const record = this.#read(entry);
      if (record) return record;
    }
    return null;
  }

  /** Points below `seq` are on the server: forgets what no rewind is likely to need. */
  ack(seq: number): void {
    while (this.#entries.length > 0) {
      const entry = this.#entries[0];
      if (!entry || entry.seq + entry.count > seq) return;
      if ('segment' in entry.at && entry.at.segment + KEPT_SEGMENTS >= this.#segment) return;
      if (!('segment' in entry.at)) this.#memoryBytes -= entry.bytes;
      this.#entries.shift();
      if ('segment' in entry.at) this.#forgetSegmentsBefore(this.#entries[0]);
    }
  }

  /** Makes what was appended survive a power cut. Never throws. */
  sync(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#try(() => fsyncSync(this.#descriptor(this.#segment)));
  }

  close(): void {
    this.sync();
    for (const descriptor of this.#files.values()) this.#try(() => closeSync(descriptor));
    this.#files.clear();
  }

  /** Closes the files and leaves them for a day, marked as sent. */
  keepSent(): void {
    this.close();
    if (segmentsOf(this.#folder, this.#name).length > 0) markSent(this.#folder, this.#name);
  }

  /** Closes and deletes the files. */
  remove(): void {
    this.#isDirty = false;
    this.close();
    for (const segment of segmentsOf(this.#folder, this.#name)) {
      this.#try(() => rmSync(segmentPath(this.#folder, this.#name, segment), { force: true }));
    }
  }

  #write(record: SpoolRecord): void {
    if (this.#isReadOnly) {
      this.#remember(record, null);
      return;
    }
    const frame = toFrame(record);
    const written = this.#try(() => {
      if (this.#failure || this.#bytes + frame.length > SEGMENT_BYTES) this.#rotate();
      const offset = this.#bytes;
      writeFully(this.#descriptor(this.#segment), frame, offset);
      this.#bytes += frame.length;
      this.#isDirty = true;
      this.#failure = null;
      return offset;
    });
    if (written === null) this.#undoTornWrite();
    const at = { segment: this.#segment, offset: (written ?? 0) + FRAME_BYTES, length: frame.length - FRAME_BYTES };
    this.#remember(record, written === null ? null : at);
  }

  #remember(record: SpoolRecord, at: { segment: number; offset: number; length: number } | null): void {
    if (record.type === 'stream' && !this.#streams.some(({ name }) => name === record.name)) {
      this.#streams.push({ name: record.name, base: record.base });
    }
    if (record.type === 'end') this.endRecord = record;
    if (record.type !== 'points') return;
    const bytes = at ? 0 : JSON.stringify(record).length;
    this.#entries.push({ seq: record.seq, count: record.count, at: at ?? record, bytes });
    this.#end = record.seq + record.count;
    this.#memoryBytes += bytes;
    this.#boundMemory();
  }

  /** A full disk drops the oldest of what is only in memory. */
  #boundMemory(): void {
    while (this.#memoryBytes > MEMORY_BYTES) {
      const at = this.#entries.findIndex((entry) => !('segment' in entry.at));
      const [entry] = this.#entries.splice(at, 1);
      if (!entry) return;
      this.#memoryBytes -= entry.bytes;
    }
  }

  #read(entry: Entry): PointsRecord | null {
    if (!('segment' in entry.at)) return entry.at;
    const { segment, offset, length } = entry.at;
    const bytes = Buffer.alloc(length);
    const read = this.#try(() => readSync(this.#descriptor(segment), bytes, 0, length, offset));
    if (read !== length) return null;
    return JSON.parse(bytes.toString('utf8')) as PointsRecord;
  }

  #rotate(): void {
    const descriptor = openSync(segmentPath(this.#folder, this.#name, this.#segment + 1), 'wx+', 0o600);
    this.sync();
    this.#segment += 1;
    this.#files.set(this.#segment, descriptor);
    const frames = [MAGIC, toFrame(this.header)];
    for (const stream of this.#streams.slice(1)) frames.push(toFrame({ type: 'stream', ...stream }));
    const head = Buffer.concat(frames);
    this.#bytes = head.length;
    writeFully(descriptor, head, 0);
  }

  #undoTornWrite(): void {
    this.#try(() => ftruncateSync(this.#descriptor(this.#segment), this.#bytes));
  }

  #forgetSegmentsBefore(entry: Entry | undefined): void {
    const first = entry && 'segment' in entry.at ? entry.at.segment : this.#segment;
    for (const segment of segmentsOf(this.#folder, this.#name)) {
      if (segment >= first) continue;
      const descriptor = this.#files.get(segment);
      if (descriptor !== undefined) this.#try(() => closeSync(descriptor));
      this.#files.delete(segment);
      this.#try(() => rmSync(segmentPath(this.#folder, this.#name, segment), { force: true }));
    }
  }

  #descriptor(segment: number): number {
    const open = this.#files.get(segment);
    if (open !== undefined) return open;
    const descriptor = openSync(segmentPath(this.#folder, this.#name, segment), 'r+');
    this.#files.set(segment, descriptor);
    return descriptor;
  }

  #try<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      return null;
    }
  }
}

/** Records of a segment up to the first that is torn or does not match its checksum. */
export function* readRecords(bytes: Buffer): Generator<{ record: SpoolRecord; offset: number; length: number }> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return;
  let at = MAGIC.length;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const offset = at + FRAME_BYTES;
    if (length > RECORD_BYTES || offset + length > bytes.length) return;
    const payload = bytes.subarray(offset, offset + length);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) return;
    yield { record: JSON.parse(payload.toString('utf8')) as SpoolRecord, offset, length };
    at = offset + length;
  }
}

function toFrame(record: SpoolRecord): Buffer {
  const payload = Buffer.from(JSON.stringify(record), 'utf8');
  const frame = Buffer.alloc(FRAME_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  payload.copy(frame, FRAME_BYTES);
  return frame;
}

function writeFully(descriptor: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}

function spoolName({ trialId, attempt, stream, create }: SpoolHeader): string {
  return `${trialId ?? `offline-${create?.clientRequestId}`}.${attempt}.${stream}`;
}

function segmentPath(folder: string, name: string, segment: number): string {
  return join(folder, `${name}.${String(segment).padStart(6, '0')}.spool`);
}

function segmentsOf(folder: string, name: string): number[] {
  const files = filesIn(folder).filter(
    (file) => file.startsWith(`${name}.`) && /^\.\d{6}\.spool$/.test(file.slice(name.length)),
  );
  return files.map((file) => Number(file.slice(name.length + 1, name.length + 7))).sort((a, b) => a - b);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

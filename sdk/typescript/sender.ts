/**
 * Brings the points of one process to the server exactly once: appends batches to the spool, sends from the spool,
 * believes the seq that the server answers even when it goes back, and tries again for ever while nobody answers.
 */

import { encodeColumn } from './columns.js';
import { TrialgraphError } from './error.js';
import { newRequestId } from './request-id.js';
import { type Backoff, backoffMs, sleep } from './retry.js';
import type { EndRecord, PointsRecord, Spool, SpooledSeries } from './spool.js';

const BACKOFF: Backoff = { baseMs: 200, maxMs: 5000 };
const SLOW_BACKOFF: Backoff = { baseMs: 30_000, maxMs: 30_000 };
/** No answer may silence us for longer. */
const MAX_RETRY_AFTER_SECONDS = 60;
const MAX_BATCH = 5000;
const MAX_SERIES = 500;
const IDLE_POLL_MS = 10_000;
const FLOAT_BYTES = 8;

/** Points as they come from the training loop; `keyIds` [n] index the names seen so far. */
export interface Chunk {
  readonly newNames: readonly string[];
  readonly keyIds: Int32Array;
  readonly steps: Float64Array; // [n]
  readonly times: Float64Array; // [n]
  readonly values: Float64Array; // [n]
  /** Given up before this chunk. */
  readonly dropped: number;
}

/** The points of one key. */
interface Group {
  readonly count: number;
  readonly series: SpooledSeries;
}

/** A batch on its way, as the mutation `reportMetrics` takes it. */
export interface Batch {
  readonly stream: string;
  readonly seq: number;
  readonly series: readonly SpooledSeries[];
  readonly dropped: number;
}

export interface Ack {
  readonly outcome: 'ACCEPTED' | 'GAP' | 'CONFLICT' | 'FENCED';
  readonly nextSeq: number;
  /** `pause` is absent of servers that know no schedulers. */
  readonly verdict: {
    readonly stop: boolean;
    readonly pause?: boolean | undefined;
    readonly reason?: string | null | undefined;
  };
}

/** The server as a sender needs it. One attempt each: the sender decides when to try again. */
export interface Transport {
  report(batch: Batch, signal: AbortSignal): Promise<Ack>;
  finish(end: EndRecord, signal: AbortSignal): Promise<void>;
}

export interface SenderOptions {
  readonly spool: Spool;
  /** Null: only spool. */
  readonly transport: Transport | null;
  /** Throw from `finish` when the server refuses our key, instead of trying again for ever. */
  readonly failsWhenRefused?: boolean | undefined;
  /** Leave the files to the process that still writes them. */
  readonly keepsFiles?: boolean | undefined;
  /** Waits between attempts; default: by the clock. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** It should stop, or only pause. */
  onVerdict(reason: string | null, pause: boolean): void;
  onWarning(text: string): void;
}

/** What became of the points. */
export interface SenderReport {
  /** Everything is on the server, the end included. */
  readonly isDelivered: boolean;
  /** Still in the spool. */
  readonly unsent: number;
  /** Refused, since a newer attempt owns the trial or it is gone. */
  readonly refused: number;
  readonly dropped: number;
  /** Times that the server asked for older points. */
  readonly rewinds: number;
  readonly conflicts: number;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #names: string[] = [];
  readonly #ended = new AbortController();
  readonly #warned = new Set<string>();
  readonly #waiters = new Set<() => void>();
  #cursor: number;
  /** Dropped before the next batch was spooled, and after; neither is told yet. */
  #droppedBefore = 0;
  #droppedAfter = 0;
  #dropped = 0;
  #rewinds = 0;
  #conflicts = 0;
  #isFenced = false;
  #isTold = false;
  #refusal: TrialgraphError | null = null;
  #loop: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#cursor = options.spool.start;
  }

  /** Starts sending; call once. */
  start(): void {
    if (this.#options.transport) this.#loop = this.#run(this.#options.transport);
  }

  /** Spools the points of a chunk, in order, grouped by key. Never throws. */
  add(chunk: Chunk): void {
    this.#names.push(...chunk.newNames);
    this.#droppedBefore += chunk.dropped;
    this.#dropped += chunk.dropped;
    for (let from = 0; from < chunk.keyIds.length; from += MAX_BATCH) {
      const to = Math.min(from + MAX_BATCH, chunk.keyIds.length);
      this.#spool(this.#group(chunk, from, to));
    }
    const failure = this.#options.spool.failure;
    if (failure) this.#warnOnce('disk', `the spool cannot be written, points stay in memory: ${failure.message}`);
    this.#wake();
  }

  /** Waits until the server has everything, and says how the trial ended; the spool stays when time is up. */
  async finish(
    end: Omit<EndRecord, 'type' | 'clientRequestId'> | null,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<SenderReport> {
    const { spool, transport } = this.#options;
    if (end) spool.writeEnd({ clientRequestId: newRequestId(), ...end });
    this.#droppedAfter += this.#droppedBefore;
    this.#droppedBefore = 0;
    spool.sync();
    this.#wake();
    if (transport) {
      const deadline = performance.now() + limitMs;
      while (!this.#isDone() && performance.now() < deadline && !signal?.aborted)
        await this.#changed(Math.min(50, limitMs));
    }
    const report = this.#report();
    this.#ended.abort();
    this.#wake();
    await this.#loop;
    if (this.#refusal) {
      spool.close();
      throw this.#refusal;
    }
    if (this.#options.keepsFiles) spool.close();
    else if (this.#isFenced) spool.remove();
    else if (report.isDelivered) spool.keepSent();
    else spool.close();
    return report;
  }

  #spool(groups: readonly Group[]): void {
    for (let from = 0; from < groups.length; from += MAX_SERIES) {
      const batch = groups.slice(from, from + MAX_SERIES);
      const count = batch.reduce((sum, group) => sum + group.count, 0);
      this.#options.spool.append({ count, dropped: this.#droppedBefore, series: batch.map((group) => group.series) });
      this.#droppedBefore = 0;
    }
  }

  #isDone(): boolean {
    if (this.#isFenced || this.#refusal) return true;
    return this.#cursor >= this.#options.spool.end && (this.#isTold || this.#options.spool.endRecord === null);
  }

  #report(): SenderReport {
    const unsent = Math.max(0, this.#options.spool.end - this.#cursor);
    return {
      isDelivered: this.#options.transport !== null && this.#isDone() && !this.#isFenced,
      unsent: this.#isFenced ? 0 : unsent,
      refused: this.#isFenced ? unsent : 0,
      dropped: this.#dropped,
      rewinds: this.#rewinds,
      conflicts: this.#conflicts,
    };
  }

  async #run(transport: Transport): Promise<void> {
    const { spool } = this.#options;
    const signal = this.#ended.signal;
    let failures = 0;
    while (!signal.aborted && !this.#isFenced && !this.#refusal) {
      const record = this.#cursor < spool.end ? spool.batchAt(this.#cursor) : null;
      try {
        if (!record && this.#cursor < spool.end) this.#giveUp(spool.end, spool.end - this.#cursor);
        else if (record) await this.#send(transport, record, signal);
        else if (this.#droppedAfter > 0) await this.#poll(transport, signal);
        else if (spool.endRecord && !this.#isTold) await this.#tell(transport, spool.endRecord, signal);
        else if (!(await this.#changed(IDLE_POLL_MS))) await this.#poll(transport, signal);
        failures = 0;
        this.#wake();
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        await (this.#options.wait ?? sleep)(this.#judge(error, record, failures), signal);
      }
    }
  }

  async #send(transport: Transport, record: PointsRecord, signal: AbortSignal): Promise<void> {
    if (record.seq > this.#cursor) this.#giveUp(record.seq, record.seq - this.#cursor);
    const { name, base } = this.#options.spool.streamAt(this.#cursor);
    const skip = Math.max(0, this.#cursor - record.seq);
    const { series, dropped } = sliceBatch(record, skip);
    const droppedAfter = this.#droppedAfter;
    const seq = this.#cursor - base;
    const ack = await transport.report({ stream: name, seq, series, dropped: dropped + droppedAfter }, signal);
    if (ack.outcome === 'ACCEPTED') this.#droppedAfter -= droppedAfter;
    this.#obey(ack, record, base);
  }

  #obey(ack: Ack, record: PointsRecord | null, base: number): void {
    const { spool } = this.#options;
    if (ack.verdict.stop) this.#options.onVerdict(ack.verdict.reason ?? null, ack.verdict.pause ?? false);
    if (ack.outcome === 'FENCED') {
      this.#fence('a newer attempt owns the trial');
      return;
    }
    const expected = ack.nextSeq + base;
    const recordEnd = record ? record.seq + record.count : this.#cursor;
    if (ack.outcome === 'CONFLICT') {
      this.#conflicts += 1;
      this.#warnOnce('conflict', 'the server has other numbers under the same seq; its first ones stay');
      if (expected >= recordEnd) this.#cursor = expected;
      else this.#giveUp(recordEnd, recordEnd - Math.max(this.#cursor, expected));
      return;
    }
    if (record && expected === this.#cursor) throw new Error(`the server answers ${ack.outcome} and does not go on`);
    if (expected < this.#cursor) this.#rewind(this.#cursor - expected);
    if (expected < spool.start) {
      this.#giveUp(spool.start, spool.start - expected);
      return;
    }
    if (expected > spool.end) {
      this.#giveUp(this.#cursor, 0);
      return;
    }
    this.#cursor = expected;
    spool.ack(expected);
  }

  #rewind(points: number): void {
    this.#rewinds += 1;
    this.#warnOnce('rewind', `the server lost ${points} points that it had acknowledged; they are sent again`);
  }

  /** The server's stream cannot go on at our seq: continue at `seq` under another name, and count what is missing. */
  #giveUp(seq: number, missing: number): void {
    const { spool } = this.#options;
    this.#cursor = seq;
    if (spool.streamAt(seq).base === seq && seq > 0) return; // an earlier process came to the same end
    const number = Number(/\.(\d+)$/.exec(spool.streamAt(seq).name)?.[1] ?? 0) + 1;
    spool.restream(`${spool.header.stream}.${number}`, seq);
    this.#dropped += missing;
    this.#droppedAfter += missing;
    if (missing > 0) this.#warnOnce('lost', `${missing} points could not be kept; the trial shows how many`);
  }

  async #tell(transport: Transport, end: EndRecord, signal: AbortSignal): Promise<void> {
    try {
      await transport.finish(end, signal);
    } catch (error) {
      if (!(error instanceof TrialgraphError) || error.retry !== 'never') throw error;
      this.#options.onWarning(`the server did not take the trial's end: ${error.message}`);
    }
    this.#isTold = true;
  }

  /** Nothing to send for a while: asks for the verdict, and shows that we live. */
  async #poll(transport: Transport, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { name, base } = this.#options.spool.streamAt(this.#cursor);
    const dropped = this.#droppedAfter;
    const ack = await transport.report({ stream: name, seq: this.#cursor - base, series: [], dropped }, signal);
    if (ack.outcome === 'ACCEPTED') this.#droppedAfter -= dropped;
    this.#obey(ack, null, base);
  }

  /** Milliseconds to wait after a failed request. */
  #judge(error: unknown, record: PointsRecord | null, failures: number): number {
    if (!(error instanceof TrialgraphError) || error.retry !== 'never')
      return retryAfterMs(error) + backoffMs(failures, BACKOFF);
    if (error.code === 'NOT_FOUND') {
      this.#fence('the trial does not exist any more');
      return 0;
    }
    if (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN' || !record) {
      if (this.#options.failsWhenRefused) this.#refusal = error;
      this.#warnOnce(error.code, `the server refuses our key, points stay in the spool: ${error.message}`);
      return backoffMs(1, SLOW_BACKOFF);
    }
    this.#warnOnce(error.code, `the server refuses some points: ${error.message}`);
    this.#giveUp(record.seq + record.count, record.seq + record.count - this.#cursor);
    return 0;
  }

  #fence(reason: string): void {
    this.#isFenced = true;
    this.#options.onVerdict(reason, false);
    this.#options.onWarning(`points are refused from now on: ${reason}`);
    this.#wake();
  }

  #group(chunk: Chunk, from: number, to: number): Group[] {
    const rowsOf = new Map<number, number[]>();
    for (let row = from; row < to; row++) {
      const key = chunk.keyIds[row] ?? 0;
      const rows = rowsOf.get(key);
      if (rows) rows.push(row);
      else rowsOf.set(key, [row]);
    }
    return Array.from(rowsOf, ([key, rows]) => ({
      count: rows.length,
      series: {
        key: this.#names[key] ?? '',
        steps: encodeColumn(pick(chunk.steps, rows)),
        times: encodeColumn(pick(chunk.times, rows)),
        values: encodeColumn(pick(chunk.values, rows)),
      },
    }));
  }

  /** True when something happened within `ms`. */
  #changed(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (happened: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve(happened);
      };
      const wake = (): void => settle(true);
      const timer = setTimeout(() => settle(false), ms);
      this.#waiters.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }

  #warnOnce(about: string, text: string): void {
    if (this.#warned.has(about)) return;
    this.#warned.add(about);
    this.#options.onWarning(text);
  }
}

/** The batch without its first `skip` points. */
function sliceBatch(record: PointsRecord, skip: number): { series: readonly SpooledSeries[]; dropped: number } {
  if (skip === 0) return record;
  const series: SpooledSeries[] = [];
  let left = skip;
  for (const one of record.series) {
    const count = Buffer.byteLength(one.steps, 'base64') / FLOAT_BYTES;
    const cut = Math.min(left, count);
    left -= cut;
    if (cut === count) continue;
    series.push({
      key: one.key,
      steps: cutColumn(one.steps, cut),
      times: cutColumn(one.times, cut),
      values: cutColumn(one.values, cut),
    });
  }
  return { series, dropped: 0 };
}

/** What the server asks us to wait at least; a full disk does not empty in a second. */
function retryAfterMs(error: unknown): number {
  const seconds = error instanceof TrialgraphError ? Number(error.data.retryAfterSeconds ?? 0) : 0;
  return seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000 : 0;
}

function cutColumn(column: string, points: number): string {
  return Buffer.from(column, 'base64')
    .subarray(points * FLOAT_BYTES)
    .toString('base64');
}

function pick(column: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => column[row] ?? Number.NaN);
}

/**
 * The training thread's end of the way of a number: a bounded buffer in front of the sender's thread.
 * `log` costs microseconds, never throws and never waits; a loop that never yields is recorded and stopped all the same.
 */

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { MetricBuffer } from './metric-buffer.js';
import type { SenderReport } from './sender.js';
import { type FromWorker, SHARED, STOP, type ToWorker, type WorkerData } from './sender-worker.js';
import type { EndRecord } from './spool.js';

const FIRST_FLUSH_MS = 50;
const FLUSH_MS = 400;
/** Points that may wait for the sender's thread; above, new ones are dropped and counted. */
const MAX_WAITING = 1_000_000;
/** Above this much, a send limit waits for the thread to start and to end. */
const GRACE_MS = 2000;

export interface RecorderOptions extends Omit<WorkerData, 'shared' | 'events'> {
  warn(text: string): void;
}

type End = Omit<EndRecord, 'type' | 'clientRequestId'>;

const NOTHING_SENT: SenderReport = { isDelivered: false, unsent: 0, refused: 0, dropped: 0, rewinds: 0, conflicts: 0 };

export class Recorder {
  readonly #buffer = new MetricBuffer();
  readonly #cells = new Int32Array(new SharedArrayBuffer(SHARED.cells * Int32Array.BYTES_PER_ELEMENT));
  readonly #events: MessagePort;
  readonly #warn: (text: string) => void;
  #worker: Worker | null;
  #posted = 0;
  #flushAt = performance.now() + FIRST_FLUSH_MS;
  #timer: NodeJS.Timeout | null = null;
  #stopReason: string | null = null;
  #report: SenderReport | null = null;
  #wake: () => void = () => undefined;

  constructor({ warn, ...target }: RecorderOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#events = port1;
    this.#warn = warn;
    this.#worker = startWorker({ ...target, shared: this.#cells.buffer as SharedArrayBuffer, events: port2 });
    this.#worker.on('error', (error) => this.#lose(error.message));
    this.#worker.on('exit', () => {
      this.#worker = null;
      this.#wake();
    });
    this.#worker.unref();
    this.#events.on('message', (message: FromWorker) => this.#hear(message));
    this.#events.unref();
  }

  get shouldStop(): boolean {
    return Atomics.load(this.#cells, SHARED.shouldStop) !== STOP.no;
  }

  get shouldPause(): boolean {
    return Atomics.load(this.#cells, SHARED.shouldStop) === STOP.pause;
  }

  get stopReason(): string | null {
    this.#drainEvents();
    return this.#stopReason;
  }

  /** Takes one point. */
  add(key: string, step: number, time: number, value: number): void {
    if (this.#waiting() + this.#buffer.length >= MAX_WAITING) this.drop();
    else this.#buffer.append(key, step, time, value);
    if (this.#buffer.isFull || performance.now() >= this.#flushAt) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Counts a point that cannot be taken. */
  drop(): void {
    this.#buffer.drop(1);
  }

  /** Hands what is buffered to the sender's thread. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushAt = performance.now() + FLUSH_MS;
    const chunk = this.#buffer.take();
    if (!chunk || !this.#worker) return;
    this.#posted = (this.#posted + chunk.keyIds.length) | 0;
    const owned = [chunk.keyIds.buffer, chunk.steps.buffer, chunk.times.buffer, chunk.values.buffer] as ArrayBuffer[];
    this.#worker.postMessage({ type: 'points', chunk } satisfies ToWorker, owned);
  }

  /** Waits until the server has everything, at most `limitMs`; what is left stays in the spool. Never throws. */
  async finish(end: End | null, limitMs: number): Promise<SenderReport> {
    this.#post(end, limitMs);
    this.#worker?.ref();
    const deadline = performance.now() + limitMs + GRACE_MS;
    while (this.#worker && !this.#report && performance.now() < deadline)
      await this.#heard(deadline - performance.now());
    this.#drainEvents();
    await this.#worker?.terminate();
    this.#events.close();
    return this.#report ?? NOTHING_SENT;
  }

  /** As `finish`, for a process that is exiting and cannot wait for promises: blocks, at most `limitMs`. */
  finishNow(end: End | null, limitMs: number): boolean {
    if (!this.#worker) return false;
    this.#post(end, limitMs);
    Atomics.wait(this.#cells, SHARED.isFinished, 0, limitMs + GRACE_MS);
    return Atomics.load(this.#cells, SHARED.isDelivered) === 1;
  }

  #post(end: End | null, limitMs: number): void {
    this.flush();
    this.#worker?.postMessage({ type: 'finish', end, limitMs } satisfies ToWorker);
  }

  /** Points that the sender's thread has not spooled yet; both counters wrap at 2^32. */
  #waiting(): number {
    return (this.#posted - Atomics.load(this.#cells, SHARED.spooledPoints)) | 0;
  }

  #heard(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #drainEvents(): void {
    for (let next = receiveMessageOnPort(this.#events); next; next = receiveMessageOnPort(this.#events)) {
      this.#hear(next.message as FromWorker);
    }
  }

  #hear(message: FromWorker): void {
    if (message.type === 'stop') this.#stopReason = message.reason; // a stop may follow a pause
    if (message.type === 'warning') this.#warn(message.text);
    if (message.type === 'finished') this.#report = message.report;
    this.#wake();
  }

  #lose(why: string): void {
    this.#worker = null;
    this.#warn(`recording has ended: ${why}`);
    this.#wake();
  }
}

/** From source, the thread needs the loader that the main thread has. */
function startWorker(data: WorkerData): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? './sender-worker.ts' : './sender-worker.js', import.meta.url);
  const execArgv = isSource ? ['--import', loaderUrl()] : [];
  return new Worker(file, { workerData: data, transferList: [data.events], execArgv, name: 'trialgraph-sender' });
}

function loaderUrl(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('@oxc-node/core')).href.replace(/[^/]*$/, 'register.mjs');
}

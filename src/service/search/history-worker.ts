/**
 * Work on histories in a thread of its own, so that the server answers meanwhile. A worker that exceeds its time, or dies, is
 * thrown away and the next request gets a new one: it has no state but what it was told, of which it is sent what it does not know.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { History } from '../../search/history.js';
import { type HistoryNews, HistorySender, piecesOf } from './history-memo.js';

/** Trials in one message: a millisecond or two. */
const MOST_AT_ONCE = 250;

/** What the worker is asked. */
export interface WorkerCall<Request> {
  readonly id: number;
  readonly request: Request;
  readonly news: HistoryNews;
}

/** What it is told: a call, or before it what is too much to be told at once. */
export type WorkerMessage<Request> = WorkerCall<Request> | { readonly news: HistoryNews };

/** What the worker answers. */
export type WorkerReply<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: string };

export interface HistoryWorkerOptions {
  /** What it gives, for messages: `analysis`. */
  readonly what: string;
  /** The worker's file as it is when built; it calls `serveHistories`. */
  readonly entry: URL;
  /** Longest time for one answer. */
  readonly limitMs: number;
}

/** The worker was given up, since it took too long. */
export class LateAnswer extends Error {
  override readonly name = 'LateAnswer';
}

/** What a request is about. */
export interface About {
  readonly history: History;
  /** Whose it is: what the worker knows of it already is not sent again. */
  readonly key: string;
  /** It takes long, and lets the others go first. */
  readonly canWait?: boolean;
}

interface Waiting<Request, Answer> {
  readonly id: number;
  readonly request: Request;
  readonly about: About;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** One worker, started at the first request. Requests are answered in order, those that can wait last; all is plain data. */
export class HistoryWorker<Request, Answer> {
  readonly #options: HistoryWorkerOptions;
  readonly #queue: Waiting<Request, Answer>[] = [];
  readonly #sender = new HistorySender();
  #worker: Worker | null = null;
  #current: Waiting<Request, Answer> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextId = 0;
  #isClosed = false;

  constructor(options: HistoryWorkerOptions) {
    this.#options = options;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Rejects when the work throws, and with LateAnswer. */
  ask(request: Request, about: About): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(this.#closed());
    return new Promise((resolve, reject) => {
      const patient = about.canWait ? -1 : this.#queue.findIndex((other) => other.about.canWait);
      const place = patient < 0 ? this.#queue.length : patient;
      this.#queue.splice(place, 0, { id: this.#nextId++, request, about, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(this.#closed());
    const worker = this.#worker;
    this.#fail(this.#closed());
    await worker?.terminate();
  }

  /** Time counts from here, not from the request: waiting behind another experiment is no fault of this one. */
  #next(): void {
    if (this.#current !== null) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#current = waiting;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const { what, limitMs } = this.#options;
    this.#timer = setTimeout(() => this.#fail(new LateAnswer(`no ${what} within ${limitMs} ms`)), limitMs);
    worker.ref();
    void this.#send(worker, waiting);
  }

  /** Never rejects: what cannot be told ends the request. */
  async #send(worker: Worker, waiting: Waiting<Request, Answer>): Promise<void> {
    const { id, request, about } = waiting;
    const say = (message: WorkerMessage<Request>) => worker.postMessage(message);
    try {
      const pieces = piecesOf(this.#sender.newsOf(about.key, about.history), MOST_AT_ONCE);
      for (const news of pieces.slice(0, -1)) {
        say({ news });
        await breath();
        // It may have been given up meanwhile.
        if (this.#current !== waiting) return;
      }
      const last = pieces.at(-1);
      if (last !== undefined) say({ id, request, news: last });
    } catch (error) {
      if (this.#current === waiting) this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #start(): Worker {
    this.#sender.reset();
    const { what } = this.#options;
    const entry = asItIs(this.#options.entry);
    const worker = new Worker(entry, {
      execArgv: entry.pathname.endsWith('.ts') ? ['--import', '@oxc-node/core/register'] : [],
    });
    worker.unref();
    worker.on('message', (reply: WorkerReply<Answer>) => this.#answer(worker, reply));
    worker.on('error', (error) => worker === this.#worker && this.#fail(error));
    worker.on('exit', () => worker === this.#worker && this.#fail(new Error(`the ${what} worker ended`)));
    return worker;
  }

  #answer(worker: Worker, reply: WorkerReply<Answer>): void {
    const current = this.#current;
    if (worker !== this.#worker || current === null || current.id !== reply.id) return;
    this.#settle();
    if ('error' in reply) current.reject(new Error(reply.error));
    else current.resolve(reply.answer);
    worker.unref();
    this.#next();
  }

  #fail(error: Error): void {
    const current = this.#current;
    const worker = this.#worker;
    this.#worker = null;
    this.#settle();
    void worker?.terminate();
    current?.reject(error);
    if (!this.#isClosed) this.#next();
  }

  #settle(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#current = null;
  }

  #closed(): Error {
    return new Error(`the ${this.#options.what} worker is closed`);
  }
}

/** The worker's file as it is here: TypeScript in tests, JavaScript when built. */
function asItIs(built: URL): URL {
  return import.meta.url.endsWith('.ts') ? new URL(built.href.replace(/js$/, 'ts')) : built;
}

/**
 * Proposals in a worker thread, so that the server answers while a sampler thinks. A worker that exceeds its time, or dies,
 * is thrown away and the next request gets a new one: proposals have no state but the history, of which a worker is sent
 * what it does not know.
 */
import { Worker } from 'node:worker_threads';
import type { Start } from '../../search/pruners/schedulers/scheduler.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import { type HistoryNews, HistorySender } from './history-memo.js';
import type { ProposalRequest, Proposer, ResumptionRequest } from './proposer.js';

type Bare<Request> = Omit<Request, 'history' | 'experimentId'>;

/** What the worker is asked. */
export interface WorkerRequest {
  readonly id: number;
  readonly task: Bare<ProposalRequest> | Bare<ResumptionRequest>;
  readonly news: HistoryNews;
}

type Answers = readonly Proposal[] | readonly Start[];

/** What the worker answers. */
export type ProposalReply =
  | { readonly id: number; readonly answers: Answers }
  | { readonly id: number; readonly error: string };

export interface WorkerProposerOptions {
  /** Longest time for one proposal. Default 5,000. */
  readonly limitMs?: number;
}

interface Waiting {
  readonly id: number;
  readonly request: ProposalRequest | ResumptionRequest;
  resolve(answers: Answers): void;
  reject(error: Error): void;
}

const LIMIT_MS = 5_000;

/** A proposer with one worker, started at the first request. Requests are answered in order. */
export function openWorkerProposer(options: WorkerProposerOptions = {}): Proposer {
  return new WorkerProposer(options.limitMs ?? LIMIT_MS);
}

class WorkerProposer implements Proposer {
  readonly #limitMs: number;
  readonly #queue: Waiting[] = [];
  readonly #sender = new HistorySender();
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextId = 0;
  #isClosed = false;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  propose(request: ProposalRequest): Promise<readonly Proposal[]> {
    return this.#ask(request) as Promise<readonly Proposal[]>; // the worker answers what it was asked
  }

  resume(request: ResumptionRequest): Promise<readonly Start[]> {
    return this.#ask(request) as Promise<readonly Start[]>;
  }

  #ask(request: ProposalRequest | ResumptionRequest): Promise<Answers> {
    if (this.#isClosed) return Promise.reject(new Error('the proposer is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ id: this.#nextId++, request, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Error('the proposer is closed'));
    const worker = this.#worker;
    this.#fail(new Error('the proposer is closed'));
    await worker?.terminate();
  }

  /** Time counts from here, not from the request: waiting behind another experiment is no fault of a sampler. */
  #next(): void {
    if (this.#current !== null) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#current = waiting;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#timer = setTimeout(() => this.#fail(new Error(`no proposal within ${this.#limitMs} ms`)), this.#limitMs);
    worker.ref();
    worker.postMessage(this.#messageOf(waiting));
  }

  #messageOf({ id, request }: Waiting): WorkerRequest {
    const { history, experimentId, ...task } = request;
    return { id, task, news: this.#sender.newsOf(experimentId ?? '', history) };
  }

  #start(): Worker {
    this.#sender.reset();
    const worker = new Worker(entry(), {
      execArgv: entry().pathname.endsWith('.ts') ? ['--import', '@oxc-node/core/register'] : [],
    });
    worker.unref();
    worker.on('message', (reply: ProposalReply) => this.#answer(worker, reply));
    worker.on('error', (error) => worker === this.#worker && this.#fail(error));
    worker.on('exit', () => worker === this.#worker && this.#fail(new Error('the proposal worker ended')));
    return worker;
  }

  #answer(worker: Worker, reply: ProposalReply): void {
    const current = this.#current;
    if (worker !== this.#worker || current === null || current.id !== reply.id) return;
    this.#settle();
    if ('error' in reply) current.reject(new Error(reply.error));
    else current.resolve(reply.answers);
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
}

/** The worker's file as it is here: TypeScript in tests, JavaScript when built. */
function entry(): URL {
  const built = new URL('./proposal-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL(built.href.replace(/js$/, 'ts')) : built;
}

/**
 * Proposals in a worker thread, so that the server answers while a sampler thinks. A worker that exceeds its time, or dies,
 * is thrown away and the next request gets a new one: proposals have no state but the history, of which a worker is sent
 * what it does not know.
 */
import { Worker } from 'node:worker_threads';
import type { Start } from '../../search/pruners/schedulers/scheduler.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import { type HistoryNews, HistorySender } from './history-memo.js';
import { type OwnSampler, type SamplerFile, withoutFolders } from './own-samplers.js';
import type { ProposalRequest, Proposer, ResumptionRequest } from './proposer.js';

/** What the worker is given when it starts. */
export interface WorkerSetup {
  readonly files: readonly SamplerFile[];
}

type Bare<Request> = Omit<Request, 'history' | 'experimentId'>;

/** What the worker is asked. */
export type WorkerRequest =
  | {
      readonly id: number;
      readonly task: Bare<ProposalRequest> | Bare<ResumptionRequest>;
      readonly news: HistoryNews;
    }
  | { readonly id: number; readonly describe: true };

/** What the worker says: that it has read its files, then its answers. */
export type WorkerReply =
  | { readonly ready: true }
  | { readonly id: number; readonly proposals: readonly Proposal[] }
  | { readonly id: number; readonly starts: readonly Start[] }
  | { readonly id: number; readonly own: readonly OwnSampler[] }
  | { readonly id: number; readonly error: string };

export interface WorkerProposerOptions {
  /** Longest time for one proposal. Default 5,000. */
  readonly limitMs?: number;
  /** Files with samplers of the operator's own, absolute: call `load` before the first request. */
  readonly samplers?: readonly string[];
}

/** A proposer whose samplers may be of the operator's own. */
export interface WorkerProposer extends Proposer {
  readonly own: readonly OwnSampler[];
  /** Reads the files of samplers. Rejects when one cannot be used, in words that name it. */
  load(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  readonly limitMs: number;
  /** Called when its turn comes. */
  message(): WorkerRequest;
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

const LIMIT_MS = 5_000;
/** For a worker that starts, and reads the operator's files: on a busy machine longer than for a proposal, and no fault of a sampler. */
const START_LIMIT_MS = 30_000;

/** A proposer with one worker, started at the first request. Requests are answered in order. */
export function openWorkerProposer(options: WorkerProposerOptions = {}): WorkerProposer {
  return new OneWorker(options.limitMs ?? LIMIT_MS, options.samplers ?? []);
}

class OneWorker implements WorkerProposer {
  own: readonly OwnSampler[] = [];
  readonly #limitMs: number;
  readonly #paths: readonly string[];
  readonly #queue: Waiting[] = [];
  readonly #sender = new HistorySender();
  #worker: Worker | null = null;
  #isReady = false;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextId = 0;
  #isClosed = false;

  constructor(limitMs: number, paths: readonly string[]) {
    this.#limitMs = limitMs;
    this.#paths = paths;
  }

  async propose(request: ProposalRequest): Promise<readonly Proposal[]> {
    const reply = await this.#decide(request);
    return 'proposals' in reply ? reply.proposals : [];
  }

  async resume(request: ResumptionRequest): Promise<readonly Start[]> {
    const reply = await this.#decide(request);
    return 'starts' in reply ? reply.starts : [];
  }

  /** Its errors are shown to all who see the experiment. */
  async #decide({ history, experimentId, ...task }: ProposalRequest | ResumptionRequest): Promise<WorkerReply> {
    try {
      return await this.#ask(this.#limitMs, (id) => {
        return { id, task, news: this.#sender.newsOf(experimentId ?? '', history) };
      });
    } catch (error) {
      throw new Error(withoutFolders(error instanceof Error ? error.message : String(error), this.#paths));
    }
  }

  async load(): Promise<void> {
    const reply = await this.#ask(this.#limitMs, (id) => ({ id, describe: true }));
    this.own = 'own' in reply ? reply.own : [];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Error('the proposer is closed'));
    const worker = this.#worker;
    this.#fail(new Error('the proposer is closed'));
    await worker?.terminate();
  }

  #ask(limitMs: number, message: (id: number) => WorkerRequest): Promise<WorkerReply> {
    if (this.#isClosed) return Promise.reject(new Error('the proposer is closed'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#queue.push({ id, limitMs, message: () => message(id), resolve, reject });
      this.#next();
    });
  }

  /** Time counts from here, and once the worker is ready: waiting behind another experiment is no fault of a sampler. */
  #next(): void {
    if (this.#current !== null) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#current = waiting;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#startTimer(this.#isReady ? waiting.limitMs : START_LIMIT_MS);
    worker.ref();
    worker.postMessage(waiting.message());
  }

  #startTimer(limitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new Error(`no answer within ${limitMs} ms`)), limitMs);
  }

  #start(): Worker {
    this.#sender.reset();
    this.#isReady = false;
    const versions = new Map(this.own.map(({ path, version }) => [path, version]));
    const setup: WorkerSetup = { files: this.#paths.map((path) => ({ path, version: versions.get(path) ?? null })) };
    const worker = new Worker(entry(), {
      workerData: setup,
      execArgv: entry().pathname.endsWith('.ts') ? ['--import', '@oxc-node/core/register'] : [],
    });
    worker.unref();
    worker.on('message', (reply: WorkerReply) => this.#answer(worker, reply));
    worker.on('error', (error) => worker === this.#worker && this.#fail(error));
    worker.on('exit', () => worker === this.#worker && this.#fail(new Error('the proposal worker ended')));
    return worker;
  }

  #answer(worker: Worker, reply: WorkerReply): void {
    const current = this.#current;
    if (worker !== this.#worker || current === null) return;
    if ('ready' in reply) {
      this.#isReady = true;
      this.#startTimer(current.limitMs);
      return;
    }
    if (current.id !== reply.id) return;
    this.#settle();
    if ('error' in reply) current.reject(new Error(reply.error));
    else current.resolve(reply);
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

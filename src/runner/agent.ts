/**
 * The runner's loop: lease what fits, run it, renew every lease in one heartbeat, obey what the server answers.
 * It polls out and never listens; it kills a job when it is told FENCED, never because the server is silent.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../sdk/typescript/retry.js';
import type { Executor } from './executors/executor.js';
import { Capacity, type Gpu } from './gpus.js';
import { type JobSettings, RunningJob } from './job.js';
import { clearLeftovers } from './leftovers.js';
import type { LeasedJob, ServerApi } from './server-api.js';

export interface AgentOptions {
  readonly api: ServerApi;
  readonly executor: Executor;
  readonly url: string;
  readonly name: string;
  readonly host: string;
  readonly pool: string;
  readonly slots: number;
  readonly gpus: readonly Gpu[];
  /** New with every start: tells the server that an earlier agent of this name is dead. */
  readonly bootId: string;
  /** The agent's own folder. */
  readonly directory: string;
  readonly machineEnvironment: Readonly<Record<string, string | undefined>>;
  now(): number;
  /** What happens in the ordinary course of things. */
  note(line: string): void;
  /** What a person should look at. */
  log(line: string): void;
}

/**
 * Runs until `signal` aborts (drain: jobs are asked to end and given back) or the server asks to drain and all is done.
 * @throws what the server says when it refuses us work for good; the jobs have ended by then.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const jobsDirectory = join(options.directory, 'jobs');
  await mkdir(jobsDirectory, { recursive: true, mode: 0o700 });
  await options.executor.sweep();
  await clearLeftovers(jobsDirectory, options.api, options.log);
  const { name, pool, slots, gpus } = options;
  const runnerId = await register(options);
  if (signal.aborted) return;
  options.log(`runner ${name} is ready: pool ${pool}, ${slots} slots, ${gpus.length} GPUs`);
  await new Agent(options, runnerId, jobsDirectory).run(signal);
}

function register({ api, name, host, pool, slots, gpus, bootId }: AgentOptions): Promise<string> {
  return api.register({ pool, name, host, slots, gpus, bootId });
}

const IDLE_POLL_MS = 1_000;
const LONGEST_BEAT_MS = 5_000;

class Agent {
  readonly #options: AgentOptions;
  #runnerId: string;
  readonly #jobSettings: JobSettings;
  readonly #capacity: Capacity;
  readonly #jobs = new Map<string, { readonly job: RunningJob; readonly done: Promise<void> }>();
  #draining = false;
  /** The server will never give us work: a revoked key, a pool that is gone. */
  #refusal: Error | null = null;
  #changed = deferred();

  constructor(options: AgentOptions, runnerId: string, jobsDirectory: string) {
    this.#options = options;
    this.#runnerId = runnerId;
    this.#jobSettings = { ...options, jobsDirectory };
    this.#capacity = new Capacity(options.gpus, options.slots);
  }

  async run(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const beating = this.#beat(over.signal);
    signal.addEventListener('abort', () => this.#changed.resolve(), { once: true });
    while (!signal.aborted && !(this.#draining && this.#jobs.size === 0)) {
      const leased = await this.#leaseMore(signal);
      if (leased === 0) await this.#changedOr(IDLE_POLL_MS);
    }
    await Promise.all([...this.#jobs.values()].map(({ job, done }) => Promise.all([job.stop('PREEMPTED'), done])));
    over.abort();
    await beating;
    if (this.#refusal !== null) throw this.#refusal;
    this.#options.note(`runner ${this.#options.name} has ended`);
  }

  async #leaseMore(signal: AbortSignal): Promise<number> {
    const { freeGpus, freeSlots } = this.#capacity;
    if (this.#draining || freeSlots <= 0) return 0;
    const jobs = await this.#options.api
      .lease({ runnerId: this.#runnerId, freeSlots, freeGpus, max: freeSlots })
      .catch((error: unknown) => this.#notLeased(error));
    for (const job of jobs) this.#start(job, signal);
    return jobs.length;
  }

  async #notLeased(error: unknown): Promise<readonly LeasedJob[]> {
    if (!(error instanceof Error && 'retry' in error && error.retry === 'never'))
      return this.#complain('leasing work', error, []);
    if ('code' in error && error.code === 'NOT_FOUND' && (await this.#registerAgain())) return [];
    this.#refusal = error;
    this.#draining = true;
    return [];
  }

  /** The server forgets runners that it has not heard for a week, which is no fault of a machine that slept. */
  async #registerAgain(): Promise<boolean> {
    const before = this.#runnerId;
    this.#runnerId = await register(this.#options).catch((error: unknown) =>
      this.#complain('registering again', error, before),
    );
    return this.#runnerId !== before;
  }

  #start(leased: LeasedJob, signal: AbortSignal): void {
    const share = this.#capacity.take(leased);
    const job = new RunningJob(leased, share.gpus, this.#jobSettings);
    const done = job
      .run()
      .catch((error: unknown) => this.#complain(`trial ${leased.trialNumber}`, error, undefined))
      .finally(() => {
        share.release();
        this.#jobs.delete(leased.jobId);
        this.#changed.resolve();
      });
    this.#jobs.set(leased.jobId, { job, done });
    this.#options.note(`trial ${leased.trialNumber}, attempt ${leased.attempt}: started`);
    if (signal.aborted) void job.stop('PREEMPTED');
  }

  /** Renews a third of a lease ahead, and often enough that a stop order is not old news. */
  async #beat(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const leases = [...this.#jobs.values()].map(({ job }) => ({ jobId: job.leased.jobId, epoch: job.leased.epoch }));
      const orders = await this.#options.api
        .renew(this.#runnerId, leases)
        .catch((error: unknown) => this.#complain('renewing leases', error, { leases: [], drain: false }));
      for (const order of orders.leases) this.#obey(order);
      if (orders.drain && !this.#draining) {
        this.#draining = true;
        this.#changed.resolve();
      }
      await sleep(this.#beatMs(), over);
    }
  }

  #beatMs(): number {
    const shortest = Math.min(
      ...[...this.#jobs.values()].map(({ job }) => job.leased.leaseSeconds),
      Number.POSITIVE_INFINITY,
    );
    return Math.min(LONGEST_BEAT_MS, (shortest * 1_000) / 3, this.#jobs.size === 0 ? LONGEST_BEAT_MS : 2_000);
  }

  #obey(order: { readonly jobId: string; readonly outcome: 'RENEWED' | 'FENCED'; readonly stop: boolean }): void {
    const running = this.#jobs.get(order.jobId);
    if (running === undefined) return;
    if (order.outcome === 'FENCED') void running.job.fence();
    else if (order.stop) void running.job.stop('STOPPED');
  }

  async #changedOr(ms: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([this.#changed.promise, sleep(ms, over.signal)]);
    over.abort();
    this.#changed = deferred();
  }

  #complain<Fallback>(what: string, error: unknown, fallback: Fallback): Fallback {
    this.#options.log(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    return fallback;
  }
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

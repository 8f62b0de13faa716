/**
 * One leased job from start to finish: folder, environment, process, console, outcome. It never decides what becomes of
 * the trial: it tells the server what it saw.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../sdk/typescript/retry.js';
import { classify, type Ending } from './classify.js';
import { jobEnvironment } from './environment.js';
import { type Execution, type Executor, type Exit, StartError } from './executors/executor.js';
import type { Gpu } from './gpus.js';
import { LogCarrier } from './logs.js';
import type { LeasedJob, ServerApi } from './server-api.js';

export interface JobSettings {
  readonly api: ServerApi;
  readonly executor: Executor;
  readonly url: string;
  /** Parent of the jobs' folders. */
  readonly jobsDirectory: string;
  readonly machineEnvironment: Readonly<Record<string, string | undefined>>;
  now(): number;
  note(line: string): void;
  log(line: string): void;
}

/** What must be on disk so that a successor of a dead agent can send the job's unsent points. */
export interface JobNote {
  readonly token: string;
  readonly trialId: string;
}

/** A training loop hears of a stop with its next ack, and may be saving its model: only then comes SIGTERM. */
const HEARD_MS = 5_000;
/** How long the last console lines and points of a job may delay its finish when the server is away. */
const FLUSH_LIMIT_MS = 30_000;
/** A timer of Node's that is longer ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class RunningJob {
  readonly leased: LeasedJob;
  readonly #settings: JobSettings;
  readonly #gpus: readonly Gpu[];
  readonly #directory: string;
  #execution: Execution | null = null;
  #ending: Ending = null;
  #isStopping = false;
  #fenced = false;

  constructor(leased: LeasedJob, gpus: readonly Gpu[], settings: JobSettings) {
    this.leased = leased;
    this.#gpus = gpus;
    this.#settings = settings;
    this.#directory = join(settings.jobsDirectory, leased.jobId);
  }

  /** Ends it politely. The first reason given is the one reported. */
  async stop(ending: Exclude<Ending, null>): Promise<void> {
    this.#ending ??= ending;
    if (ending === 'STOPPED' && this.#execution) {
      if (this.#isStopping) return; // the order comes with every heartbeat
      this.#isStopping = true;
      await Promise.race([this.#execution.exit, sleep(HEARD_MS)]);
    }
    await this.#execution?.terminate(this.leased.graceSeconds);
  }

  /** A newer attempt owns the trial: end everything at once and tell nobody. */
  async fence(): Promise<void> {
    this.#fenced = true;
    await this.#execution?.terminate(0);
  }

  /** Resolves when the job is over and the server knows. */
  async run(): Promise<void> {
    const { api, note } = this.#settings;
    const name = `trial ${this.leased.trialNumber}, attempt ${this.leased.attempt}`;
    const flushing = new AbortController();
    const logs = new LogCarrier({
      send: (batch) => api.reportLogs(this.leased, batch, flushing.signal),
      now: this.#settings.now,
    });
    const result = await this.#execute(logs);
    if (!this.#fenced) await this.#flush(logs, flushing);
    if (!this.#fenced) {
      const written = await api.finish({ jobId: this.leased.jobId, epoch: this.leased.epoch, ...result });
      note(
        `${name}: ${result.outcome}${result.message ? ` (${result.message.split('\n')[0]})` : ''}${written === 'FENCED' ? ', superseded' : ''}`,
      );
    } else {
      note(`${name}: superseded by a newer attempt, ended`);
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #execute(logs: LogCarrier) {
    const { leased } = this;
    let exit: Exit;
    let takeBackLimit: () => void = () => undefined;
    try {
      await this.#prepare();
      this.#execution = await this.#start(logs);
      if (leased.timeoutSeconds !== null)
        takeBackLimit = after(leased.timeoutSeconds * 1_000, () => void this.stop('TIMEOUT'));
      if (this.#ending !== null) void this.stop(this.#ending); // asked to end while starting
      if ((await this.#settings.api.start(leased.jobId, leased.epoch)) === 'FENCED') await this.fence();
      exit = await this.#execution.exit;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      logs.note(error.message);
      // A command that cannot start is the user's to mend; anything else (a full disk …) is the machine's fault.
      const cause = error instanceof StartError ? ('USER_CODE' as const) : ('INFRASTRUCTURE' as const);
      if (this.#execution !== null) await this.#execution.terminate(0);
      return {
        outcome: cause === 'USER_CODE' ? ('FAILED' as const) : ('LOST' as const),
        cause,
        message: error.message,
        exitCode: null,
        signal: null,
      };
    } finally {
      takeBackLimit();
      this.#execution = null; // its process id may soon be another's
    }
    const classified = classify(exit, this.#ending, logs.lastLines(), leased.timeoutSeconds);
    return { ...classified, exitCode: exit.code, signal: exit.signal };
  }

  async #prepare(): Promise<void> {
    await mkdir(join(this.#directory, 'tmp'), { recursive: true, mode: 0o700 });
    await mkdir(join(this.#directory, 'spool'), { recursive: true, mode: 0o700 });
    const note: JobNote = { token: this.leased.token, trialId: this.leased.trialId };
    await writeFile(join(this.#directory, 'job.json'), JSON.stringify(note), { mode: 0o600 });
  }

  #start(logs: LogCarrier): Promise<Execution> {
    const identity = {
      url: this.#settings.url,
      token: this.leased.token,
      trialId: this.leased.trialId,
      attempt: this.leased.attempt,
      directory: this.#directory,
      spoolDirectory: join(this.#directory, 'spool'),
      temporaryDirectory: join(this.#directory, 'tmp'),
    };
    return this.#settings.executor.start({
      jobId: this.leased.jobId,
      command: this.leased.command,
      environment: jobEnvironment(this.#settings.machineEnvironment, this.leased.environment, identity, this.#gpus),
      directory: this.leased.workingDirectory ?? this.#directory,
      onOutput: (source, chunk) => logs.write(source, chunk),
    });
  }

  /** Points and lines first, the outcome after: whoever sees the trial ended sees all of it. */
  async #flush(logs: LogCarrier, flushing: AbortController): Promise<void> {
    const timer = setTimeout(() => flushing.abort(), FLUSH_LIMIT_MS);
    try {
      await Promise.all([
        logs.close(flushing.signal),
        this.#settings.api.syncSpool(this.leased.token, join(this.#directory, 'spool'), flushing.signal),
      ]);
    } catch (error) {
      this.#settings.log(`trial ${this.leased.trialNumber}: its last output could not be sent: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Calls `work` after `ms`, however long; the result takes it back. */
function after(ms: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number) => {
    const next = () => (left > LONGEST_TIMER_MS ? wait(left - LONGEST_TIMER_MS) : work());
    timer = setTimeout(next, Math.min(left, LONGEST_TIMER_MS));
  };
  wait(ms);
  return () => clearTimeout(timer);
}

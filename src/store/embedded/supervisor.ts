/** The server's life as one user of it sees it: brought up or attached to, watched, started again, stopped by the last. */

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Binaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { type Launched, launchServer } from './launch.js';
import { proveServer, urlOf } from './login.js';
import { disownPidFile, type PidFile, readPidFile } from './pid-file.js';
import { choosePort } from './port.js';
import { isAlive, isServerOn } from './processes.js';
import type { ServerUser } from './users.js';

export interface SupervisorOptions {
  readonly cluster: Cluster;
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly settings: Readonly<Record<string, string>>;
  log(line: string): void;
}

interface Server {
  readonly pid: number;
  readonly port: number;
  /** Absent when somebody else started it and we attached. */
  readonly launched?: Launched;
}

const FIRST_START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const WATCH_EVERY_MS = 500;
const RETRY_AFTER_MS = { first: 100, longest: 5000 };

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #leaving = new AbortController();
  #server: Server | undefined;
  #launched: Launched | undefined;
  #watching: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get url(): string {
    return urlOf(this.#options.cluster, this.#current.port);
  }

  get pid(): number {
    return this.#current.pid;
  }

  /** Fulfilled when the server answers. @throws Error when it cannot be started. */
  async start(): Promise<void> {
    try {
      this.#server = await this.#bringUp();
    } catch (error) {
      if (this.#isChildAlive) this.#launched?.child.kill('SIGINT');
      this.#options.user.leave();
      throw error;
    }
    this.#watching = this.#keepUp();
  }

  /** Fulfilled when the server is gone, or left to its other users. Calls after the first return the same promise. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  get #current(): Server {
    if (this.#server === undefined) throw new Error('the database server has not been started');
    return this.#server;
  }

  /** Starts the server or attaches to it, whichever succeeds; several processes may do this at once. */
  async #bringUp(): Promise<Server> {
    const deadline = Date.now() + FIRST_START_WITHIN_MS;
    let problem = 'it does not answer';
    while (Date.now() < deadline) {
      const server = await this.#attach();
      if (server !== undefined) return server;
      if (!this.#isServed()) {
        const outcome = await this.#launch(await choosePort(this.#options.cluster), deadline);
        if (typeof outcome !== 'string') return outcome;
        problem = outcome;
        if (!isPassing(problem) && !this.#isServed()) break;
      }
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`the database server in ${this.#options.cluster.home} does not start: ${problem}`);
  }

  /** Waits for the server to die, and brings it back on its port, until we leave. */
  async #keepUp(): Promise<void> {
    const { log } = this.#options;
    while (await this.#hasDied(this.#current)) {
      const { pid, port } = this.#current;
      log(`the database server (process ${pid}) ended unexpectedly; starting it again on port ${port}`);
      const server = await this.#bringBack(port);
      if (server === undefined) return;
      this.#server = server;
      log(`the database server runs again (process ${server.pid})`);
    }
  }

  /** True when the server is gone, false when we leave. */
  async #hasDied(server: Server): Promise<boolean> {
    const { signal } = this.#leaving;
    if (server.launched !== undefined) {
      await Promise.race([server.launched.ended, aborted(signal)]);
      return !signal.aborted;
    }
    while (!signal.aborted && isServerOn(this.#options.cluster.data, server.pid) !== false) {
      await sleep(WATCH_EVERY_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
    return !signal.aborted;
  }

  /** Tries for as long as it takes, ever more slowly: a full disk may be cleared. */
  async #bringBack(port: number): Promise<Server | undefined> {
    const { cluster, log } = this.#options;
    const { signal } = this.#leaving;
    let told = '';
    for (let wait = RETRY_AFTER_MS.first; !signal.aborted; wait = Math.min(2 * wait, RETRY_AFTER_MS.longest)) {
      const server = await this.#attach();
      if (server?.port === port) return server;
      const problem = server === undefined ? await this.#launchIfFree(port) : `it runs on port ${server.port}`;
      if (typeof problem !== 'string') return problem;
      if (problem !== told) log(`the database server in ${cluster.home} does not start: ${problem}`);
      told = problem;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  async #launchIfFree(port: number): Promise<Server | string> {
    if (this.#isServed()) return 'another process is starting or stopping it';
    return this.#launch(port, Date.now() + FIRST_START_WITHIN_MS).catch((error: Error) => error.message);
  }

  /** The server that runs already, when it proves to be ours. A note that names a stranger is taken back. */
  async #attach(): Promise<Server | undefined> {
    const { cluster, log } = this.#options;
    const note = readPidFile(cluster.data);
    if (note === undefined || !isAlive(note.pid)) return undefined;
    if (isServerOn(cluster.data, note.pid) === false) {
      log(`process ${note.pid} is not the database server that postmaster.pid calls it; the note is taken back`);
      disownPidFile(cluster.data);
      return undefined;
    }
    const pid = await this.#prove(note);
    if (pid === undefined || note.port === undefined) return undefined;
    if (this.#isChildAlive && this.#launched?.pid === pid) return { pid, port: note.port, launched: this.#launched };
    log(`attached to the database server that runs already (process ${pid})`);
    return { pid, port: note.port };
  }

  async #prove(note: PidFile): Promise<number | undefined> {
    if (note.port === undefined) return undefined;
    const pid = await proveServer(this.#options.cluster, note.port);
    return pid === note.pid ? pid : undefined;
  }

  get #isChildAlive(): boolean {
    const child = this.#launched?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Whether a live process holds the data folder, be it ready or not. */
  #isServed(): boolean {
    const note = readPidFile(this.#options.cluster.data);
    return note !== undefined && isServerOn(this.#options.cluster.data, note.pid) !== false;
  }

  /** A server that answers, or why it ended. */
  async #launch(port: number, deadline: number): Promise<Server | string> {
    const { cluster, binaries, settings } = this.#options;
    const launched = await launchServer(cluster, binaries, port, settings);
    this.#launched = launched;
    while (this.#isChildAlive) {
      if ((await proveServer(cluster, port)) === launched.pid) return { pid: launched.pid, port, launched };
      if (Date.now() > deadline || this.#leaving.signal.aborted) return 'it takes too long';
      await sleep(LOOK_EVERY_MS);
    }
    return lastWords(launched.said());
  }

  async #stop(): Promise<void> {
    const { user, log } = this.#options;
    this.#leaving.abort();
    await this.#watching;
    const others = user.leave();
    if (others.length > 0) {
      log(`the database server runs on for process ${others.join(', ')}`);
      return;
    }
    if (!(await this.#signal('SIGINT'))) return;
    if (await this.#isGoneWithin(STOP_WITHIN_MS)) return;
    log('the database server does not stop; telling it to end at once (it recovers at the next start)');
    await this.#signal('SIGQUIT');
    if (!(await this.#isGoneWithin(STOP_WITHIN_MS / 6))) throw new Error('the database server does not stop');
  }

  /** False when there is no server to signal. Only our own child, or a process that is proved again, gets a signal. */
  async #signal(signal: 'SIGINT' | 'SIGQUIT'): Promise<boolean> {
    const { cluster, binaries } = this.#options;
    const note = readPidFile(cluster.data);
    if (process.platform === 'win32' && note !== undefined) {
      const mode = signal === 'SIGINT' ? 'fast' : 'immediate';
      await promisify(execFile)(binaries.pgCtl, ['stop', '-D', cluster.data, '-m', mode, '-W']);
      return true;
    }
    if (this.#isChildAlive) return this.#launched?.child.kill(signal) ?? false;
    if (note === undefined) return false;
    const isTheProved = note.pid === this.#server?.pid && isServerOn(cluster.data, note.pid) === true;
    if (!isTheProved && (await this.#prove(note)) !== note.pid) return false;
    return process.kill(note.pid, signal);
  }

  async #isGoneWithin(milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    // It takes its note away before it ends.
    const isRunning = () =>
      this.#server !== undefined && isServerOn(this.#options.cluster.data, this.#server.pid) === true;
    while (this.#isServed() || this.#isChildAlive || isRunning()) {
      if (Date.now() > deadline) return false;
      await sleep(LOOK_EVERY_MS / 2);
    }
    return true;
  }
}

/** Reasons that end by themselves: somebody took the port or the folder first, or the old server's children still end. */
function isPassing(problem: string): boolean {
  return /lock file|could not bind|Address already in use|pre-existing shared memory|does not answer/.test(problem);
}

function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => /FATAL|PANIC|HINT|ERROR/i.test(line));
  return (lines.length > 0 ? lines : said.split('\n')).slice(-4).join(' / ') || 'it said nothing';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What happens to trials when their process ends without finishing them: they are flushed, and told if they are ours to tell. */

import { constants } from 'node:os';

/** How long an exit may take while the server does not answer. */
const EXIT_LIMIT_MS = 5000;

/** A trial that is not finished. */
export interface Unfinished {
  finish(): Promise<void>;
  /** Blocks: the process is exiting. */
  finishNow(ending: Ending, limitMs: number): void;
}

export interface Ending {
  readonly state: 'COMPLETED' | 'FAILED' | 'STOPPED';
  readonly message: string | null;
}

const unfinished = new Set<Unfinished>();
let crash: string | null = null;
let signalled: NodeJS.Signals | null = null;
let isWatching = false;

export function watch(trial: Unfinished): void {
  unfinished.add(trial);
  if (isWatching) return;
  isWatching = true;
  process.on('beforeExit', () => {
    for (const one of [...unfinished]) void one.finish();
  });
  process.on('uncaughtExceptionMonitor', (error) => {
    crash = String(error instanceof Error ? (error.stack ?? error.message) : error);
  });
  process.on('exit', (code) => {
    for (const one of [...unfinished]) one.finishNow(endingOf(code), EXIT_LIMIT_MS);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, endBySignal);
}

export function unwatch(trial: Unfinished): void {
  unfinished.delete(trial);
}

/** Flushes by way of `exit`, with the code that the signal would have given; a program with its own handler decides itself. */
function endBySignal(signal: NodeJS.Signals): void {
  signalled = signal;
  const isOurs = process.listeners(signal).every((listener) => listener === (endBySignal as NodeJS.SignalsListener));
  if (isOurs) process.exit(128 + (constants.signals[signal] ?? 0));
}

function endingOf(code: number): Ending {
  if (crash !== null) return { state: 'FAILED', message: crash };
  if (signalled !== null) return { state: 'STOPPED', message: `ended by ${signalled}` };
  return code === 0
    ? { state: 'COMPLETED', message: null }
    : { state: 'FAILED', message: `the program exited with ${code}` };
}

/** Keeps one child process of ours running: starts it again when it dies, ends it when asked. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { sleep } from '../../sdk/typescript/retry.js';

export interface Supervised {
  readonly name: string;
  /** The program: our own command-line entry. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Exit code by which a child says that another try is useless (a taken port, a bad setting). */
  readonly fatalExitCode: number;
  onMessage(message: unknown): void;
  log(line: string): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const STEADY_MS = 10_000;

/**
 * Runs until `signal` aborts (then: SIGTERM, wait, SIGKILL) or the child says that it is useless to go on.
 * The child leads its own process group, so that Ctrl+C reaches only us and we keep the order of the end; it notices our
 * own death by its IPC channel.
 * @returns the fatal exit code, or 0.
 */
export async function supervise(child: Supervised, signal: AbortSignal, stopLimitMs: number): Promise<number> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const [code, killedBy] = await runOnce(child, signal, stopLimitMs);
    if (signal.aborted) return 0;
    if (code === child.fatalExitCode) return code;
    pauseMs = performance.now() - startedAt > STEADY_MS ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    child.log(`${child.name} ended unexpectedly (${killedBy ?? `exit code ${code}`}); starting it again`);
    await sleep(pauseMs, signal);
  }
  return 0;
}

async function runOnce(
  child: Supervised,
  signal: AbortSignal,
  stopLimitMs: number,
): Promise<[number | null, string | null]> {
  const process = fork(child.entry, [...child.args], {
    detached: true,
    env: child.environment,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  process.on('message', child.onMessage);
  const ended = once(process, 'exit') as Promise<[number | null, string | null]>;
  const onAbort = () => void stop(process, ended, stopLimitMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await ended;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function stop(process: ChildProcess, ended: Promise<unknown>, limitMs: number): Promise<void> {
  process.kill('SIGTERM');
  const timer = setTimeout(() => process.kill('SIGKILL'), limitMs);
  await ended;
  clearTimeout(timer);
}

/** Everything on one machine: a supervised server and a supervised local runner. The end goes in order: runner, then server. */
import { supervise } from './supervise.js';

export interface UpOptions {
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly withRunner: boolean;
  /** The server answers, at the first start and after each restart. */
  onServerReady(server: ServerReady): void;
  log(line: string): void;
}

export interface ServerReady {
  readonly type: 'ready';
  readonly url: string;
  /** Opens the dashboard signed in; works once. */
  readonly loginUrl: string;
}

/** Exit code of a child whose configuration or surroundings must be mended by a person first. */
export const EXIT_MISCONFIGURED = 78;

/** Longer than the grace of a job: one that does not obey is killed and given back before its runner ends. */
const RUNNER_STOP_LIMIT_MS = 45_000;
const SERVER_STOP_LIMIT_MS = 30_000;

/** Runs until `signal` aborts. @returns the exit code for our own process. */
export async function runUp(options: UpOptions, signal: AbortSignal): Promise<number> {
  const serverEnd = new AbortController();
  const ready = signalled();
  const child = (name: string, args: string[], onMessage: (message: unknown) => void) => ({
    name,
    args,
    onMessage,
    entry: options.entry,
    environment: options.environment,
    fatalExitCode: EXIT_MISCONFIGURED,
    log: options.log,
  });
  const server = supervise(
    child('server', ['server'], (message) => {
      if (!isReady(message)) return;
      options.onServerReady(message);
      ready.resolve();
    }),
    serverEnd.signal,
    SERVER_STOP_LIMIT_MS,
  );
  const aborted = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
  const failed = await Promise.race([server, ready.promise, aborted]);
  if (typeof failed === 'number') return failed;

  const runnerEnd = new AbortController();
  const runnerArgs = ['runner', 'start', '--quiet'];
  const runner = options.withRunner
    ? supervise(
        child('runner', runnerArgs, () => undefined),
        runnerEnd.signal,
        RUNNER_STOP_LIMIT_MS,
      )
    : Promise.resolve(0);
  await Promise.race([server, aborted]);
  runnerEnd.abort();
  await runner;
  serverEnd.abort();
  return server;
}

function isReady(message: unknown): message is ServerReady {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

function signalled(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

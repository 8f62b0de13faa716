/**
 * Executes a job as a local process tree in a process group (and session) of its own.
 * A watcher shell in that group holds one end of a pipe to the agent: when the agent dies, however it dies, the pipe
 * closes and the watcher ends the group. Processes that left the group are found by a mark in their environment.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import {
  type Execution,
  type Executor,
  type ExecutorSettings,
  type Exit,
  type JobSpec,
  type OutputSource,
  StartError,
} from '../executor.js';
import { createOomCounter } from './oom-counter.js';
import { findMarked, signalGroup, signalProcess } from './process-tree.js';

const AGENT_MARK = 'TRIALGRAPH_AGENT';
const JOB_MARK = 'TRIALGRAPH_JOB_ID';
const ORPHAN_GRACE_SECONDS = 2;
const PIPE_DRAIN_MS = 2_000;

/**
 * `$$` is the shell that becomes the command by exec, and leads the group. The watcher ignores TERM, or the polite
 * signal to the group would end it before its work is done; descriptor 3 is closed for the command itself.
 */
const WATCHED = `( trap '' TERM INT HUP; read -r _ <&3; kill -TERM -$$; sleep ${ORPHAN_GRACE_SECONDS}; kill -KILL -$$ ) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"`;

export function createProcessExecutor(settings: ExecutorSettings): Executor {
  return {
    kind: 'process',
    start: (spec) => start(settings, spec),
    sweep: () => killMarked(AGENT_MARK, settings.mark),
  };
}

async function start(settings: ExecutorSettings, spec: JobSpec): Promise<Execution> {
  await checkStartable(spec);
  const memory = await createOomCounter();
  const env = { ...spec.environment, [AGENT_MARK]: settings.mark, [JOB_MARK]: spec.jobId };
  const watched = process.platform !== 'win32';
  const [file, args] = watched
    ? ['/bin/sh', ['-c', WATCHED, 'sh', ...spec.command]]
    : [spec.command[0] ?? '', spec.command.slice(1)];
  const child = spawn(file, args, {
    cwd: spec.directory,
    env,
    detached: watched,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  await started(child);
  forward(child, 'STDOUT', spec);
  forward(child, 'STDERR', spec);

  const pid = child.pid as number; // set: the process has started
  const endTree = async () => {
    signalGroup(pid, 'SIGKILL');
    await killMarked(JOB_MARK, spec.jobId);
  };
  const exit = ended(child, endTree).then(
    async ([code, signal]): Promise<Exit> => ({ code, signal, outOfMemory: await memory.hasKilledSince() }),
  );
  return { exit, terminate: (graceSeconds) => terminate(pid, exit, endTree, graceSeconds) };
}

async function terminate(
  pid: number,
  exit: Promise<Exit>,
  endTree: () => Promise<void>,
  graceSeconds: number,
): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => void endTree(), graceSeconds * 1_000);
  await exit;
  clearTimeout(timer);
}

/** The leader's exit code, once the rest of its tree is dead and its output has been read to the end. */
async function ended(child: ChildProcess, endTree: () => Promise<void>): Promise<[number | null, string | null]> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await endTree();
  // A process outside the group that cannot be found may hold the pipe open: what it writes is no longer the job's.
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([closed, new Promise((done) => (timer = setTimeout(done, PIPE_DRAIN_MS)))]);
  clearTimeout(timer);
  child.stdio[3]?.destroy();
  return [code, signal];
}

function forward(child: ChildProcess, source: OutputSource, spec: JobSpec): void {
  const pipe = source === 'STDOUT' ? child.stdout : child.stderr;
  pipe?.on('data', (chunk: Buffer) => spec.onOutput(source, chunk));
  pipe?.on('error', () => undefined); // the process is gone; its exit tells the rest
}

async function started(child: ChildProcess): Promise<void> {
  child.stdio[3]?.on('error', () => undefined);
  await new Promise<void>((resolveStarted, reject) => {
    child.once('spawn', resolveStarted);
    child.once('error', (error) => reject(new StartError(`cannot start the command: ${error.message}`)));
  });
}

/** The shell would report these as exit 126 or 127, which a training script may return as well. */
async function checkStartable(spec: JobSpec): Promise<void> {
  const folder = await stat(spec.directory).catch(() => null);
  if (!folder?.isDirectory())
    throw new StartError(`the working directory ${spec.directory} does not exist on this runner`);
  const program = spec.command[0];
  if (program === undefined || program === '') throw new StartError('the command is empty');
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(spec.directory, program)]
    : (spec.environment.PATH ?? '').split(delimiter).map((part) => join(part, program));
  for (const candidate of candidates) {
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new StartError(
    `the program ${program} was not found on this runner; give its full path or add its folder to PATH`,
  );
}

async function killMarked(name: string, value: string): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const pids = await findMarked(name, value);
    if (pids.length === 0) return;
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 10));
  }
}

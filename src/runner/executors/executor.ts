/**
 * Port: how a runner executes the command of one job. Adapters: a local process tree (`process/`); Slurm, Kubernetes and Ray later.
 *
 * Rules (cases of `test/contract/executor.ts`):
 * 1. A command is an argv. No adapter ever passes it through a shell's parser.
 * 2. `exit` resolves exactly once, after the last byte of output was handed to `onOutput`, and never rejects.
 * 3. When `exit` has resolved, or the agent has died, nothing that the job started is alive, daemons included.
 * 4. `terminate` asks politely, waits for the grace period, then kills the whole tree. It is idempotent.
 * 5. `sweep` ends what an earlier, dead agent left behind, and touches nothing else.
 */
export interface Executor {
  readonly kind: string;
  /** @throws StartError when the command cannot be started at all. */
  start(spec: JobSpec): Promise<Execution>;
  sweep(): Promise<void>;
}

export interface ExecutorSettings {
  /** Names the agent: marks its processes, so that a successor finds what was left behind. */
  readonly mark: string;
}

export interface JobSpec {
  readonly jobId: string;
  readonly command: readonly string[];
  /** The whole environment of the command: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  onOutput(source: OutputSource, chunk: Buffer): void;
}

export type OutputSource = 'STDOUT' | 'STDERR';

export interface Execution {
  readonly exit: Promise<Exit>;
  terminate(graceSeconds: number): Promise<void>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The kernel killed something of this job for want of memory. */
  readonly outOfMemory: boolean;
}

/** The command could not be started: not found, not executable, no such folder. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

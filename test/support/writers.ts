/** Training processes that log known points when they are told to. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './platform.js';
import type { FromWriter, ToWriter } from './programs/write-points.js';

export interface WriterOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly experiment: string;
  readonly keys: number;
  readonly spoolFolder: string;
}

export class Writer {
  readonly index: number;
  readonly trialId: string;
  /** What its SDK said on stderr. */
  warnings = '';
  readonly #child: ChildProcess;

  private constructor(index: number, trialId: string, child: ChildProcess) {
    this.index = index;
    this.trialId = trialId;
    this.#child = child;
    child.stderr?.on('data', (data: Buffer) => {
      this.warnings += data;
      process.stderr.write(data);
    });
  }

  /** Resolves once its trial is started. */
  static async start(index: number, options: WriterOptions): Promise<Writer> {
    const child = fork(join(ROOT, 'test/support/programs/write-points.ts'), {
      execArgv: ['--import', '@oxc-node/core/register'],
      cwd: ROOT,
      stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
      env: {
        ...process.env,
        TRIALGRAPH_URL: options.url,
        TRIALGRAPH_API_KEY: options.apiKey,
        TRIALGRAPH_PROJECT: 'tests',
        TRIALGRAPH_EXPERIMENT: options.experiment,
        TRIALGRAPH_SPOOL_DIR: options.spoolFolder,
        WRITER: String(index),
        KEYS: String(options.keys),
      },
    });
    const { trialId } = (await hear(child)) as { trialId: string };
    return new Writer(index, trialId, child);
  }

  /** Logs every step below `upTo` that is not logged yet; `keys` of them each, by default as many as it began with. */
  async log(upTo: number, keys?: number): Promise<void> {
    this.#child.send({ upTo, keys } satisfies ToWriter);
    await hear(this.#child);
  }

  /** Ends the trial: resolves when the server has everything, or the SDK's limit is over. */
  async finish(): Promise<void> {
    this.#child.send('finish' satisfies ToWriter);
    await hear(this.#child);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** The next message. @throws when the process ends instead. */
function hear(child: ChildProcess): Promise<FromWriter> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      child.off('exit', onExit);
      resolve(message as FromWriter);
    };
    const onExit = (code: number | null, signal: string | null) => {
      child.off('message', onMessage);
      reject(new Error(`the writer ended: ${code ?? signal}`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}

/** Processes full of subscribers: one process does not keep pace with hundreds of them. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './platform.js';
import type { FromWatchers, Received, ToWatchers, Watching } from './programs/watch-points.js';

export class Watchers {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves once all its subscribers have begun to watch. */
  static async start(watching: Watching): Promise<Watchers> {
    const child = fork(join(ROOT, 'test/support/programs/watch-points.ts'), {
      execArgv: ['--import', '@oxc-node/core/register'],
      cwd: ROOT,
    });
    const watchers = new Watchers(child);
    await watchers.#ask({ watch: watching });
    return watchers;
  }

  /** What each subscriber has, when all have as many points as are stored, or two minutes are over. */
  async received(stored: number): Promise<Received> {
    return (await this.#ask({ stored })) as Received;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** @throws when the process ends instead of answering. */
  #ask(question: ToWatchers): Promise<FromWatchers> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null) =>
        reject(new Error(`the process of subscribers ended: ${code ?? signal}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (answer) => {
        this.#child.off('exit', onExit);
        resolve(answer as FromWatchers);
      });
      this.#child.send(question);
    });
  }
}

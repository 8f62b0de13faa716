/** Starts one of the server's programs as the server's account, in a neutral environment without our secrets and any PG* variable. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

import type { Account } from './account.js';

/**
 * The process, once it runs.
 * @throws Error with the remedy when the machine cannot run the program.
 */
export async function spawnAs(
  account: Account | undefined,
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'detached' | 'stdio'>,
): Promise<ChildProcess> {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  try {
    const child = spawn(program, args, { ...options, ...identity, env: bareEnvironment(), windowsHide: true });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `cannot run ${program}: ${reason} (on Linux it needs glibc); set DATABASE_URL to a Postgres of yours`,
      { cause: error },
    );
  }
}

/** Windows' own variables are needed there, and are all kept. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const neutral = { LC_ALL: 'C', TZ: 'UTC' };
  return process.platform === 'win32' ? { ...process.env, ...neutral } : { PATH: '/usr/bin:/bin', ...neutral };
}

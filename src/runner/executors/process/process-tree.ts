/** Finds and signals processes. On Linux by their environment in /proc; elsewhere only process groups are known. */
import { readdir, readFile } from 'node:fs/promises';

/** Pids of all other live processes whose environment has `name=value`. Empty where /proc is missing. */
export async function findMarked(name: string, value: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const marked = await Promise.all(pids.map((pid) => isMarked(pid, `${name}=${value}`)));
  return pids.filter((pid, i) => marked[i] === true && pid !== process.pid);
}

async function isMarked(pid: number, entry: string): Promise<boolean> {
  // A zombie has an empty environment: dead, and not ours to reap.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(entry);
}

/** Signals a whole process group; a group that is gone is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  signalProcess(process.platform === 'win32' ? leader : -leader, signal);
}

/** Signals one process; one that is gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw error;
  }
}

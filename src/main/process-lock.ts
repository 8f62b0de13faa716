/** A file that says which live process has a folder: taken in one step, given up by the death of its process. */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

export interface ProcessLock {
  release(): Promise<void>;
}

/** Who holds a lock. `note` is what the holder wrote beside its pid, for people. */
export interface Holder {
  readonly pid: number;
  /** When it started, in ticks since boot: with the pid it names one process for good. Empty where /proc is missing. */
  readonly start: string;
  readonly note: string;
}

/** The lock, or who has it. A lock whose process is dead is taken over. */
export async function takeProcessLock(path: string, note = ''): Promise<ProcessLock | Holder> {
  const own: Holder = { pid: process.pid, start: await startOf(process.pid), note };
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      // A link appears with its content or not at all: nobody ever reads half a lock.
      const isTaken = await link(temporary, path).then(
        () => false,
        () => true,
      );
      if (!isTaken) return { release: () => rm(path, { force: true }) };
      const holder = await readHolder(path);
      if (holder !== null && (await isRunning(holder))) return holder;
      await putAside(path, `${temporary}.dead`);
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a dead lock, and puts back what another process made of it between our look and our hand. */
async function putAside(path: string, aside: string): Promise<void> {
  await rename(path, aside).catch(() => undefined); // somebody else was faster
  const taken = await readHolder(aside);
  if (taken !== null && (await isRunning(taken))) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function isRunning({ pid, start }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return (await startOf(pid)) === start;
}

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

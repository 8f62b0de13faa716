/** What the machine says of a process: whether it lives, what it runs, and whether it is still the same one. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process has this id; a zombie does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statOf(pid)?.state !== 'Z';
}

/** Tells one life of a process id from the next one; only the id itself where the machine does not say. */
export function lifeOf(pid: number): string {
  return `${pid}-${statOf(pid)?.startTicks ?? ''}`;
}

/** Whether the process is a Postgres server on this data folder; undefined where the machine does not say. */
export function isServerOn(data: string, pid: number): boolean | undefined {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid);
  if (command === undefined) return undefined;
  return /(^|\/)postgres /.test(command) && command.includes(` -D ${data} `);
}

interface Stat {
  readonly state: string;
  /** Clock ticks between boot and the start of the process. */
  readonly startTicks: string;
}

function statOf(pid: number): Stat | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

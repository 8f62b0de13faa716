/** Postgres' own note of who serves a data folder: `postmaster.pid`. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface PidFile {
  readonly pid: number;
  /** Absent while the server is still writing the file. */
  readonly port: number | undefined;
}

/** Above what any system gives out. */
const DEAD_PID = 2 ** 31 - 2;

/** The note, or undefined when nobody serves the folder. */
export function readPidFile(data: string): PidFile | undefined {
  try {
    return parsePidFile(readFileSync(fileIn(data), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Line 1 is the process id, line 4 the port. */
export function parsePidFile(text: string): PidFile | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 ? { pid, port: port > 0 ? port : undefined } : undefined;
}

/**
 * Takes back a note whose process id went to a stranger, which would keep Postgres from starting. The rest of the note
 * stays: from it Postgres sees whether a process of the old server still holds its memory.
 */
export function disownPidFile(data: string): void {
  const rest = readFileSync(fileIn(data), 'utf8').split('\n').slice(1);
  writeFileSync(fileIn(data), [DEAD_PID, ...rest].join('\n'));
}

function fileIn(data: string): string {
  return path.join(data, 'postmaster.pid');
}

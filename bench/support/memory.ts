/** Memory of processes, from /proc. Linux only. */
import { readFileSync } from 'node:fs';

/** Resident memory of one process, with what it shares. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}

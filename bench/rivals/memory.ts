/** Memory of a process and of all that it started: shared pages count once, shared out among those who hold them. Linux only. */
import { readFileSync } from 'node:fs';
import { treePids } from '../support/cpu.js';

export function memoryMiB(pid: number): number {
  const kib = treePids(pid).map((one) => {
    try {
      const text = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
    } catch {
      return 0; // it has just ended
    }
  });
  return kib.reduce((sum, one) => sum + one, 0) / 1_024;
}

/**
 * Memory of a process and of all that it started, in MiB: what each has alone, and once the largest part that one of
 * them shares. Of a single process it is its resident set; of several no more than they take. Linux only.
 */
import { readFileSync } from 'node:fs';
import { treePids } from '../support/cpu.js';

export function memoryMiB(pid: number): number {
  const parts = treePids(pid).flatMap(partsOf);
  const alone = parts.reduce((sum, part) => sum + part.alone, 0);
  return (alone + Math.max(0, ...parts.map(({ shared }) => shared))) / 1_024;
}

/** In KiB; nothing of a process that has just ended. */
function partsOf(pid: number): readonly { readonly alone: number; readonly shared: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
    const alone = of('Private_Clean') + of('Private_Dirty');
    return [{ alone, shared: of('Rss') - alone }];
  } catch {
    return [];
  }
}

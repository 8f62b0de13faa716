/**
 * Processor time of a process and of all that it started, from /proc. Linux only. What a child used before it ended
 * counts through the parent that waited for it, as Postgres does for its backends and workers.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second in /proc, the same on every Linux that programs see. */
const TICKS = 100;

export interface ProcessTicks {
  readonly pid: number;
  readonly parent: number;
  /** Of itself and of the children it has waited for. */
  readonly ticks: number;
}

/** Seconds that the process and its descendants have used so far; 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  return ticksOfTree(readProcesses(), pid) / TICKS;
}

/** Of the process and its descendants. */
export function treePids(pid: number): readonly number[] {
  return treeOf(readProcesses(), pid).map((one) => one.pid);
}

/** What one line of /proc/PID/stat says; the name in it may hold spaces and parentheses. */
export function parseStat(line: string): ProcessTicks {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), ticks };
}

/** Ticks of a process, its descendants, and all that these have waited for. */
export function ticksOfTree(all: readonly ProcessTicks[], root: number): number {
  return treeOf(all, root).reduce((sum, { ticks }) => sum + ticks, 0);
}

function treeOf(all: readonly ProcessTicks[], root: number): ProcessTicks[] {
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

function readProcesses(): ProcessTicks[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        return []; // it has just ended
      }
    });
}

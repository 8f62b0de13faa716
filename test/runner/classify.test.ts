import { expect, it } from 'vitest';
import { classify } from '../../src/runner/classify.js';
import type { Exit } from '../../src/runner/executors/executor.js';

const exit = (code: number | null, signal: string | null = null, outOfMemory = false): Exit => ({
  code,
  signal,
  outOfMemory,
});

it.each([
  ['a clean end', exit(0), null, '', 'COMPLETED', null],
  ['an exception', exit(1), null, 'Error: boom', 'FAILED', 'USER_CODE'],
  ['a crash of its own', exit(null, 'SIGSEGV'), null, '', 'FAILED', 'USER_CODE'],
  ['a kill from outside', exit(null, 'SIGKILL'), null, '', 'LOST', 'INFRASTRUCTURE'],
  ['a kill by the kernel for memory', exit(null, 'SIGKILL', true), null, '', 'FAILED', 'OOM'],
  ['a GPU out of memory', exit(1), null, 'RuntimeError: CUDA out of memory.', 'FAILED', 'OOM'],
  ['a time limit', exit(null, 'SIGKILL'), 'TIMEOUT', '', 'FAILED', 'TIMEOUT'],
  ['a runner that must go', exit(143), 'PREEMPTED', '', 'PREEMPTED', 'PREEMPTED'],
  ['a stop that was asked for', exit(143), 'STOPPED', '', 'TERMINATED', null],
  ['a stop that the program obeyed by ending well', exit(0), 'STOPPED', '', 'COMPLETED', null],
] as const)('%s', (_, how, ending, lastLines, outcome, cause) => {
  const classified = classify(how, ending, lastLines, 5);

  expect(classified.outcome).toBe(outcome);
  expect(classified.cause).toBe(cause);
});

it('tells the last lines of a failure', () => {
  expect(classify(exit(1), null, 'ValueError: no such column', null).message).toBe(
    'exit code 1: ValueError: no such column',
  );
});

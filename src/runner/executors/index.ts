/** Register of executors, by kind. */
import type { Executor, ExecutorSettings } from './executor.js';
import { createProcessExecutor } from './process/process-executor.js';

export const EXECUTORS: Readonly<Record<string, (settings: ExecutorSettings) => Executor>> = {
  process: createProcessExecutor,
};

/** Register of executors, by kind. */
import type { Executor } from './executor.js';
import { createProcessExecutor } from './process/process-executor.js';

export interface ExecutorSettings {
  /** Names the agent: marks its processes, so that a successor finds what was left behind. */
  readonly mark: string;
}

export const EXECUTORS: Readonly<Record<string, (settings: ExecutorSettings) => Executor>> = {
  process: createProcessExecutor,
};

/** Says how an attempt ended and why, from what the runner saw. */
import type { Exit } from './executors/executor.js';

export type JobEnd = 'COMPLETED' | 'FAILED' | 'TERMINATED' | 'PREEMPTED' | 'LOST';
export type Cause = 'USER_CODE' | 'OOM' | 'INFRASTRUCTURE' | 'PREEMPTED' | 'TIMEOUT';

/** Why the runner itself ended the job, if it did. */
export type Ending = 'STOPPED' | 'TIMEOUT' | 'PREEMPTED' | null;

export interface Classified {
  readonly outcome: JobEnd;
  readonly cause: Cause | null;
  readonly message: string | null;
}

const OUT_OF_MEMORY = /CUDA out of memory|OutOfMemoryError|JavaScript heap out of memory|^MemoryError/m;

/** @param lastLines the end of stderr: becomes the message of a failure. */
export function classify(exit: Exit, ending: Ending, lastLines: string, timeoutSeconds: number | null): Classified {
  if (ending === 'PREEMPTED')
    return { outcome: 'PREEMPTED', cause: 'PREEMPTED', message: 'the runner was asked to end' };
  if (ending === 'TIMEOUT') return failed('TIMEOUT', `ran longer than its limit of ${timeoutSeconds} s`);
  if (exit.code === 0) return { outcome: 'COMPLETED', cause: null, message: null };
  if (ending === 'STOPPED') return { outcome: 'TERMINATED', cause: null, message: null };
  if (exit.outOfMemory) return failed('OOM', 'the kernel ended it: the machine or its limit is out of memory');
  if (OUT_OF_MEMORY.test(lastLines)) return failed('OOM', lastLines);
  // Training code does not end itself by SIGKILL: somebody outside did, and the code is not to blame.
  if (exit.signal === 'SIGKILL')
    return { outcome: 'LOST', cause: 'INFRASTRUCTURE', message: 'killed from outside by SIGKILL' };
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return failed('USER_CODE', lastLines === '' ? how : `${how}: ${lastLines}`);
}

function failed(cause: Cause, message: string): Classified {
  return { outcome: 'FAILED', cause, message };
}

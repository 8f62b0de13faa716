/** The one way into pruners and schedulers: from a request that is plain data to a verdict, or to what starts. */

import type { History } from './history.js';
import { createRng, type MakeGenerator } from './math/rng.js';
import { MethodError } from './method-error.js';
import { createPruner, pruners } from './pruners/index.js';
import type { Pruner, Verdict } from './pruners/pruner.js';
import { createScheduler, schedulers } from './pruners/schedulers/index.js';
import type { Start } from './pruners/schedulers/scheduler.js';

interface Method {
  readonly kind: string;
  readonly options: unknown;
}

export interface JudgeRequest {
  /** Or a scheduler, whose verdicts may also be `PAUSE` and `EXPLOIT`. */
  readonly pruner: Method;
  readonly history: History;
  readonly trialNumber: number;
}

export interface ResumeRequest {
  readonly scheduler: Method;
  readonly history: History;
  /** How many slots are free, >= 0. */
  readonly free: number;
  /** seedrandom's `(seed) => alea(seed).double`. */
  readonly makeGenerator: MakeGenerator;
}

/**
 * Whether the trial should stop now, and why.
 * @throws MethodError when the method is unknown or misconfigured.
 */
export function judge({ pruner: { kind, options }, history, trialNumber }: JudgeRequest): Verdict {
  return createJudge(kind, options).judge(history, trialNumber);
}

/**
 * The pruner or scheduler of this kind: they share one space of names.
 * @throws MethodError METHOD_UNKNOWN listing all kinds; OPTIONS_INVALID.
 */
export function createJudge(kind: string, options: unknown): Pruner {
  if (isScheduler(kind)) return createScheduler(kind, options);
  if (Object.hasOwn(pruners, kind)) return createPruner(kind, options);
  const kinds = [...Object.keys(pruners), ...Object.keys(schedulers)];
  const message = `no pruner is called ${JSON.stringify(kind)}: use one of ${kinds.join(', ')}`;
  throw new MethodError('METHOD_UNKNOWN', [{ path: 'pruner.kind', message }], kinds);
}

/**
 * What to start in free slots before the sampler is asked for new trials; at most `free`, and none for a pruner.
 * @throws MethodError when the scheduler is misconfigured.
 */
export function resume({
  scheduler: { kind, options },
  history,
  free,
  makeGenerator,
}: ResumeRequest): readonly Start[] {
  if (!isScheduler(kind)) return [];
  return createScheduler(kind, options).resume(history, free, createRng(history.seed, makeGenerator));
}

/** Whether a method of this kind pauses and resumes trials, for which they must keep checkpoints. */
export function isScheduler(kind: string): boolean {
  return Object.hasOwn(schedulers, kind);
}

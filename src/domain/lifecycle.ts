/**
 * How trials and jobs move between states. Pure tables and functions: services ask here and store what comes back.
 */
import type { TrainingJobState } from './training-job.js';
import type { FailureCause, StopReason, Trial, TrialState } from './trial.js';

/** How an attempt ended, as a runner or an SDK tells it. */
export type AttemptOutcome = 'COMPLETED' | 'FAILED' | 'TERMINATED' | 'PREEMPTED' | 'LOST';

/**
 * How many times each cause is forgiven before the trial fails (reliability.md 4.5). POISON counts the deaths of runners
 * that held the trial: two are forgiven, the third fails it.
 */
const RETRY_BUDGET: Readonly<Record<FailureCause, number>> = {
  USER_CODE: 0,
  OOM: 0,
  INFRASTRUCTURE: 5,
  PREEMPTED: Number.POSITIVE_INFINITY,
  TIMEOUT: 0,
  HANG: 1,
  POISON: 2,
};

const FINISHED_TRIALS: ReadonlySet<TrialState> = new Set(['COMPLETED', 'PRUNED', 'FAILED', 'STOPPED']);
const FINISHED_JOBS: ReadonlySet<TrainingJobState> = new Set([
  'COMPLETED',
  'FAILED',
  'TERMINATED',
  'PREEMPTED',
  'LOST',
]);

/** Whether a trial will never change its state again. */
export function isTrialFinished(state: TrialState): boolean {
  return FINISHED_TRIALS.has(state);
}

/** Whether the trial waits at a rung until a scheduler resumes it: nobody may lease it. */
export function isPaused({ state, pausedAt, resumedAt }: Pick<Trial, 'state' | 'pausedAt' | 'resumedAt'>): boolean {
  return state === 'WAITING' && pausedAt.length > resumedAt.length;
}

/**
 * Whether the end of an attempt is a pause: a scheduler asked for one, and the program said that it obeys, however its process
 * ended then. One that ends without a word did not hear, and has run to its end; a stop that was asked for wins.
 */
export function endsInPause({
  stopReason,
  pausing,
  pauseObeyed,
}: Pick<Trial, 'stopReason' | 'pausing' | 'pauseObeyed'>): boolean {
  return stopReason === null && pausing !== null && pauseObeyed;
}

/** Whether a job will never change its state again. */
export function isJobFinished(state: TrainingJobState): boolean {
  return FINISHED_JOBS.has(state);
}

export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** As told; `causeOf` says which one counts. POISON: its runner died. */
  readonly cause: FailureCause | null;
  /** Who asked the trial to end, if anyone did. */
  readonly stopReason: StopReason | null;
  /** How often each cause has happened to this trial before this attempt. */
  readonly earlier: Readonly<Partial<Record<FailureCause, number>>>;
}

/**
 * The trial's next state when an attempt ends. A stop that was asked for wins over how the process ended: a program that
 * obeys ends as cleanly as one that is done, and what it reached is not the value of a whole run. WAITING means: queue
 * the next attempt.
 */
export function trialStateAfter(end: AttemptEnd): TrialState {
  if (end.stopReason === 'PRUNER') return 'PRUNED';
  if (end.stopReason !== null || end.outcome === 'TERMINATED') return 'STOPPED';
  if (end.outcome === 'COMPLETED') return 'COMPLETED';
  const cause = causeOf(end.outcome, end.cause) ?? 'USER_CODE';
  return (end.earlier[cause] ?? 0) < RETRY_BUDGET[cause] ? 'WAITING' : 'FAILED';
}

/**
 * The cause that an attempt's end is counted under, null when it did not fail. What was lost or preempted never counts
 * against the code, whatever cause came with it.
 */
export function causeOf(outcome: AttemptOutcome, told: FailureCause | null): FailureCause | null {
  switch (outcome) {
    case 'COMPLETED':
    case 'TERMINATED':
      return null;
    case 'PREEMPTED':
      return 'PREEMPTED';
    case 'LOST':
      return told === 'POISON' ? 'POISON' : 'INFRASTRUCTURE';
    case 'FAILED':
      return told ?? 'USER_CODE';
  }
}

/** All that a sampler or pruner may know of an experiment: plain data, never mutated, safe to send to a worker thread. */

import type { Params, SearchSpace } from './space/parameter.js';

export type Direction = 'minimize' | 'maximize';

export type TrialState = 'WAITING' | 'RUNNING' | 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED';

export type FailureCause = 'USER_CODE' | 'OOM' | 'INFRASTRUCTURE' | 'PREEMPTED' | 'TIMEOUT' | 'HANG' | 'POISON';

/** What was asked of one experiment and what was observed. */
export interface History {
  /** Of the experiment: the same seed and history give the same proposal. */
  readonly seed: string;
  readonly space: SearchSpace;
  /** One per objective. */
  readonly directions: readonly Direction[];
  /** Trials in all that may be asked for; absent when nobody said. */
  readonly budget?: number;
  /** By number; storage order carries no meaning. */
  readonly trials: readonly HistoryTrial[];
}

/**
 * One trial. Positions count in the experiment's one sequence, advanced by every proposal, pause, resumption and end of a
 * trial: `askedAt`, `pausedAt`, `resumedAt` and `endedAt` are the counter after that advance, and a report is stamped with the
 * counter as it stands when it is stored.
 */
export interface HistoryTrial {
  readonly number: number;
  /** Active parameters only. */
  readonly params: Params;
  readonly state: TrialState;
  /** Why it failed, when FAILED. */
  readonly cause?: FailureCause;
  /** One per objective, once ended; NaN and infinities may enter. */
  readonly values?: readonly number[];
  /** Feasible when all are <= 0. */
  readonly constraints?: readonly number[];
  /** Steps, values and positions of the reports of the objective that the pruner watches; equal lengths, in order of arrival. */
  readonly steps: Float64Array;
  readonly reports: Float64Array;
  readonly reportedAt: Float64Array;
  /** Training time as reported, not a clock of ours. */
  readonly seconds?: number;
  /** Sampler kind that proposed it, or 'user'. */
  readonly by: string;
  readonly askedAt: number;
  readonly endedAt?: number;
  /** When a scheduler paused it, keeping its checkpoint, and when it was resumed: as often, or once less while it is paused. */
  readonly pausedAt?: Float64Array;
  readonly resumedAt?: Float64Array;
  /** Number of the trial whose checkpoint it started from. */
  readonly parent?: number;
}

/**
 * What was known just before `position`: earlier trials only, what ended later is running again, or paused if it was,
 * later reports are cut off.
 * `historyAt(history, trial.askedAt)` is what the sampler of that trial saw: replaying it returns the trial's params.
 */
export function historyAt(history: History, position: number): History {
  const known = history.trials.filter((trial) => trial.askedAt < position);
  return { ...history, trials: known.map((trial) => trialAt(trial, position)) };
}

/** Whether the trial is WAITING because a scheduler paused it, not because it was never leased or lost its lease. */
export function isPaused({ state, pausedAt, resumedAt }: HistoryTrial): boolean {
  return state === 'WAITING' && (pausedAt?.length ?? 0) > (resumedAt?.length ?? 0);
}

/** The number of the next trial: one more than the highest, 0 when there is none. */
export function nextNumber(history: History): number {
  return history.trials.reduce((next, trial) => Math.max(next, trial.number + 1), 0);
}

function trialAt(trial: HistoryTrial, position: number): HistoryTrial {
  const isKept = (_: number, i: number) => (trial.reportedAt[i] ?? Infinity) < position;
  const reports = {
    steps: trial.steps.filter(isKept),
    reports: trial.reports.filter(isKept),
    reportedAt: trial.reportedAt.filter(isKept),
  };
  if (trial.endedAt !== undefined && trial.endedAt < position) return { ...trial, ...reports };

  const { number, params, by, askedAt, parent } = trial;
  const running: HistoryTrial = {
    number,
    params,
    state: 'RUNNING',
    ...reports,
    by,
    askedAt,
    ...pausesBefore(trial, position),
    ...(parent === undefined ? {} : { parent }),
  };
  return (running.pausedAt?.length ?? 0) > (running.resumedAt?.length ?? 0)
    ? { ...running, state: 'WAITING' }
    : running;
}

function pausesBefore(
  { pausedAt, resumedAt }: HistoryTrial,
  position: number,
): Pick<HistoryTrial, 'pausedAt' | 'resumedAt'> {
  if (pausedAt === undefined) return {};
  const isBefore = (at: number) => at < position;
  return { pausedAt: pausedAt.filter(isBefore), resumedAt: (resumedAt ?? new Float64Array(0)).filter(isBefore) };
}

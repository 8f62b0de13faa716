/** All that a sampler or pruner may know of an experiment: plain data, never mutated, safe to send to a worker thread. */

import { Recall } from './recall.js';
import { completeParams } from './space/default-params.js';
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
  /** How often points are tried; absent: once each. */
  readonly replicates?: Replicates;
  /** Trials in all that may be asked for, of which `nextNumber` have been; absent when nobody said. */
  readonly budget?: number;
  /** By number; storage order carries no meaning. */
  readonly trials: readonly HistoryTrial[];
  /** Trials that are not legal in the space as it is now: they have a number, and no model knows them. */
  readonly outside?: readonly HistoryTrial[];
  /** How space and budget were changed on the way, oldest first; absent when they never were. */
  readonly revisions?: readonly Revision[];
}

/** Which points are tried again with other seeds, and how often. Counts are of trials at a point in all. */
export interface Replicates {
  /** Trials that a contender gets, >= 1. */
  readonly count: number;
  /** Trials that every point gets, 1 to `count`. */
  readonly first: number;
  /** Share of the points, the best by their means, that are contenders: above 0, at most 1. */
  readonly share: number;
  /** What the last of the budget is kept for: the best `top` points get `times` trials. Null: for nothing. */
  readonly confirm: { readonly top: number; readonly times: number } | null;
}

/** Space and budget of the proposals after the position `from`, until the next revision. */
export interface Revision {
  readonly from: number;
  readonly space: SearchSpace;
  readonly budget?: number;
}

/**
 * One trial. Positions count in the experiment's one sequence, advanced by every proposal, pause, resumption and end of a
 * trial: `askedAt`, `pausedAt`, `resumedAt` and `endedAt` are the counter after that advance, and a report is stamped with the
 * counter as it stands when the first decision sees it, or its trial ends.
 */
export interface HistoryTrial {
  /**
   * 0, 1, 2 … Negative of a trial of another experiment. Where this one began with it, its positions are negative too;
   * where it was adopted later, all of them are the position from which it is known.
   */
  readonly number: number;
  /** Active parameters only; legal in the space as it is now. */
  readonly params: Params;
  /** As they were proposed, where the space has changed since and defaults complete them. */
  readonly asked?: Params;
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
  /** From its first start to its end without pauses, as it was stored; absent while it runs, and when nobody knows. */
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
 * What was known just before `position`: earlier trials only, what ended later is running again, or paused if it was, later
 * reports are cut off. Space and budget are what they were then. `historyAt(history, trial.askedAt)` is what the sampler of
 * that trial saw: replaying it returns the trial's params as they were asked.
 */
export function historyAt(history: History, position: number): History {
  const { seed, directions, trials, outside = [], revisions, replicates } = history;
  const known = [...trials, ...outside]
    .filter((trial) => trial.askedAt < position)
    .map((trial) => trialAt(trial, position));
  const made = revisions?.filter((revision) => revision.from < position) ?? [];
  const { space, budget } = made.at(-1) ?? history;
  return {
    seed,
    space,
    directions,
    ...(budget === undefined ? {} : { budget }),
    ...(replicates === undefined ? {} : { replicates }),
    // Trials that the space cannot take are known apart, now as then: no sampler counts them.
    ...(revisions === undefined && outside.length === 0 ? { trials: known } : fitted(space, known)),
    ...(revisions === undefined ? {} : { revisions: made }),
  };
}

/** The trials as a space takes them: completed by its defaults, or outside it. In the order they came. */
export function fitted(
  space: SearchSpace,
  recorded: readonly HistoryTrial[],
): { readonly trials: readonly HistoryTrial[]; readonly outside: readonly HistoryTrial[] } {
  const trials: HistoryTrial[] = [];
  const outside: HistoryTrial[] = [];
  for (const { asked, ...trial } of recorded) {
    const params = asked ?? trial.params;
    const completed = completeParams(space, params);
    if (completed === null) outside.push({ ...trial, params });
    else trials.push({ ...trial, params: completed, ...(completed === params ? {} : { asked: params }) });
  }
  return { trials, outside };
}

/** Whether the trial is WAITING because a scheduler paused it, not because it was never leased or lost its lease. */
export function isPaused({ state, pausedAt, resumedAt }: HistoryTrial): boolean {
  return state === 'WAITING' && (pausedAt?.length ?? 0) > (resumedAt?.length ?? 0);
}

/** The number of the next trial: one more than the highest, 0 when there is none. */
export function nextNumber({ seed, trials, outside = [] }: History): number {
  return Math.max(nextAmong(seed, trials), beyond(outside));
}

/** `by` of a trial at a point that was tried before. */
export const REPLICATE = 'replicate';

/**
 * How many points were asked for: the next number, less the trials that tried a point again. The place of the next trial in a
 * sequence that is even only where none is left out.
 */
export function nextPlace(history: History): number {
  const isAgain = ({ number, by }: HistoryTrial) => number >= 0 && by === REPLICATE;
  const { trials, outside = [] } = history;
  return nextNumber(history) - trials.filter(isAgain).length - outside.filter(isAgain).length;
}

/** Memo of the number beyond the highest, by the experiment's seed. */
const NEXT = new Recall<HistoryTrial, number>();

function nextAmong(seed: string, trials: readonly HistoryTrial[]): number {
  const before = NEXT.last(seed);
  let next = before?.value ?? 0;
  const old = before?.trials ?? [];
  for (let i = 0; i < old.length || i < trials.length; i++) {
    const [was, is] = [old[i], trials[i]];
    if (was === is) continue;
    // The highest is not where it was: it may be gone.
    if (was !== undefined && was.number + 1 === before?.value && is?.number !== was.number) next = beyond(trials);
    if (is !== undefined) next = Math.max(next, is.number + 1);
  }
  NEXT.keep(seed, trials, next);
  return next;
}

function beyond(trials: readonly HistoryTrial[]): number {
  let next = 0;
  for (const { number } of trials) next = Math.max(next, number + 1);
  return next;
}

function trialAt(trial: HistoryTrial, position: number): HistoryTrial {
  const isKept = (_: number, i: number) => (trial.reportedAt[i] ?? Infinity) < position;
  const reports = {
    steps: trial.steps.filter(isKept),
    reports: trial.reports.filter(isKept),
    reportedAt: trial.reportedAt.filter(isKept),
  };
  if (trial.endedAt !== undefined && trial.endedAt < position) return { ...trial, ...reports };

  const { number, params, asked, by, askedAt, parent } = trial;
  const running: HistoryTrial = {
    number,
    params,
    ...(asked === undefined ? {} : { asked }),
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

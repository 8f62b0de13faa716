/**
 * An experiment in virtual time: workers train trials epoch by epoch, and a discrete-event loop asks the sampler, the pruner or
 * the scheduler as the service does. For tests and benchmarks; how long our own code takes does not enter.
 */

import type { Direction, FailureCause, History, HistoryTrial } from './history.js';
import { createRng, type MakeGenerator } from './math/rng.js';
import { createPruner } from './pruners/index.js';
import { createScheduler, schedulers } from './pruners/schedulers/index.js';
import type { Scheduler } from './pruners/schedulers/scheduler.js';
import { createSampler } from './samplers/index.js';
import { createEventQueue } from './simulate-queue.js';
import type { Params, SearchSpace } from './space/parameter.js';

/** One trial's training; its reports are of steps 1 … epochs. */
export interface Training {
  readonly epochs: number;
  /** The value after an epoch; the last one is the trial's. Asked once an epoch, in order. */
  readonly valueAt: (epoch: number) => number;
  /** Virtual seconds that an epoch takes, > 0. */
  readonly secondsOf: (epoch: number) => number;
  /** The epoch in which it fails instead, and why. */
  readonly failure?: { readonly epoch: number; readonly cause: FailureCause };
}

interface Method {
  readonly kind: string;
  readonly options?: unknown;
}

export interface TimedSimulation {
  readonly space: SearchSpace;
  readonly direction?: Direction;
  readonly sampler: Method;
  /** Or a scheduler. */
  readonly pruner?: Method;
  readonly train: (params: Params, trialNumber: number) => Training;
  readonly workers: number;
  /** Most trials to ask the sampler for; offspring of a scheduler come on top. */
  readonly trials: number;
  /** Ends at this virtual time, or before the first epoch beyond so many; never, when absent. */
  readonly seconds?: number;
  readonly epochs?: number;
  /** Ends once a completed value is at least as good. */
  readonly target?: number;
  /** Virtual seconds a proposal takes; one at a time, while workers wait. 0 when absent. */
  readonly proposalSeconds?: number;
  readonly seed: string;
  readonly makeGenerator: MakeGenerator;
}

/** A new best completed trial: when, after how many epochs of all trials, and its value. */
export interface Improvement {
  readonly seconds: number;
  readonly epochs: number;
  readonly value: number;
}

export interface TimedRun {
  readonly history: History;
  readonly improvements: readonly Improvement[];
  /** Virtual time of the end. */
  readonly seconds: number;
  /** Epochs that were trained, of all trials. */
  readonly epochs: number;
  /** Share of the workers' time in which nothing was trained; in [0, 1]. */
  readonly idleShare: number;
}

interface Run {
  readonly index: number;
  readonly training: Training;
  /** Epochs done, its parent's included. */
  epoch: number;
  startedAt: number;
}

/** Runs until every trial has ended or may not go on, or a limit is reached; what runs then stays RUNNING. */
export function simulateTime(simulation: TimedSimulation): TimedRun {
  const { space, direction = 'minimize', seed, workers, train, proposalSeconds = 0 } = simulation;
  const { seconds: mostSeconds = Infinity, epochs: mostEpochs = Infinity } = simulation;
  const { target = direction === 'maximize' ? Infinity : -Infinity } = simulation;
  const sampler = createSampler(simulation.sampler.kind, simulation.sampler.options, [direction]);
  const scheduler = schedulerOf(simulation.pruner ?? { kind: 'none' });
  const rng = createRng(seed, simulation.makeGenerator);
  const sign = direction === 'maximize' ? -1 : 1;

  const trials: HistoryTrial[] = [];
  const history: History = { seed, space, directions: [direction], budget: simulation.trials, trials };
  const trainings: Run[] = [];
  const queue = createEventQueue<Run>();
  const running = new Set<Run>();
  const improvements: Improvement[] = [];
  let [now, epochs, busySeconds, position, asked, plannerFreeAt] = [0, 0, 0, 0, 0, 0];

  for (;;) {
    fill();
    const next = queue.next();
    if (next === null || next.time > mostSeconds || epochs >= mostEpochs || isReached()) {
      const end = next !== null && next.time > mostSeconds ? mostSeconds : now;
      for (const run of running) busySeconds += Math.max(0, end - run.startedAt);
      const idleShare = end === 0 ? 0 : 1 - busySeconds / (end * workers);
      return { history, improvements, seconds: end, epochs, idleShare };
    }
    now = next.time;
    finishEpoch(next.event);
  }

  function isReached(): boolean {
    return sign * (improvements.at(-1)?.value ?? sign * Infinity) <= sign * target;
  }

  /** Gives free workers something to do: first what the scheduler wants to go on with, then new proposals. */
  function fill(): void {
    for (const start of scheduler.resume(history, workers - running.size, rng)) {
      if ('trial' in start) goOnWith(start.trial);
      else ask(start.params, 'scheduler', start.parent);
    }
    const wanted = Math.min(workers - running.size, simulation.trials - asked);
    for (const { params, by } of wanted > 0 ? sampler.suggest(history, wanted, rng) : []) {
      asked += 1;
      plannerFreeAt = Math.max(now, plannerFreeAt) + proposalSeconds;
      ask(params, by);
    }
  }

  function ask(params: Params, by: string, parent?: number): void {
    const none = new Float64Array(0);
    position += 1;
    const reports = { steps: none, reports: none, reportedAt: none };
    const descent = parent === undefined ? {} : { parent };
    const number = trials.length;
    trials.push({ number, params, state: 'RUNNING', ...reports, by, askedAt: position, ...descent });
    const epoch = parent === undefined ? 0 : (trainings[parent]?.epoch ?? 0);
    const run: Run = { index: number, training: train(params, number), epoch, startedAt: Math.max(now, plannerFreeAt) };
    trainings.push(run);
    begin(run);
  }

  function goOnWith(number: number): void {
    const [trial, run] = [trials[number], trainings[number]];
    if (trial === undefined || run === undefined) return;
    position += 1;
    trials[number] = { ...trial, state: 'RUNNING', resumedAt: append(trial.resumedAt, position) };
    run.startedAt = now;
    begin(run);
  }

  function begin(run: Run): void {
    running.add(run);
    queue.add(run.startedAt + run.training.secondsOf(run.epoch + 1), run);
  }

  function finishEpoch(run: Run): void {
    const { failure } = run.training;
    const trial = trials[run.index] as HistoryTrial; // Every run has its trial.
    run.epoch += 1;
    epochs += 1;
    if (failure?.epoch === run.epoch) {
      end(run, { ...trial, state: 'FAILED', cause: failure.cause });
      return;
    }

    const value = run.training.valueAt(run.epoch);
    const reporting: HistoryTrial = {
      ...trial,
      steps: append(trial.steps, run.epoch),
      reports: append(trial.reports, value),
      reportedAt: append(trial.reportedAt, position),
    };
    trials[run.index] = reporting;
    if (run.epoch >= run.training.epochs) {
      end(run, { ...reporting, state: 'COMPLETED', values: [value] });
      const best = improvements.at(-1)?.value ?? sign * Infinity;
      if (Number.isFinite(value) && sign * value < sign * best) improvements.push({ seconds: now, epochs, value });
      return;
    }
    const { stop, code } = scheduler.judge(history, run.index);
    if (!stop) queue.add(now + run.training.secondsOf(run.epoch + 1), run);
    else if (code === 'PAUSE') pause(run, reporting);
    else end(run, { ...reporting, state: 'PRUNED' });
  }

  function pause(run: Run, trial: HistoryTrial): void {
    release(run);
    trials[run.index] = { ...trial, state: 'WAITING', pausedAt: append(trial.pausedAt, position) };
  }

  function end(run: Run, trial: HistoryTrial): void {
    release(run);
    trials[run.index] = { ...trial, endedAt: position };
  }

  function release(run: Run): void {
    position += 1;
    busySeconds += now - run.startedAt;
    running.delete(run);
  }
}

/** A pruner is a scheduler that resumes nothing. */
function schedulerOf({ kind, options }: Method): Scheduler {
  if (Object.hasOwn(schedulers, kind)) return createScheduler(kind, options);
  return { ...createPruner(kind, options), resume: () => [] };
}

function append(column: Float64Array | undefined, value: number): Float64Array {
  return Float64Array.of(...(column ?? []), value);
}

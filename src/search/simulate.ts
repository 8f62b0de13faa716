/** An experiment in a plain loop against a function, in virtual time: for tests, benchmarks and docs. */

import type { Direction, FailureCause, History, HistoryTrial } from './history.js';
import { createRng, type MakeGenerator, type Rng } from './math/rng.js';
import { createPruner } from './pruners/index.js';
import { createSampler } from './samplers/index.js';
import type { Proposal } from './samplers/proposal.js';
import type { Params, SearchSpace } from './space/parameter.js';

/** What training with some params comes to. A failure has a cause; reports are of step 0, 1, 2 …, judged one by one. */
export interface Outcome {
  readonly values?: readonly number[];
  readonly reports?: readonly number[];
  readonly cause?: FailureCause;
}

/** A number is short for one value without reports. */
export type Objective = (params: Params, trialNumber: number) => number | Outcome;

/** Which of the running trials does its next report, or ends when it has none left. `random` is drawn from the seed. */
export type FinishingOrder = 'oldest' | 'newest' | 'random';

export interface Simulation {
  readonly space: SearchSpace;
  readonly directions?: readonly Direction[];
  readonly sampler: { readonly kind: string; readonly options?: unknown };
  readonly pruner?: { readonly kind: string; readonly options?: unknown };
  readonly objective: Objective;
  /** How many trials to ask for. */
  readonly trials: number;
  readonly seed: string;
  readonly makeGenerator: MakeGenerator;
  /** How many run at once; 1 when absent. */
  readonly parallel?: number;
  /** `oldest` when absent. */
  readonly finishingOrder?: FinishingOrder;
}

interface Running {
  readonly index: number;
  readonly outcome: Outcome;
  reported: number;
}

/** The history once every trial has ended; shorter than asked for when the space is exhausted. */
export function simulate(simulation: Simulation): History {
  const { space, directions = ['minimize'], seed, parallel = 1, finishingOrder = 'oldest' } = simulation;
  const sampler = createSampler(simulation.sampler.kind, simulation.sampler.options, directions);
  const pruner = createPruner(simulation.pruner?.kind ?? 'none', simulation.pruner?.options);
  const rng = createRng(seed, simulation.makeGenerator);
  const chance = rng.fork('finishing order');
  const trials: HistoryTrial[] = [];
  const history: History = { seed, space, directions, budget: simulation.trials, trials };
  const running: Running[] = [];
  let position = 0;

  for (;;) {
    const wanted = Math.min(parallel - running.length, simulation.trials - trials.length);
    for (const proposal of wanted > 0 ? sampler.suggest(history, wanted, rng) : []) ask(proposal);
    if (running.length === 0) return history;
    advance(running[choose(finishingOrder, running.length, chance)] as Running); // Chosen below the length.
  }

  function ask({ params, by }: Proposal): void {
    const number = trials.length;
    const none = new Float64Array(0);
    const reports = { steps: none, reports: none, reportedAt: none };
    position += 1;
    trials.push({ number, params, state: 'RUNNING', ...reports, by, askedAt: position });
    const result = simulation.objective(params, number);
    running.push({ index: number, outcome: typeof result === 'number' ? { values: [result] } : result, reported: 0 });
  }

  function advance(run: Running): void {
    const trial = trials[run.index] as HistoryTrial; // Every run has its trial.
    const { reports = [], values, cause } = run.outcome;
    const value = reports[run.reported];
    if (value === undefined) {
      end(run, { ...trial, ...(cause === undefined ? completed(values) : { state: 'FAILED', cause }) });
      return;
    }

    const reporting: HistoryTrial = {
      ...trial,
      steps: Float64Array.of(...trial.steps, run.reported),
      reports: Float64Array.of(...trial.reports, value),
      reportedAt: Float64Array.of(...trial.reportedAt, position),
    };
    run.reported += 1;
    trials[run.index] = reporting;
    if (pruner.judge(history, trial.number).stop) end(run, { ...reporting, state: 'PRUNED' });
  }

  function end(run: Running, trial: HistoryTrial): void {
    position += 1;
    trials[run.index] = { ...trial, endedAt: position };
    running.splice(running.indexOf(run), 1);
  }
}

function completed(values: readonly number[] | undefined): Pick<HistoryTrial, 'state' | 'values'> {
  return values === undefined ? { state: 'COMPLETED' } : { state: 'COMPLETED', values };
}

function choose(order: FinishingOrder, count: number, rng: Rng): number {
  switch (order) {
    case 'oldest':
      return 0;
    case 'newest':
      return count - 1;
    case 'random':
      return Math.floor(rng.next() * count);
  }
}

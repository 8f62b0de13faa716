/** The median rule: stop what is worse so far than half of the completed trials were at the same step. */

import type { History, HistoryTrial } from '../history.js';
import { definePruner, goOn } from './pruner.js';

/**
 * At a decision step, the trial's best value so far against the median of completed trials' values at that step. NaN reports
 * of others are left out; a NaN of its own at a decision step stops the trial.
 * @source Golovin et al., Google Vizier, KDD 2017, section 3.3.
 */
export const median = definePruner({
  kind: 'median',
  summary: 'Stops a trial whose best value so far is worse than the median of completed trials at the same step.',
  options: [
    { name: 'startupTrials', type: 'int', default: 5, min: 0, doc: 'Completed trials before any comparison.' },
    { name: 'warmupSteps', type: 'int', default: 0, min: 0, doc: 'Steps of a trial before its first decision.' },
    {
      name: 'intervalSteps',
      type: 'int',
      default: 1,
      min: 1,
      doc: 'Steps between decisions, counted from the warm-up.',
    },
    { name: 'minTrials', type: 'int', default: 1, min: 1, doc: 'Completed trials that must have a value at the step.' },
  ],
  judge: (options, history, trialNumber) => {
    const trial = history.trials.find((candidate) => candidate.number === trialNumber);
    const step = trial?.steps.at(-1);
    const value = trial?.reports.at(-1);
    if (trial === undefined || step === undefined || value === undefined) return goOn('nothing was reported yet');
    if (!isDecisionStep(trial.steps, options.warmupSteps, options.intervalSteps))
      return goOn(`step ${step} is no decision step`);
    if (Number.isNaN(value)) return { stop: true, code: 'NAN', reason: `the value at step ${step} is NaN` };

    const completed = history.trials.filter((other) => other.state === 'COMPLETED' && other.number !== trialNumber);
    if (completed.length < options.startupTrials) {
      return goOn(`${completed.length} of ${options.startupTrials} start-up trials are completed`);
    }
    const others = completed.map((other) => valueAt(other, step)).filter((other) => !Number.isNaN(other));
    if (others.length < options.minTrials)
      return goOn(`${others.length} completed trials have a value at step ${step}`);
    return compare(history, trial, step, others);
  },
});

function compare(history: History, trial: HistoryTrial, step: number, others: readonly number[]) {
  const sign = history.directions[0] === 'maximize' ? -1 : 1;
  const numbers = trial.reports.filter((value) => !Number.isNaN(value));
  const best = sign * numbers.reduce((least, value) => Math.min(least, sign * value), Infinity);
  const middle = medianOf(others);
  const facts = `best value ${brief(best)} against a median of ${brief(middle)} over ${others.length} completed trials at step ${step}`;
  if (!(sign * best > sign * middle)) return goOn(facts);
  return { stop: true, code: 'PRUNE', reason: facts } as const;
}

/** For people: five significant digits. */
function brief(value: number): number {
  return Number(value.toPrecision(5));
}

/** Whether the last report is the first one at or after a multiple of the interval past the warm-up: steps may be skipped. */
function isDecisionStep(steps: Float64Array, warmup: number, interval: number): boolean {
  const step = steps.at(-1) ?? -Infinity;
  if (step < warmup) return false;
  const boundary = warmup + Math.floor((step - warmup) / interval) * interval;
  return steps.subarray(0, -1).every((earlier) => earlier < boundary || earlier === step);
}

/** The latest report at this step; NaN when there is none. */
function valueAt(trial: HistoryTrial, step: number): number {
  return trial.reports[trial.steps.lastIndexOf(step)] ?? Number.NaN;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const half = sorted.length / 2;
  const high = sorted[Math.floor(half)] ?? Number.NaN;
  const low = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  return low === high ? low : low / 2 + high / 2;
}

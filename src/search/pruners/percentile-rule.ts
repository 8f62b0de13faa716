/** The rule of median and percentile: stop what is worse so far than a share of the completed trials were at the same step. */

import type { HistoryTrial } from '../history.js';
import { compareNumbers } from '../math/ranks.js';
import type { Option } from '../options.js';
import { decisionOptions, isDecisionStep } from './decision-step.js';
import { brief, goOn, halt, isNaNAt, type Rule, signOf } from './pruner.js';

/** The options that both have. */
export const percentileOptions = [
  { name: 'startupTrials', type: 'int', default: 5, min: 0, doc: 'Completed trials before any comparison.' },
  ...decisionOptions,
  { name: 'minTrials', type: 'int', default: 1, min: 1, doc: 'Completed trials that must have a value at the step.' },
  {
    name: 'mode',
    type: 'choice',
    default: 'best',
    choices: ['best', 'running'],
    doc: 'Compare the best value so far with values at the step, or running averages with running averages, which jump less.',
  },
  {
    name: 'graceReports',
    type: 'int',
    default: 5,
    min: 1,
    doc: 'With mode running: reports of a trial before its average is judged.',
  },
] as const satisfies readonly Option[];

interface PercentileOptions {
  readonly startupTrials: number;
  readonly warmupSteps: number;
  readonly intervalSteps: number;
  readonly minTrials: number;
  readonly mode: 'best' | 'running';
  readonly graceReports: number;
  /** Share in percent of the completed trials that it must be no worse than to go on: 50 is the median. In [0, 100]. */
  readonly percentile: number;
}

/**
 * NaN reports of others are left out; a NaN of its own at a decision step stops the trial. Ties go on. O(n) in the completed
 * trials, and in mode `running` in their reports.
 * @source Golovin et al., Google Vizier, KDD 2017, section 3.3 (running averages); Optuna's percentile rule (best so far).
 */
export const judgePercentile: Rule<PercentileOptions> = (options, history, { trial, step, value }) => {
  if (!isDecisionStep(trial.steps, options)) return goOn(`step ${step} is no decision step`);
  if (Number.isNaN(value)) return isNaNAt(step);
  if (options.mode === 'running' && trial.reports.length < options.graceReports) {
    return goOn(`${trial.reports.length} of ${options.graceReports} reports that an average needs`);
  }

  const completed = history.trials.filter((other) => other.state === 'COMPLETED' && other.number !== trial.number);
  if (completed.length < options.startupTrials) {
    return goOn(`${completed.length} of ${options.startupTrials} start-up trials are completed`);
  }
  const sign = signOf(history);
  const standard = options.mode === 'best' ? valueAt : averageTo;
  const others = completed.map((other) => sign * standard(other, step)).filter((other) => !Number.isNaN(other));
  if (others.length < options.minTrials) return goOn(`${others.length} completed trials have a value at step ${step}`);

  const own = options.mode === 'best' ? bestOf(trial, sign) : sign * averageTo(trial, step);
  const limit = percentileOf(others, options.percentile);
  const [shown, name] = [options.mode === 'best' ? 'best value' : 'average', nameOf(options.percentile)];
  const facts = `${shown} ${brief(sign * own)} against a ${name} of ${brief(sign * limit)} over ${others.length} completed trials at step ${step}`;
  return own > limit ? halt('PRUNE', facts) : goOn(facts);
};

function nameOf(percentile: number): string {
  return percentile === 50 ? 'median' : `percentile ${percentile}`;
}

/** The latest report at this step; NaN when there is none. */
function valueAt(trial: HistoryTrial, step: number): number {
  return trial.reports[trial.steps.lastIndexOf(step)] ?? Number.NaN;
}

/** Mean of the reports up to the step that are numbers; NaN when there is none. */
function averageTo(trial: HistoryTrial, step: number): number {
  const counted = trial.reports.filter((value, i) => !Number.isNaN(value) && (trial.steps[i] ?? Infinity) <= step);
  return counted.length === 0 ? Number.NaN : counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** The smallest report times `sign` that is a number. */
function bestOf(trial: HistoryTrial, sign: number): number {
  return trial.reports.reduce(
    (least, value) => (Number.isNaN(value) ? least : Math.min(least, sign * value)),
    Infinity,
  );
}

/** Linear between the two nearest; `values` is not empty and without NaN. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort(compareNumbers);
  const place = (percentile / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  const share = place - Math.floor(place);
  // Equal infinities have no difference.
  return low === high ? low : low * (1 - share) + high * share;
}

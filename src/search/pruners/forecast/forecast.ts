/** The forecast rule: learn from others' curves where one is going, and stop what will hardly be among the best. */

import type { History, HistoryTrial } from '../../history.js';
import { hashToUnit } from '../../math/hash.js';
import { lowerMass } from '../../math/normal.js';
import { compareNumbers } from '../../math/ranks.js';
import { lastStep, wholeSteps } from '../ladder.js';
import { brief, definePruner, goOn, halt, isNaNAt, signOf } from '../pruner.js';
import { type RungResult, resultAt } from '../rungs.js';
import { type Curve, knownBefore } from './curves.js';
import { outlookOf } from './outlook.js';
import { scoresAmong } from './scores.js';

/** Each decision step is so much later than the one before. */
const GROWTH = 1.5;
/** The first decision, in shares of a whole trial. */
const EARLY = 1 / 9;
/** The best so many of all trials are what must not be lost. */
const BEST = 0.05;

/**
 * From a ninth of a whole trial on, at steps each half as late again: the chance that the trial ends as well as the best 5 % so
 * far, by what others with a curve like its own came to (`outlookOf`). Steps that tell nothing stop nothing, however bad a trial
 * looks at them. The first trials run to their end, and of the others a share drawn by a hash of the number, so that what is
 * believed to be hopeless is tried now and then. What broke a constraint shows how curves go, and is no end to come up to. What
 * came after the trial had reached the step does not count, nor what may have (`knownBefore`, `placeOf`): the verdict at a step is
 * the same whenever it is asked for. O(n) in the trials, of which the ends of all and the curves of the newest 250 are looked at.
 */
export const forecast = definePruner({
  kind: 'forecast',
  summary: 'Learns from others’ curves where one is going, and stops what will hardly end among the best.',
  source: 'Our own, 2026: what finished trials say of how far early values can be trusted',
  options: [
    {
      name: 'startupTrials',
      type: 'int',
      default: 8,
      min: 4,
      doc: 'Trials that are never stopped; and so many must be completed before any is.',
    },
    {
      name: 'controls',
      type: 'float',
      default: 0.03,
      min: 0,
      max: 1,
      doc: 'The share of later trials that run to their end to learn from; more is safer and saves less.',
    },
    {
      name: 'warmupSteps',
      type: 'int',
      default: 0,
      min: 0,
      doc: 'Step of the first decision; 0 takes a ninth of the steps of a whole trial: before, steps often mislead.',
    },
    {
      name: 'chance',
      type: 'float',
      default: 0.1,
      min: 0,
      max: 0.5,
      doc: 'A trial stops when its chance to end among the best 5 % is below this; larger prunes more.',
    },
  ],
  judge: ({ startupTrials, controls, warmupSteps, chance }, history, { trial }) => {
    const sign = signOf(history);
    const { end, first, step, own } = placeOf(trial, history, warmupSteps);
    if (step === undefined || own === null) return goOn('no decision step is reached yet');
    if (Number.isNaN(own.report)) return isNaNAt(step);
    const isControl = trial.number < startupTrials || hashToUnit(`${history.seed}/control/${trial.number}`) < controls;
    if (isControl) return goOn('runs to its end for others to be compared with');
    if (end === Infinity)
      return goOn(`none of ${startupTrials} start-up trials had come to its end before step ${step}`);
    if (step >= end) return goOn(`step ${step} is the last that is known of`);

    const steps = decisionSteps(first, end).filter((other) => other < end);
    const { curves: others, count, ends } = knownBefore(own.at, trial, steps, history);
    if (ends.length < startupTrials) {
      return goOn(`${ends.length} of ${startupTrials} start-up trials had come to a feasible end before step ${step}`);
    }

    const scores = scoresAmong(knownOf(others));
    const toScore = (value: number) => (Number.isNaN(value) ? value : scores.of(value));
    const shown = steps
      .filter((other) => other <= step)
      .map((other) => resultAt(trial, other, sign)?.value ?? Infinity);
    const { mean, deviation } = outlookOf(
      Float64Array.from(shown, toScore),
      others.map((curve) => curve.map(toScore)),
    );
    const place = Math.min(ends.length, Math.max(1, Math.floor(BEST * count)));
    const goal = [...ends].sort(compareNumbers)[place - 1] ?? Infinity;
    const probability = lowerMass((scores.of(goal) - mean) / deviation);
    const facts = `chance ${brief(probability)} to end as well as ${brief(sign * goal)}: about ${brief(sign * scores.valueAt(mean))} is expected from step ${step}`;
    return probability < chance ? halt('PRUNE', facts) : goOn(facts);
  },
});

/** Where a trial stands on the decision steps. */
interface Place {
  /** Steps of a whole trial; Infinity when none had been completed. */
  readonly end: number;
  readonly first: number;
  /** The last decision step that it has reached, and what it reported there; absent below the first. */
  readonly step: number | undefined;
  readonly own: RungResult | null;
}

/** The steps follow from how long a whole trial is: as it was known when the trial came to the last of them, not since. */
function placeOf(trial: HistoryTrial, history: History, warmupSteps: number): Place {
  const now = wholeSteps(history);
  const place = placeFor(now);
  const then = wholeSteps(history, place.own?.at ?? trial.reportedAt.at(-1));
  return then === now ? place : placeFor(then);

  function placeFor(end: number): Place {
    const first = warmupSteps || (end === Infinity ? 1 : Math.max(1, Math.floor(end * EARLY)));
    const step = decisionSteps(first, lastStep(trial)).at(-1);
    return { end, first, step, own: step === undefined ? null : resultAt(trial, step, signOf(history)) };
  }
}

/** All values but those that are not known. */
function knownOf(curves: readonly Curve[]): Float64Array {
  const values = new Float64Array(curves.reduce((sum, curve) => sum + curve.length, 0));
  let count = 0;
  for (const curve of curves) for (const value of curve) if (!Number.isNaN(value)) values[count++] = value;
  return values.subarray(0, count);
}

/** The decision steps up to a last one, ascending; empty before the first. */
function decisionSteps(first: number, last: number): readonly number[] {
  const steps: number[] = [];
  for (let step = first; step <= last; step = Math.max(step + 1, Math.floor(step * GROWTH))) steps.push(step);
  return steps;
}

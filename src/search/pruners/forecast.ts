/** The forecast rule: learn how well a step foretells the end, and stop what will hardly be among the best. */

import type { History, HistoryTrial } from '../history.js';
import { hashToUnit } from '../math/hash.js';
import { chanceOfGoodEnd, type Known } from './forecast-end.js';
import { lastStep } from './ladder.js';
import { brief, definePruner, goOn, halt, isNaNAt, signOf } from './pruner.js';
import { precedence, type RungResult, resultAt, resultsAt } from './rungs.js';

/** Each decision step is so much later than the one before. */
const GROWTH = 1.5;
/** The best so many of all trials are what must not be lost. */
const BEST = 0.05;

/**
 * At steps 1, 2, 3, 4, 6, 9, 13 …: the chance that the trial ends among the best 5 % of all, forecast from its rank at the step.
 * How well the step tells is learnt from controls: the first trials and a share of the others, drawn by a hash of the number,
 * which run to their end. Steps that tell nothing stop nothing, however bad a trial looks at them. What came after the trial had
 * reached the step does not count: who was let go on at a decision step is not stopped before the next (`precedence`).
 * O(n log n) in the trials.
 */
export const forecast = definePruner({
  kind: 'forecast',
  summary: 'Learns how well early values foretell final ones, and stops what will hardly be among the best.',
  source:
    'Our own, 2026: rank correlations of early with final values; Pearson, On further methods of determining correlation, 1907',
  options: [
    {
      name: 'startupTrials',
      type: 'int',
      default: 8,
      min: 4,
      doc: 'Controls that must be completed before the first decision; so many trials are never stopped.',
    },
    {
      name: 'controls',
      type: 'float',
      default: 0.05,
      min: 0,
      max: 1,
      doc: 'The share of later trials that run to their end to learn from; more is safer and saves less.',
    },
    { name: 'warmupSteps', type: 'int', default: 1, min: 1, doc: 'Step of the first decision.' },
    {
      name: 'chance',
      type: 'float',
      default: 0.03,
      min: 0,
      max: 0.05,
      doc: 'A trial stops when its chance to end among the best 5 % is below this; larger prunes more.',
    },
  ],
  judge: ({ startupTrials, controls, warmupSteps, chance }, history, { trial }) => {
    const sign = signOf(history);
    const step = decisionStep(warmupSteps, lastStep(trial));
    const own = step === null ? null : resultAt(trial, step, sign);
    if (step === null || own === null) return goOn('no decision step is reached yet');
    if (Number.isNaN(own.report)) return isNaNAt(step);
    const isControl = ({ number }: HistoryTrial) =>
      number < startupTrials || hashToUnit(`${history.seed}/control/${number}`) < controls;
    if (isControl(trial)) return goOn('runs to its end for others to be compared with');

    const known = history.trials
      .filter((other) => isControl(other) && hadEnded(other, own))
      .flatMap((other) => knownOf(other, step, sign));
    if (known.length < startupTrials) return goOn(`${known.length} of ${startupTrials} controls are completed`);
    const rank = rankAt(step, own, history);
    const probability = chanceOfGoodEnd(known, rank, BEST);
    const facts = `chance ${brief(probability)} to end among the best 5 %, being at ${brief(100 * rank)} % of all at step ${step}`;
    return probability < chance ? halt('PRUNE', facts) : goOn(facts);
  },
});

function knownOf(trial: HistoryTrial, step: number, sign: number): readonly Known[] {
  const final = trial.state === 'COMPLETED' ? sign * (trial.values?.[0] ?? Number.NaN) : Number.NaN;
  const early = Number.isNaN(final) ? null : resultAt(trial, step, sign);
  return early === null ? [] : [{ early: early.value, final }];
}

/** Whether a trial had ended when the result came. Ends of imported trials may have no position: they were always known. */
function hadEnded({ endedAt = -Infinity }: HistoryTrial, { at }: RungResult): boolean {
  return endedAt <= at;
}

/**
 * Share of all that are better at the step, in (0, 1), those that were pruned before it standing behind; or the least that it
 * can have been when the trial came.
 */
function rankAt(step: number, own: RungResult, history: History): number {
  const isGone = (trial: HistoryTrial) =>
    trial.state === 'PRUNED' && hadEnded(trial, own) && !(lastStep(trial) >= step);
  let count = history.trials.filter(isGone).length;
  let better = 0; // equal ones for a half
  for (const other of resultsAt(history.trials, step, signOf(history))) {
    const order = precedence(own, other);
    if (order === null) continue;
    count += 1;
    if (order === 'earlier' && other.value <= own.value) better += other.value < own.value ? 1 : 0.5;
  }
  return better / count;
}

/** The last decision step at or before this one, null before the first. */
function decisionStep(first: number, step: number): number | null {
  if (!(step >= first)) return null;
  let decision = first;
  for (let next = first; next <= step; next = Math.max(next + 1, Math.floor(next * GROWTH))) decision = next;
  return decision;
}

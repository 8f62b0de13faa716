/** The forecast rule: learn from completed trials how well a step foretells the end, and stop what will hardly be among the best. */

import { forecastEnd } from './forecast-end.js';
import { lastStep } from './ladder.js';
import { brief, definePruner, goOn, halt, isNaNAt, signOf } from './pruner.js';
import { resultAt } from './rungs.js';

/** Each decision step is so much later than the one before. */
const GROWTH = 1.5;

/**
 * At steps 1, 2, 3, 4, 6, 9, 13 … past the warm-up: the chance, forecast from its value there, that the trial ends within the
 * best share of the completed ones, at least better than the best. Steps that tell nothing stop nothing, however bad a trial
 * looks at them. O(n log n) in the completed trials.
 */
export const forecast = definePruner({
  kind: 'forecast',
  summary: 'Learns how well early values foretell final ones, and stops what will hardly be among the best.',
  options: [
    {
      name: 'startupTrials',
      type: 'int',
      default: 8,
      min: 3,
      doc: 'Completed trials to learn from before the first decision.',
    },
    { name: 'warmupSteps', type: 'int', default: 1, min: 1, doc: 'Step of the first decision.' },
    {
      name: 'chance',
      type: 'float',
      default: 0.05,
      min: 0,
      max: 1,
      doc: 'A trial stops when its chance to end among the best is below this; larger prunes more.',
    },
    {
      name: 'topShare',
      type: 'float',
      default: 0.05,
      min: 0,
      max: 1,
      doc: 'The share of the completed trials that are the best; with 0 only the best one is.',
    },
  ],
  judge: ({ startupTrials, warmupSteps, chance, topShare }, history, { trial }) => {
    const sign = signOf(history);
    const step = decisionStep(warmupSteps, lastStep(trial));
    const own = step === null ? null : resultAt(trial, step, sign);
    if (step === null || own === null) return goOn('no decision step is reached yet');
    if (Number.isNaN(own.report)) return isNaNAt(step);

    const known = history.trials.flatMap((other) => {
      const final = other.state === 'COMPLETED' ? sign * (other.values?.[0] ?? Number.NaN) : Number.NaN;
      const early = Number.isFinite(final) ? resultAt(other, step, sign) : null;
      return early === null || other.number === trial.number ? [] : [{ early: early.value, final }];
    });
    if (known.length < startupTrials) return goOn(`${known.length} of ${startupTrials} completed trials to learn from`);
    const probability = forecastEnd(known, own.value, topShare);
    const facts = `chance ${brief(probability)} to end among the best, from ${brief(own.report)} at step ${step} and ${known.length} completed trials`;
    return probability < chance ? halt('PRUNE', facts) : goOn(facts);
  },
});

/** The last decision step at or before this one, null before the first. */
function decisionStep(first: number, step: number): number | null {
  if (!(step >= first)) return null;
  let decision = first;
  for (let next = first; next <= step; next = Math.max(next + 1, Math.floor(next * GROWTH))) decision = next;
  return decision;
}

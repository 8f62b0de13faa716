/** The signed-rank rule: stop what is worse than the best trial, step by step, beyond chance. For steps that are folds or instances. */

import { bestTrial } from '../analysis/best-so-far.js';
import type { HistoryTrial } from '../history.js';
import { signedRankP } from '../math/wilcoxon.js';
import { brief, definePruner, goOn, halt, signOf } from './pruner.js';

/**
 * Pairs the trial's report at each step with the best completed trial's at that step. Pairs with a value that is not finite
 * are left out, and never stop a trial. A trial whose average is at least as good as the best's goes on. O(n log n) in the pairs.
 * @source Wilcoxon, Biometrics Bulletin 1 (1945), for racing as in Optuna's Wilcoxon pruner.
 */
export const wilcoxon = definePruner({
  kind: 'wilcoxon',
  summary: 'Stops a trial that is worse than the best one over the same folds or instances, by the signed-rank test.',
  source: 'Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1, 1945, doi:10.2307/3001968',
  options: [
    {
      name: 'pThreshold',
      type: 'float',
      default: 0.1,
      min: 0,
      max: 1,
      doc: 'The chance of error below which a trial stops; larger prunes more.',
    },
    { name: 'startupSteps', type: 'int', default: 2, min: 1, doc: 'Pairs before the first decision.' },
  ],
  judge: ({ pThreshold, startupSteps }, history, { trial, step }) => {
    const best = bestTrial(history);
    if (best === null || best.number === trial.number) return goOn('no other trial is completed yet');

    const sign = signOf(history);
    const [own, theirs] = [byStep(trial, sign), byStep(best, sign)];
    const pairs = [...own].flatMap(([at, value]) => {
      const other = theirs.get(at);
      return other === undefined ? [] : [value - other];
    });
    if (pairs.length < startupSteps) return goOn(`${pairs.length} of ${startupSteps} pairs with trial ${best.number}`);
    const [average, standard] = [meanOf([...own.values()]), meanOf([...theirs.values()])];
    if (average <= standard) {
      return goOn(
        `average ${brief(sign * average)} is no worse than ${brief(sign * standard)} of trial ${best.number}`,
      );
    }

    const p = signedRankP(pairs);
    const facts = `p = ${brief(p)} that it is no worse than trial ${best.number} over ${pairs.length} steps, at step ${step}`;
    return p < pThreshold ? halt('PRUNE', facts) : goOn(facts);
  },
});

/** The latest value of each step times `sign`, finite ones only. */
function byStep({ steps, reports }: HistoryTrial, sign: number): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  steps.forEach((step, i) => {
    const value = reports[i] ?? Number.NaN;
    if (Number.isFinite(value)) values.set(step, sign * value);
  });
  return values;
}

/** Divided before it is added, so that the sum of large values stays finite. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

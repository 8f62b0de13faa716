/** The threshold rule: stop what leaves the range in which a value can still be meant. */

import { decisionOptions, isDecisionStep } from './decision-step.js';
import { brief, definePruner, goOn, halt, isNaNAt } from './pruner.js';

/** Both limits belong to the range. Looks at the raw value, whatever the direction. */
export const threshold = definePruner({
  kind: 'threshold',
  summary: 'Stops a trial whose value leaves a range that you know, or is NaN: for losses that blow up.',
  source:
    'As in Optuna: Akiba et al., Optuna: a next-generation hyperparameter optimization framework, KDD 2019, arXiv:1907.10902',
  options: [
    {
      name: 'lower',
      type: 'float',
      default: -Number.MAX_VALUE,
      doc: 'The least value that may go on; by default every finite one.',
    },
    {
      name: 'upper',
      type: 'float',
      default: Number.MAX_VALUE,
      doc: 'The largest value that may go on; by default every finite one.',
    },
    ...decisionOptions,
  ],
  judge: ({ lower, upper, ...when }, _history, { trial, step, value }) => {
    if (!isDecisionStep(trial.steps, when)) return goOn(`step ${step} is no decision step`);
    if (Number.isNaN(value)) return isNaNAt(step);
    if (value < lower) return halt('PRUNE', `value ${brief(value)} at step ${step} is below ${lower}`);
    if (value > upper) return halt('PRUNE', `value ${brief(value)} at step ${step} is above ${upper}`);
    return goOn(`value ${brief(value)} at step ${step} is in the range`);
  },
});

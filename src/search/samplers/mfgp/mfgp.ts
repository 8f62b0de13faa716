/** Bayesian optimisation over several fidelities: every step that a trial has come to teaches what whole trials would be worth. */

import type { History } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { type LadderOptions, ladderOf, ladderOptions } from '../../pruners/ladder.js';
import { signOf } from '../../pruners/pruner.js';
import { bestUnseen } from '../gp/best-unseen.js';
import { evidenceOf } from '../gp/evidence.js';
import { featuresOf, paramsAt } from '../gp/features.js';
import { gp } from '../gp/gp.js';
import { planFrom } from '../gp/plan.js';
import { startupTrials, suggestSpread } from '../gp/startup.js';
import type { Suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { spentPoints } from '../unseen.js';
import { hasFidelities, levelsOf, withFidelity } from './fidelity.js';
import { modelsAt } from './model.js';
import { resultsOf } from './results.js';

/**
 * `gp` with one more column, ln(1 + step), over what trials came to at the rungs and at their ends, the usual move from rung to
 * rung taken off; proposes where the expected improvement at the highest level is greatest. While no trial was ended early it is
 * `gp`. The options of the ladder are those of the pruner or scheduler, whose rungs it needs not share. O(n log n) per proposal
 * in the trials, and as much again as `gp` with 300 rows.
 * @source Swersky, Snoek, Adams, Freeze-thaw Bayesian optimization, 2014, arXiv:1406.3896; Kandasamy et al., NeurIPS 2016 (gains).
 */
export const mfgp = defineSampler({
  kind: 'mfgp',
  summary:
    'Models the objective over parameters and steps at once by a Gaussian process: for experiments with a pruner or scheduler.',
  source: 'Swersky, Snoek, Adams, Freeze-thaw Bayesian optimization, 2014, arXiv:1406.3896',
  options: [
    ...ladderOptions,
    {
      name: 'nStartup',
      type: 'int',
      default: 0,
      min: 0,
      max: 10_000,
      doc: 'Trials with a result before the model speaks; 0 chooses by the number of parameters, at most 10.',
    },
    {
      name: 'randomShare',
      type: 'float',
      default: 0.1,
      min: 0,
      max: 1,
      doc: 'Chance of a proposal to be drawn without the model: insurance against early steps that mislead.',
    },
  ],
  objectives: 'one',
  suggestOne: ({ nStartup, randomShare, ...ladder }, history, rng, root) => {
    if (hasFidelities(history)) return suggestByLevels(history, rng, { nStartup, randomShare, ladder });
    const [proposal] = gp.create({ nStartup }).suggest(history, 1, root);
    return proposal === undefined ? null : { params: proposal.params, explanation: proposal.explanation };
  },
});

interface Options {
  /** 0 chooses. */
  readonly nStartup: number;
  readonly randomShare: number;
  readonly ladder: LadderOptions;
}

function suggestByLevels(history: History, rng: Rng, { nStartup, randomShare, ladder }: Options): Suggested | null {
  const features = withFidelity(featuresOf(history.space));
  const spent = spentPoints(history);
  if (features.axes.length === 0) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
  const levels = levelsOf(history, ladder);
  const results = resultsOf(history, features, levels, ladderOf(ladder, history)?.end ?? Infinity);
  const evidence = evidenceOf(history, features);
  const tried = new Set(results.map(({ trial }) => trial)).size + evidence.failed.length;
  if (tried < (nStartup || startupTrials(features, history.budget))) {
    return suggestSpread(history, features, spent, rng.fork('startup'));
  }
  if (rng.fork('random share').next() < randomShare) {
    return suggestUniform(history, spent, rng.fork('random'), 'RANDOM');
  }

  const models = modelsAt(features, results, levels.length, evidence, rng);
  const plan = planFrom(features, models, evidence, signOf(history));
  const found = plan === null ? null : bestUnseen(features, plan.goal, spent, rng.fork('search'));
  if (plan === null || found === null) return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  return { params: paramsAt(features, found.point), explanation: plan.explain(found) };
}

/** Bayesian optimisation with a Gaussian process, over every kind of parameter. */

import type { History } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { cells } from '../../space/cells.js';
import type { Suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { spentPoints } from '../unseen.js';
import { bestUnseen, type Goal } from './best-unseen.js';
import { evidenceOf } from './evidence.js';
import { featuresOf, paramsAt } from './features.js';
import type { ModelOptions } from './models.js';
import { planOf } from './plan.js';
import { endedCount, startupTrials, suggestSpread } from './startup.js';
import { WARPS } from './warp.js';

/** Share of the proposals on a finite space that look at the smooth part alone: two minds find more than one. */
const SMOOTH_SHARE = 0.25;

/**
 * After the start-up: a Matern 5/2 process over all that is known, its hyperparameters fitted on a schedule that the history
 * alone decides; proposes where the expected improvement is greatest, or with two or three objectives the expected growth of the
 * volume below the front; of more than three each trial looks at three. O(n^2) per proposal and O(n^3) per fit up to 600 trials,
 * constant beyond, for each objective.
 * @source Snoek et al. NeurIPS 2012; Ament et al. NeurIPS 2023 (arXiv:2310.20708); Song et al. arXiv:2408.11527 (warps); several
 * objectives: Emmerich et al. IEEE CEC 2011.
 */
export const gp = defineSampler({
  kind: 'gp',
  summary: 'Models the objective by a Gaussian process: makes the most of few trials, in spaces of any kind.',
  source:
    'Snoek, Larochelle, Adams, Practical Bayesian optimization, NeurIPS 2012, arXiv:1206.2944; Ament et al. NeurIPS 2023, arXiv:2310.20708 (improvement); Song et al. 2024, arXiv:2408.11527 (warps)',
  options: [
    {
      name: 'nStartup',
      type: 'int',
      default: 0,
      min: 0,
      max: 10_000,
      doc: 'Finished trials before the model speaks; 0 chooses by the number of parameters, at most 10.',
    },
    {
      name: 'acquisition',
      type: 'choice',
      default: 'ei',
      choices: ['ei', 'ucb', 'poi'],
      doc: 'What is maximised: expected improvement, a bound of confidence, or the probability of improvement; of several objectives always the expected growth of their front.',
    },
    {
      name: 'kappa',
      type: 'float',
      default: 2,
      min: 0,
      max: 100,
      doc: 'Deviations that ucb adds to the mean: more explores more.',
    },
    {
      name: 'xi',
      type: 'float',
      default: 0,
      min: 0,
      doc: 'What ei and poi take for an improvement, in the unit of the objective: more explores more.',
    },
    {
      name: 'warp',
      type: 'choice',
      default: 'auto',
      choices: ['auto', ...WARPS],
      doc: 'How values are transformed before they are modelled; auto takes what orders the trials best.',
    },
    {
      name: 'deterministic',
      type: 'boolean',
      default: false,
      doc: 'Whether the same params always give the same value: then nothing is put down to noise.',
    },
  ],
  objectives: 'any',
  suggestOne: ({ nStartup, acquisition, kappa, xi, warp, deterministic }, history, rng) => {
    const warps = WARPS.filter((kind) => warp === 'auto' || warp === kind);
    return suggestByModel(history, rng, {
      nStartup,
      models: {
        acquisition,
        kappa,
        xi,
        warps,
        isNoiseCounted: cells(history.space) < Infinity && rng.fork('criterion').next() >= SMOOTH_SHARE,
        isDeterministic: deterministic,
      },
    });
  },
});

export interface GpOptions {
  /** 0 chooses. */
  readonly nStartup: number;
  readonly models: ModelOptions;
  /** Makes of where the model would look where it shall look; all over the space when absent. */
  readonly narrow?: (goal: Goal) => Goal;
}

/** The next trial: of the start-up, or where the acquisition is greatest and nobody has been on a finite space. */
export function suggestByModel(history: History, rng: Rng, options: GpOptions): Suggested | null {
  const features = featuresOf(history.space);
  const spent = spentPoints(history);
  const startup = options.nStartup || startupTrials(features, history.budget);
  if (features.axes.length === 0) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
  if (endedCount(history) < startup) return suggestSpread(history, features, spent, rng.fork('startup'));

  const evidence = evidenceOf(history, features);
  const plan = planOf(history.directions, features, evidence, options.models, rng);
  const goal = plan === null ? null : (options.narrow?.(plan.goal) ?? plan.goal);
  const found = goal === null ? null : bestUnseen(features, goal, spent, rng.fork('search'));
  if (plan === null || found === null) return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  return { params: paramsAt(features, found.point), explanation: plan.explain(found) };
}

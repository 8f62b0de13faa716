/** The Gaussian process kept to a trust region: for spaces or functions that are too wide to be known everywhere. */

import { tableOf } from '../../columns/table.js';
import { cells } from '../../space/cells.js';
import { defineSampler } from '../sampler.js';
import { spentPoints } from '../unseen.js';
import { featuresOf, pointOf } from './features.js';
import { suggestByModel } from './gp.js';
import { startupTrials, suggestSpread } from './startup.js';
import { boxAbout, regionOf } from './trust-region.js';
import { WARPS } from './warp.js';

const KIND = 'turbo';

/**
 * Proposes where the expected improvement is greatest in a box about the best trial, which doubles with success and halves without;
 * when it has become too small the search goes on elsewhere. The state is replayed from who proposed what.
 * @source Eriksson et al. NeurIPS 2019 (arXiv:1910.01739), with expected improvement in place of Thompson samples.
 */
export const turbo = defineSampler({
  kind: KIND,
  summary:
    'gp within a region about the best trial, which grows and shrinks: for many parameters and rugged objectives.',
  source:
    'Eriksson et al., Scalable global optimization via local Bayesian optimization, NeurIPS 2019, arXiv:1910.01739',
  options: [],
  objectives: 'one',
  suggestOne: (_, history, rng) => {
    const features = featuresOf(history.space);
    const table = tableOf(history);
    const startup = startupTrials(features, history.budget);
    const region = regionOf(table, history.directions, { kind: KIND, axes: features.axes.length, startup });
    if (region.restarts > 0 && region.ended < startup) {
      return suggestSpread(history, features, spentPoints(history), rng.fork('startup'));
    }
    const params = table.params[region.centre] ?? null;
    const centre = params === null ? null : pointOf(features, params);
    return suggestByModel(history, rng, {
      nStartup: 0,
      models: {
        // Elsewhere, what would improve on the best of all is nowhere near.
        acquisition: region.restarts === 0 ? 'ei' : 'ucb',
        kappa: 2,
        xi: 0,
        warps: WARPS,
        isNoiseCounted: cells(history.space) < Infinity,
        isDeterministic: false,
      },
      narrow: (goal) => {
        if (centre === null) return goal;
        return { ...goal, centres: [centre], box: boxAbout(features, centre, goal.lengths, region.side) };
      },
    });
  },
});

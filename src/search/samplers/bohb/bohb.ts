/** Bayesian optimisation for pruned trials: TPE at the highest rung that enough trials have reached, and some draws at random. */

import { ladderOptions } from '../../pruners/ladder.js';
import { defineSampler } from '../sampler.js';
import { tpe } from '../tpe/tpe.js';
import { suggestUniform } from '../uniform.js';
import { spentPoints } from '../unseen.js';
import { fidelityView } from './fidelity-view.js';

/**
 * Trials that run already teach at the rungs they have passed. The options of the ladder are those of the pruner or scheduler.
 * @source Falkner, Klein, Hutter, BOHB, ICML 2018, with the densities of our `tpe`.
 */
export const bohb = defineSampler({
  kind: 'bohb',
  summary:
    'Learns from trials that were stopped early at the step that most tell: for experiments with a pruner or scheduler.',
  source:
    'Falkner, Klein, Hutter, BOHB: robust and efficient hyperparameter optimization at scale, ICML 2018, arXiv:1807.01774',
  options: [
    ...ladderOptions,
    {
      name: 'minPoints',
      type: 'int',
      default: 0,
      min: 0,
      max: 100_000,
      doc: 'Trials at a rung before it is modelled; 0 takes three more than there are parameters.',
    },
    {
      name: 'randomShare',
      type: 'float',
      default: 0.2,
      min: 0,
      max: 1,
      doc: 'Chance of a proposal to be drawn without the model: insurance against early steps that mislead.',
    },
    {
      name: 'nCandidates',
      type: 'int',
      default: 24,
      min: 1,
      max: 1_000,
      doc: 'Draws among which the most promising is kept.',
    },
  ],
  objectives: 'one',
  suggestOne: ({ minPoints, randomShare, nCandidates, ...ladder }, history, rng) => {
    const enough = minPoints > 0 ? minPoints : history.space.parameters.length + 3;
    const isRandom = rng.fork('random share').next() < randomShare;
    const view = isRandom ? null : fidelityView(history, ladder, enough);
    if (view === null) {
      return suggestUniform(history, spentPoints(history), rng.fork('random'), isRandom ? 'RANDOM' : 'STARTUP');
    }
    const [proposal] = tpe.create({ nStartup: enough, nCandidates }).suggest(view, 1, rng);
    // Its own name, not that of the model.
    return proposal === undefined ? null : { params: proposal.params, explanation: proposal.explanation };
  },
});

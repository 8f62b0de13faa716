/** Uniform random search: the honest baseline. */

import { defineSampler } from './sampler.js';
import { suggestUniform } from './uniform.js';
import { spentPoints } from './unseen.js';

export const random = defineSampler({
  kind: 'random',
  summary:
    'Draws every trial uniformly (uniformly in the logarithm, where so declared); never repeats one on a finite space.',
  source: 'Bergstra, Bengio, Random search for hyper-parameter optimization, JMLR 13, 2012',
  options: [],
  objectives: 'any',
  suggestOne: (_, history, rng) => suggestUniform(history, spentPoints(history), rng.fork('random'), 'RANDOM'),
});

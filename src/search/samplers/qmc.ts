/** Points of a low-discrepancy sequence: they fill the space more evenly than chance does, and look at no result. */

import type { History } from '../history.js';
import { nextPlace } from '../history.js';
import { haltonPoint } from '../math/halton.js';
import { hashText } from '../math/hash.js';
import type { Rng } from '../math/rng.js';
import { SOBOL_DIMENSIONS, sobolPoint } from '../math/sobol.js';
import { defaultParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import { fromPoint } from '../space/point.js';
import { suggested } from './proposal.js';
import { defineSampler } from './sampler.js';
import { suggestUniform } from './uniform.js';
import { spentPoints } from './unseen.js';

/**
 * Trial i gets point i of the sequence, trials that try a point again not counted; its coordinates belong to the parameters in
 * draw order, active or not. A point that is spent, or breaks a constraint, is replaced by a uniform draw. Point 0 is kept.
 * @source Sobol 1967, Joe and Kuo 2008, Burley 2020; Halton 1960; Owen, "On dropping the first Sobol' point", arXiv:2008.08051.
 */
export const qmc = defineSampler({
  kind: 'qmc',
  summary: 'Fills the space evenly with a low-discrepancy sequence, without learning; best with 16, 32, 64 ... trials.',
  source:
    'Joe, Kuo, Constructing Sobol sequences with better two-dimensional projections, 2008, doi:10.1137/070709359; Burley, JCGT 9, 2020 (scrambling); Halton 1960, doi:10.1007/BF01386213',
  options: [
    {
      name: 'sequence',
      type: 'choice',
      default: 'sobol',
      choices: ['sobol', 'halton'],
      doc: 'Sobol is the most even at powers of two; Halton is even at any number of trials.',
    },
    {
      name: 'scramble',
      type: 'boolean',
      default: true,
      doc: 'Randomise the sequence by the seed, keeping it even; without it every seed gives the same points.',
    },
  ],
  objectives: 'any',
  suggestOne: ({ sequence, scramble }, history, rng) => {
    const { space, trials } = history;
    const first = trials.length === 0 ? defaultParams(space) : null;
    if (first !== null) return suggested(first, 'DEFAULT');

    const spent = spentPoints(history);
    const params = fromPoint(space, sequencePoint(history, sequence, scramble, rng.fork('beyond')));
    if (!spent.has(params)) return suggested(params, 'LISTED');
    return suggestUniform(history, spent, rng.fork('qmc'), 'RANDOM');
  },
});

/** The point of the next trial, [d] in draw order; coordinates beyond what Sobol has are drawn. */
function sequencePoint(history: History, sequence: 'sobol' | 'halton', scramble: boolean, rng: Rng): Float64Array {
  const index = nextPlace(history);
  const seed = scramble ? hashText(history.seed) : null;
  return Float64Array.from(drawOrder(history.space), (_, j) => {
    if (sequence === 'halton') return haltonPoint(index, j, seed);
    return j < SOBOL_DIMENSIONS ? sobolPoint(index, j, seed) : rng.next();
  });
}

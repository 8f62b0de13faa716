/** The trials before a model speaks: the default configuration, then points spread evenly. */

import { type History, nextNumber } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { defaultParams } from '../../space/default-params.js';
import { standingOf } from '../../standing.js';
import { type Suggested, suggested } from '../proposal.js';
import { drawUnseen, type Spent } from '../unseen.js';
import { latticePoint, latticeSteps } from './candidates.js';
import { type Features, paramsAt, placeAt } from './features.js';

/** Finished trials before the model speaks: 2d within [4, 10], at most a quarter of a known budget. */
export function startupTrials(features: Features, budget: number | undefined): number {
  const usual = Math.min(10, Math.max(4, 2 * features.axes.length));
  return budget === undefined ? usual : Math.max(2, Math.min(usual, Math.ceil(budget / 4)));
}

/** Trials that ended, however, and not by somebody else's fault. */
export function endedCount(history: History): number {
  const standings = history.trials.map((trial) => standingOf(trial, history.directions.length));
  return standings.filter((standing) => standing !== 'PENDING' && standing !== 'IGNORED').length;
}

/** The next trial of the start-up: the point of a lattice, shifted by the experiment's seed, that belongs to its number. */
export function suggestSpread(history: History, features: Features, spent: Spent, rng: Rng): Suggested | null {
  const { space, trials } = history;
  const first = trials.length === 0 ? defaultParams(space) : null;
  if (first !== null) return suggested(first, 'DEFAULT');

  const shift = Float64Array.from(features.axes, (_, a) => hashed(`${history.seed}/${a}`));
  const steps = latticeSteps(features.axes.length);
  let index = nextNumber(history);
  const draw = () => {
    const u = latticePoint(steps, shift, index);
    index += 7919; // Far from what later trials will take, when this one is spent.
    return paramsAt(
      features,
      u.map((share, a) => placeAt(features.axes[a] as (typeof features.axes)[number], share)), // One per axis.
    );
  };
  return suggested(drawUnseen(space, spent, draw, rng), 'STARTUP');
}

/** A number in [0, 1) that depends on a text alone: the stream of a trial cannot give what all trials share. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

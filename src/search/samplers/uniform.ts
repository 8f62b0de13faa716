/** Draws without a model: the default configuration first, then uniform in the unit cube. */

import type { History } from '../history.js';
import type { Rng } from '../math/rng.js';
import { isActive } from '../space/condition.js';
import { defaultParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import type { Params, ParamValue, SearchSpace } from '../space/parameter.js';
import { decode } from '../space/unit.js';
import { type Phase, type Suggested, suggested } from './proposal.js';
import { drawUnseen, type Spent } from './unseen.js';

/** Uniform in u, parameter by parameter in draw order; inactive ones are not drawn. */
export function drawUniform(space: SearchSpace, rng: Rng): Params {
  const params: Record<string, ParamValue> = {};
  for (const parameter of drawOrder(space)) {
    if (isActive(parameter, params)) params[parameter.name] = decode(parameter, rng.next());
  }
  return params;
}

/** The next proposal without a model: the default configuration when nothing was asked yet, then uniform and unseen. */
export function suggestUniform(history: History, spent: Spent, rng: Rng, phase: Phase): Suggested | null {
  const { space, trials } = history;
  const first = trials.length === 0 ? defaultParams(space) : null;
  if (first !== null) return suggested(first, 'DEFAULT');
  return suggested(
    drawUnseen(space, spent, () => drawUniform(space, rng), rng),
    phase,
  );
}

/** Trainings for simulated experiments: curves that fall to the trial's quality, so that early values tell the end. */

import type { Training } from '../../src/search/simulate-time.js';
import type { Params } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';

export const line = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

/** After epoch e of `epochs` the value is x + 1/e; an epoch takes a second. */
export function falling(epochs: number, sign = 1): (params: Params) => Training {
  return ({ x }) => ({ epochs, valueAt: (epoch) => sign * (Number(x) + 1 / epoch), secondsOf: () => 1 });
}

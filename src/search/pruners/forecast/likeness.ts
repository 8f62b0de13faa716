/** How alike two trials are by their params: what is near there has curves of the same kind, slow ones beside slow ones. */

import { type Codec, codecOf } from '../../columns/codec.js';
import { drawOrder } from '../../space/draw-order.js';
import type { Params, SearchSpace } from '../../space/parameter.js';

/** Params at this distance, in shares of the range of a parameter, count for half of equal ones. */
const NEAR = 0.15;

/** A weight in (0, 1], 1 for equal params. Parameters that only one of the two has are as far apart as can be. */
export function likenessIn(space: SearchSpace): (a: Params, b: Params) => number {
  const codecs = drawOrder(space).map(codecOf);
  return (a, b) => {
    if (codecs.length === 0) return 1;
    const square = codecs.reduce((sum, codec) => sum + gapOf(codec, a, b) ** 2 / codecs.length, 0);
    return 1 / (1 + square / (NEAR * NEAR));
  };
}

/** In [0, 1]. */
function gapOf({ parameter: { name }, isUnordered, pointOf }: Codec, a: Params, b: Params): number {
  const [one, other] = [a[name], b[name]];
  if (one === other) return 0;
  if (one === undefined || other === undefined || isUnordered) return 1;
  const gap = Math.abs(pointOf(one) - pointOf(other));
  return Number.isNaN(gap) ? 1 : gap;
}

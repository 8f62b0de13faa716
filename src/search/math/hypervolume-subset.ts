/** Which few points of a front cover most of what it dominates. */

import type { Values } from './fronts.js';
import { exclusive } from './hypervolume.js';

/**
 * Indices of `size` points, each the one that adds most volume to those before it; ties go to the lower index. Within 1 - 1/e of
 * the best choice, since what a point adds can only shrink: so most need not be looked at again.
 * @source Guerreiro, Fonseca, Paquete, Evolutionary Computation 2016; lazily: Minoux 1978.
 */
export function hypervolumeSubset(points: readonly Values[], size: number, reference: Values): readonly number[] {
  const chosen: Values[] = [];
  const answer: number[] = [];
  const bounds = Float64Array.from(points, (point) => exclusive(point, [], reference));
  const fresh = new Int32Array(points.length); // how many were chosen when the bound was worked out
  while (answer.length < Math.min(size, points.length)) {
    let best = -1;
    for (;;) {
      best = largest(bounds);
      if (fresh[best] === chosen.length) break;
      bounds[best] = exclusive(points[best] as Values, chosen, reference);
      fresh[best] = chosen.length;
    }
    answer.push(best);
    chosen.push(points[best] as Values);
    bounds[best] = -1;
  }
  return answer;
}

function largest(bounds: Float64Array): number {
  let best = 0;
  for (let i = 1; i < bounds.length; i++) if ((bounds[i] as number) > (bounds[best] as number)) best = i;
  return best;
}

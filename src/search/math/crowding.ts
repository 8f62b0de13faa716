/** How alone each point of a front stands. */

import type { Values } from './fronts.js';

/**
 * Crowding distance of each point: the sum over objectives of the gap between its two neighbours over the range; Infinity at
 * the ends. An objective that does not vary adds nothing. Equals are told apart by their order. [n]
 * @source Deb et al. 2002, section III-B.
 */
export function crowdingDistances(front: readonly Values[]): Float64Array {
  const n = front.length;
  const distances = new Float64Array(n);
  for (let o = 0; o < (front[0]?.length ?? 0); o++) {
    const at = (i: number) => front[i]?.[o] ?? 0;
    const order = [...front.keys()].sort((i, j) => at(i) - at(j) || i - j);
    const [first = 0, last = 0] = [order[0], order[n - 1]];
    distances[first] = Infinity;
    distances[last] = Infinity;
    const range = at(last) - at(first);
    if (!(range > 0 && range < Infinity)) continue;
    for (let k = 1; k < n - 1; k++) {
      const i = order[k] as number;
      const gap = at(order[k + 1] as number) - at(order[k - 1] as number);
      distances[i] = (distances[i] as number) + gap / range;
    }
  }
  return distances;
}

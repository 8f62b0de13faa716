/** The better part of many vectors of objectives. */

import { frontsOf, type Values } from './fronts.js';
import { referenceOf } from './hypervolume.js';
import { hypervolumeSubset } from './hypervolume-subset.js';

/**
 * Indices of the best `size` points: whole fronts while they fit, and of the front that does not fit those that cover most
 * volume. All of them when there are fewer.
 * @source Ozaki et al. JAIR 2022, section 4.2.
 */
export function bestByFronts(points: readonly Values[], size: number): readonly number[] {
  const chosen: number[] = [];
  for (const front of frontsOf(points, size)) {
    const room = size - chosen.length;
    if (front.length <= room) {
      chosen.push(...front);
      continue;
    }
    const values = front.map((i) => points[i] as Values);
    const picked = hypervolumeSubset(values, room, referenceOf(values));
    chosen.push(...picked.map((i) => front[i] as number));
    break;
  }
  return chosen;
}

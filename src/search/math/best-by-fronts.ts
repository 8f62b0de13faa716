/** The better part of many vectors of objectives. */

import { contentHash } from './content-hash.js';
import { crowdingDistances } from './crowding.js';
import { frontsOf, type Values } from './fronts.js';
import { referenceOf } from './hypervolume.js';
import { hypervolumeSubset } from './hypervolume-subset.js';

/** With more objectives the volumes of long fronts take minutes. */
const MOST_MEASURED = 3;

/**
 * Indices of the best `size` points: whole fronts while they fit, and of the front that does not fit those that cover most
 * volume; beyond three objectives those that stand most alone. All of them when there are fewer.
 * @source Ozaki et al. JAIR 2022, section 4.2; beyond three: Deb et al. IEEE TEVC 2002.
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
    const picked = (values[0]?.length ?? 0) > MOST_MEASURED ? mostAlone(values, room) : mostCovering(values, room);
    chosen.push(...picked.map((i) => front[i] as number));
    break;
  }
  return chosen;
}

/** The least crowded, ties to the lower index. */
function mostAlone(front: readonly Values[], size: number): readonly number[] {
  const distances = crowdingDistances(front);
  const before = (i: number, j: number) => {
    const [a, b] = [distances[i] as number, distances[j] as number];
    return a === b ? i - j : a > b ? -1 : 1;
  };
  return [...front.keys()].sort(before).slice(0, size);
}

/** Fronts are asked about again and again until another trial joins them. */
const KEPT = new Map<string, readonly number[]>();
const MOST_KEPT = 32;

function mostCovering(front: readonly Values[], size: number): readonly number[] {
  const name = contentHash([[size], ...front]);
  const picked = KEPT.get(name) ?? hypervolumeSubset(front, size, referenceOf(front));
  // The least recently used comes first.
  KEPT.delete(name);
  KEPT.set(name, picked);
  for (const oldest of KEPT.keys()) {
    if (KEPT.size <= MOST_KEPT) break;
    KEPT.delete(oldest);
  }
  return picked;
}

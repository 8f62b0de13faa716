/** What the pending points may turn out to be. */

import { inverseLowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';

/**
 * So many worlds, an even number or one: normal draws for what is pending, each world with its mirror image; one alone is without
 * surprises, as is the only one when nothing is pending. [worlds][pending]
 */
export function drawWorlds(pending: number, count: number, rng: Rng): readonly Float64Array[] {
  if (pending === 0 || count < 2) return [new Float64Array(pending)];
  const draws = rng.fork('fantasies');
  return Array.from({ length: count / 2 }, () =>
    Float64Array.from({ length: pending }, () => inverseLowerMass(Math.max(1e-12, draws.next()))),
  ).flatMap((world) => [world, world.map((draw) => -draw)]);
}

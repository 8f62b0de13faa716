/** Points among which the search for the best acquisition begins. */

import { inverseLowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import type { Box } from './climb.js';
import { type Axis, type Features, levelAtPlace, placeAt, placeOf, snap } from './features.js';

/** Deviation of a perturbation in lengths of the model, and its bounds in shares of the range. */
const LENGTHS = 0.1;
const NARROWEST = 0.005;
const WIDEST = 0.25;

/** Places of a point that move at once in a box, about. */
const MOVED = 20;

/** Half spread over the space, half about the given centres, of which there may be none. */
export function drawCandidates(
  features: Features,
  centres: readonly Float64Array[],
  lengths: Float64Array,
  count: number,
  rng: Rng,
): readonly Float64Array[] {
  const spread = rng.fork('spread');
  const near = rng.fork('near');
  const shift = Float64Array.from(features.axes, () => spread.next());
  const steps = latticeSteps(features.axes.length);
  return Array.from({ length: count }, (_, i) => {
    const centre = i % 2 === 1 ? centres[(i >> 1) % centres.length] : undefined;
    if (centre !== undefined) return perturbed(features, centre, lengths, near);
    const point = latticePoint(steps, shift, i);
    for (let a = 0; a < point.length; a++) point[a] = placeAt(features.axes[a] as Axis, point[a] as number);
    return point;
  });
}

/**
 * In a box about a centre: each is the centre with some places moved to anywhere in the box, all of few, about twenty of many,
 * and of the unordered ones about one.
 * @source Eriksson et al. NeurIPS 2019 (arXiv:1910.01739), appendix on perturbations.
 */
export function drawWithin(
  { axes }: Features,
  { low, high }: Box,
  centre: Float64Array,
  count: number,
  rng: Rng,
): readonly Float64Array[] {
  const draws = rng.fork('within');
  const steps = latticeSteps(axes.length);
  const shift = Float64Array.from(axes, () => draws.next());
  const unordered = axes.filter(({ isUnordered }) => isUnordered).length;
  const chanceOf = ({ isUnordered }: Axis) => Math.min(1, isUnordered ? 1 / unordered : MOVED / axes.length);
  return Array.from({ length: count }, (_, i) => {
    const u = latticePoint(steps, shift, i);
    const forced = Math.floor(draws.next() * axes.length);
    return Float64Array.from(axes, (axis, a) => {
      if (a !== forced && draws.next() >= chanceOf(axis)) return centre[a] as number;
      if (axis.isUnordered) return placeAt(axis, u[a] as number);
      const [from, to] = [low[a] as number, high[a] as number];
      return snap(axis, from + (to - from) * (u[a] as number));
    });
  });
}

/** How far each entry of a lattice that fills the cube evenly moves on: powers of the root of x^(d+1) = x + 1. [d] */
export function latticeSteps(dimensions: number): Float64Array {
  let root = 2;
  for (let k = 0; k < 40; k++) root = (1 + root) ** (1 / (dimensions + 1));
  return Float64Array.from({ length: dimensions }, (_, a) => root ** -(a + 1) % 1);
}

/** Point `index` of the lattice, shifted. [d] */
export function latticePoint(steps: Float64Array, shift: Float64Array, index: number): Float64Array {
  const point = new Float64Array(shift.length);
  for (let a = 0; a < point.length; a++) point[a] = ((shift[a] as number) + index * (steps[a] as number)) % 1;
  return point;
}

/** A centre with at least one place moved: by a normal step, to a neighbouring value, or to another choice. */
function perturbed({ axes }: Features, centre: Float64Array, lengths: Float64Array, rng: Rng): Float64Array {
  const point = centre.slice();
  const forced = Math.floor(rng.next() * axes.length);
  // A few places on average, so that many dimensions do not all move at once.
  const chance = Math.min(1, 3 / axes.length);
  axes.forEach((axis, a) => {
    if (a === forced || rng.next() < chance) point[a] = movedPlace(axis, centre[a] as number, lengths, rng);
  });
  return point;
}

function movedPlace(axis: Axis, place: number, lengths: Float64Array, rng: Rng): number {
  if (axis.isUnordered) return otherLevel(axis.levels, place, rng.next());
  const deviation = Math.min(WIDEST, Math.max(NARROWEST, LENGTHS * (lengths[axis.column] as number)));
  const u = place + deviation * inverseLowerMass(Math.max(1e-9, rng.next()));
  // Reflected rather than clipped: else half of all steps from an edge would end on it.
  const inside = Math.min(1, Math.abs(u > 1 ? 2 - u : u));
  const moved = snap(axis, inside);
  if (axis.levels === Infinity || moved !== place) return moved;
  const level = levelAtPlace(axis, place) + (rng.next() < 0.5 ? -1 : 1);
  return placeOf(axis, Math.min(axis.levels - 1, Math.max(0, level)));
}

function otherLevel(levels: number, place: number, u: number): number {
  if (levels < 2) return place;
  const other = Math.floor(u * (levels - 1));
  return other < place ? other : other + 1;
}

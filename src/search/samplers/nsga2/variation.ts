/** Making a child of two parents, coordinate by coordinate, in points of the codecs. */

import type { Codec } from '../../columns/codec.js';
import type { Table } from '../../columns/table.js';
import type { Rng } from '../../math/rng.js';

/**
 * One of the two children of simulated binary crossover, at random; within [0, 1]. The larger `eta`, the closer to the parents.
 * @source Deb, Agrawal, Complex Systems 9 (1995), with bounds: Deb et al. 2002's code.
 */
export function crossNumbers(a: number, b: number, eta: number, rng: Rng): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  const u = rng.next();
  const isLower = rng.next() < 0.5;
  if (high - low < 1e-14) return a;
  // How far the nearer bound lets the spread go.
  const room = 1 + (2 * (isLower ? low : 1 - high)) / (high - low);
  const alpha = 2 - room ** -(eta + 1);
  const spread = u <= 1 / alpha ? (u * alpha) ** (1 / (eta + 1)) : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
  const child = 0.5 * (low + high + (isLower ? -1 : 1) * spread * (high - low));
  return Math.min(1, Math.max(0, child));
}

/**
 * Polynomial mutation within [0, 1].
 * @source Deb, Goyal, Computer Science and Informatics 26 (1996), with bounds: Deb et al. 2002's code.
 */
export function mutateNumber(x: number, eta: number, rng: Rng): number {
  const u = rng.next();
  const power = 1 / (eta + 1);
  const shift =
    u < 0.5
      ? (2 * u + (1 - 2 * u) * (1 - x) ** (eta + 1)) ** power - 1
      : 1 - (2 * (1 - u) + 2 * (u - 0.5) * x ** (eta + 1)) ** power;
  return Math.min(1, Math.max(0, x + shift));
}

/** One over how many parameters of a trial can change: those that are active there and have more than one value. */
export function mutationChance(table: Table, row: number): number {
  const { active } = table.regimes[table.regimeOf[row] as number] ?? { active: [] };
  return 1 / Math.max(1, active.filter((j) => (table.codecs[j]?.levels ?? 1) > 1).length);
}

/** Another point of the parameter near this one: of choices any other, on a grid at least a cell away. */
export function mutate(codec: Codec, point: number, eta: number, rng: Rng): number {
  const { levels } = codec;
  if (levels === 1) return point;
  if (codec.isUnordered) return (point + 1 + Math.floor(rng.next() * (levels - 1))) % levels;
  const moved = mutateNumber(point, eta, rng);
  if (levels === Infinity) return moved;

  const landed = codec.pointOf(codec.valueAt(moved));
  if (landed !== point) return landed;
  const isUp = moved === point ? rng.next() < 0.5 : moved > point;
  return neighbour(codec, point, isUp) ?? neighbour(codec, point, !isUp) ?? point;
}

/** The point of the next cell that way, or null at the end. */
function neighbour(codec: Codec, point: number, isUp: boolean): number | null {
  const { parameter, levels } = codec;
  const value = codec.valueAt(point);
  // Cells of a logarithmic range differ in width: step by value there, by cell elsewhere.
  const next =
    parameter.kind === 'int' && parameter.log
      ? codec.pointOf(Number(value) + (isUp ? 1 : -1))
      : point + (isUp ? 1 : -1) / levels;
  return next > 0 && next < 1 ? codec.pointOf(codec.valueAt(next)) : null;
}

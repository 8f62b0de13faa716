/** Looks for values that satisfy every constraint of a space where drawing at random meets none. */

import type { Rng } from '../math/rng.js';
import { SOBOL_DIMENSIONS, sobolPoint } from '../math/sobol.js';
import { brokenConstraints, constrainedNames, constraintViolation, excessOf, nameOf, numberOf } from './constraint.js';
import { drawOrder } from './draw-order.js';
import { walkCells } from './find-cell.js';
import { levelAt, levelCount, levelsOf } from './levels.js';
import type { Constraint, Parameter, Params, SearchSpace } from './parameter.js';
import { fromPoint, toPoint } from './point.js';
import { InfeasibleError } from './space-error.js';
import { decode, encode } from './unit.js';

/** Partial cells of a finite space that are walked through when every descent fails. */
const MOST_WALKED = 100_000;
const STARTS = 20;
const STEPS = 200;
/** Parameters with so few values are tried at each of them. */
const FEW_LEVELS = 16;
const RANDOM_TRIES = 4;
/** Share of steps that move any parameter, not one that a broken constraint is about: parents may have to change. */
const STRAY = 0.2;

/** The best that was found; feasible when `violation` is 0. */
export interface Nearest {
  readonly point: Float64Array; // [d], in draw order
  readonly params: Params;
  readonly violation: number;
}

/**
 * Descends on the total violation from 20 Sobol points, 200 steps of one coordinate each, towards a point that satisfies all.
 * A step picks a broken constraint and one of its parameters, and keeps the best of: where a linear constraint becomes tight, both
 * ends, every value if few, some at random; moves that change nothing are kept, which crosses plateaus.
 * Where that fails, the first cells of a finite space are walked through.
 */
export function findFeasible(space: SearchSpace, rng: Rng): Nearest {
  let best: Nearest | null = null;
  const seed = Math.floor(rng.next() * 2 ** 32);
  for (let start = 0; start < STARTS; start++) {
    const point = Float64Array.from(drawOrder(space), (_, j) =>
      j < SOBOL_DIMENSIONS ? sobolPoint(start, j, seed) : rng.next(),
    );
    const found = descend(space, point, rng);
    if (best === null || found.violation < best.violation) best = found;
    if (found.violation === 0) return found;
  }
  return firstCell(space) ?? (best as Nearest); // There is at least one start.
}

/** A feasible point. @throws InfeasibleError SPACE_INFEASIBLE naming the constraints when none was found. */
export function requireFeasible(space: SearchSpace, rng: Rng): Float64Array {
  const { point, params, violation } = findFeasible(space, rng);
  if (violation === 0) return point;
  throw new InfeasibleError(brokenConstraints(space, params), (space.constraints ?? []).map(nameOf));
}

/** The first cell that a walk through a finite space meets: it finds what no descent leads to. */
function firstCell(space: SearchSpace): Nearest | null {
  if (space.parameters.some((parameter) => levelCount(parameter) === Infinity)) return null;
  let first: Params | null = null;
  const visit = (params: Params) => {
    first = params;
    return false;
  };
  walkCells(space, levelsOf, visit, MOST_WALKED);
  const middle = new Float64Array(space.parameters.length).fill(0.5);
  return first === null ? null : { point: toPoint(space, first, middle), params: first, violation: 0 };
}

function descend(space: SearchSpace, start: Float64Array, rng: Rng): Nearest {
  const order = drawOrder(space);
  let here = nearestAt(space, start);
  for (let step = 0; step < STEPS && here.violation > 0; step++) {
    const broken = (space.constraints ?? []).filter((constraint) => excessOf(constraint, here.params) > 0);
    const constraint = broken[Math.floor(rng.next() * broken.length)];
    const names = constraint === undefined || rng.next() < STRAY ? null : constrainedNames(constraint);
    const movable = order.flatMap(({ name }, j) => (names === null || names.includes(name) ? [j] : []));
    const j = movable[Math.floor(rng.next() * movable.length)] ?? 0;
    const parameter = order[j];
    if (parameter === undefined) continue;

    const moves = candidates(parameter, broken, here.params, rng).map((u) => {
      const point = here.point.slice();
      point[j] = u;
      return nearestAt(space, point);
    });
    const better = moves.reduce((least, move) => (move.violation < least.violation ? move : least));
    if (better.violation <= here.violation) here = better;
  }
  return here;
}

function nearestAt(space: SearchSpace, point: Float64Array): Nearest {
  const params = fromPoint(space, point);
  return { point, params, violation: constraintViolation(space, params) };
}

/** Coordinates worth trying for one parameter. */
function candidates(parameter: Parameter, broken: readonly Constraint[], params: Params, rng: Rng): readonly number[] {
  const count = levelCount(parameter);
  if (count <= FEW_LEVELS) return Array.from({ length: count }, (_, k) => encode(parameter, levelAt(parameter, k)));
  const tight = broken.flatMap((constraint) => {
    const a = constraint.kind === 'linear' ? (constraint.coefficients[parameter.name] ?? 0) : 0;
    if (a === 0) return [];
    const wanted = numberOf(params[parameter.name]) - excessOf(constraint, params) / a;
    return [coordinateOf(parameter, wanted, a > 0 ? 'below' : 'above')];
  });
  return [...tight, 0, 1, ...Array.from({ length: RANDOM_TRIES }, () => rng.next())];
}

/** The coordinate of the value nearest to `wanted` on that side of it, or the end when there is none. */
function coordinateOf(parameter: Parameter, wanted: number, side: 'below' | 'above'): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    const value = numberOf(decode(parameter, middle));
    if (side === 'below' ? value <= wanted : value < wanted) low = middle;
    else high = middle;
  }
  return side === 'below' ? low : high;
}

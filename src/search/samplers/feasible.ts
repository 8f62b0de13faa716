/** Makes every proposal satisfy the constraints of the space, whatever method made it: the one place where they are enforced. */

import type { History } from '../history.js';
import type { Rng } from '../math/rng.js';
import { cells } from '../space/cells.js';
import { isFeasible } from '../space/constraint.js';
import { drawOrder } from '../space/draw-order.js';
import { requireFeasible } from '../space/find-feasible.js';
import type { Params, SearchSpace } from '../space/parameter.js';
import { fromPoint, toPoint } from '../space/point.js';
import { isLegal } from '../space/validate-params.js';
import type { Suggested } from './proposal.js';
import { drawUniform } from './uniform.js';
import { drawUnseen, type Spent, spentPoints } from './unseen.js';

const MOST_DRAWS = 1_000;
const BISECTIONS = 20;
const SHRINKS = 20;
const MOVES_PER_PARAMETER = 10;

/**
 * The suggestion itself when it satisfies the constraints. Otherwise what a model wants is drawn back towards the nearest feasible
 * point known; anything else is drawn anew: up to 1,000 times, then by a random walk from a feasible point. Null stays null.
 * @throws InfeasibleError SPACE_INFEASIBLE when no feasible point was found.
 */
export function keepConstraints(history: History, suggestion: Suggested | null, rng: Rng): Suggested | null {
  const { space } = history;
  if (space.constraints === undefined) return suggestion;
  if (suggestion !== null && isFeasible(space, suggestion.params)) return suggestion;

  const draws = rng.fork('feasible');
  const kept = suggestion === null ? null : replace(history, suggestion, draws);
  // Nothing left, unless there never was anything.
  if (kept === null && !history.trials.some((trial) => isLegal(space, trial.params))) requireFeasible(space, draws);
  return kept;
}

function replace(history: History, suggestion: Suggested, draws: Rng): Suggested | null {
  const spent = spentPoints(history);
  const { phase } = suggestion.explanation;
  if (phase === 'EXPLORE' || phase === 'EXPLOIT') {
    const params = repair(history, suggestion.params, spent, draws);
    if (params !== null) return { ...suggestion, params, explanation: { phase, reason: MOVED } };
  }
  const params = drawFeasible(history, spent, draws);
  return params === null
    ? null
    : { ...suggestion, params, explanation: { phase: phase === 'STARTUP' ? phase : 'RANDOM' } };
}

const MOVED = 'The model preferred a point that breaks a constraint: this is the nearest on the way to a feasible one.';

/** By rejection, else by a walk from a feasible point; null when a finite space is exhausted. */
function drawFeasible(history: History, spent: Spent, rng: Rng): Params | null {
  const { space } = history;
  for (let i = 0; i < MOST_DRAWS; i++) {
    const params = drawUniform(space, rng);
    if (!spent.has(params)) return params;
  }
  if (cells(space) < Infinity) {
    const params = drawUnseen(space, spent, () => drawUniform(space, rng), rng);
    if (params === null || !spent.has(params)) return params;
  }
  // Nearest to anywhere: walks begin all over what is known.
  const target = Float64Array.from(drawOrder(space), () => rng.next());
  return walk(space, feasiblePoint(history, target, rng), spent, rng);
}

/** Draws a proposal back to the border of what is feasible, or near to it where that is spent; null when it cannot. */
function repair(history: History, params: Params, spent: Spent, rng: Rng): Params | null {
  const { space } = history;
  const fill = Float64Array.from(drawOrder(space), () => rng.next());
  const target = toPoint(space, params, fill);
  let feasible = feasiblePoint(history, target, rng);
  let beyond = target;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = feasible.map((u, j) => (u + (beyond[j] ?? u)) / 2);
    if (isFeasible(space, fromPoint(space, middle))) feasible = middle;
    else beyond = middle;
  }
  const repaired = fromPoint(space, feasible);
  return spent.has(repaired) ? nearby(space, feasible, spent, rng) : repaired;
}

/** A point that is not spent in a box around this one, which grows until it holds one; null when the whole cube does not. */
function nearby(space: SearchSpace, here: Float64Array, spent: Spent, rng: Rng): Params | null {
  for (let width = 0.01; width < 2; width *= 1.1) {
    const point = here.map((u) => Math.min(1, Math.max(0, u + width * (rng.next() - 0.5))));
    const params = fromPoint(space, point);
    if (!spent.has(params)) return params;
  }
  return null;
}

/** The point of the known feasible trial nearest to the target, ties by number; when there is none, one that a search finds. */
function feasiblePoint(history: History, target: Float64Array, rng: Rng): Float64Array {
  const { space } = history;
  let [nearest, least, number]: [Float64Array | null, number, number] = [null, Infinity, Infinity];
  for (const trial of history.trials) {
    if (!isLegal(space, trial.params)) continue;
    const point = toPoint(space, trial.params, target);
    const distance = point.reduce((sum, u, j) => sum + (u - (target[j] ?? u)) ** 2, 0);
    if (distance < least || (distance === least && trial.number < number)) {
      [nearest, least, number] = [point, distance, trial.number];
    }
  }
  return nearest ?? requireFeasible(space, rng);
}

/**
 * A point that is reached from a feasible one by moves along random chords of the cube, each shrunk towards where it began
 * while it would leave what is feasible. Ends early only where every move does.
 * @source hit and run (Smith, Operations Research 32, 1984), with the shrinking of Neal's slice sampler (2003).
 */
function walk(space: SearchSpace, from: Float64Array, spent: Spent, rng: Rng): Params {
  let here = from;
  let unspent: Params | null = null;
  for (let move = 0; move < MOVES_PER_PARAMETER * from.length; move++) {
    const next = moveAlongChord(space, here, rng);
    if (next === null) continue;
    here = next;
    const params = fromPoint(space, here);
    if (!spent.has(params)) unspent = params;
  }
  return unspent ?? fromPoint(space, here);
}

function moveAlongChord(space: SearchSpace, here: Float64Array, rng: Rng): Float64Array | null {
  // Along one axis every other time: choices then change one by one.
  const axis = rng.next() < 0.5 ? Math.floor(rng.next() * here.length) : null;
  const direction = here.map((_, j) => (axis === null || axis === j ? rng.next() - rng.next() : 0)); // [d]
  let [low, high] = [-Infinity, Infinity];
  for (let j = 0; j < here.length; j++) {
    const [u, v] = [here[j] ?? 0, direction[j] ?? 0];
    if (v === 0) continue;
    low = Math.max(low, Math.min(-u / v, (1 - u) / v));
    high = Math.min(high, Math.max(-u / v, (1 - u) / v));
  }
  for (let i = 0; i <= SHRINKS; i++) {
    const t = low + rng.next() * (high - low);
    const point = here.map((u, j) => Math.min(1, Math.max(0, u + t * (direction[j] ?? 0))));
    if (isFeasible(space, fromPoint(space, point))) return point;
    if (t < 0) low = t;
    else high = t;
  }
  return null;
}

/**
 * Where a curve is going, step by step, as others went on from there. A trial is let go on or not by what it has shown so far,
 * and each law is of what comes next given just that: so trials that were stopped on the way teach without misleading, where a
 * law from here to the end could be learnt from survivors only.
 */

import { factorFrom } from '../../math/cholesky.js';
import { solveBackward, solveForward } from '../../math/triangular.js';

/** Others count for a half at this distance, in scores. */
const NEAR = 0.6;
/** The one so many before the newest counts for half of that: a sampler that learns changes what is usual. */
const YOUNG = 10;
/** Trials' worth of belief that what is ahead stays ahead by as much. */
const RIDGE = 0.05;
/** Trials' worth of belief in this variance of a move, in scores: few that agree do not make it certain. */
const [BELIEF, USUAL] = [2, 0.02];

/** A normal law of the score at the end. */
export interface Outlook {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The end of a curve that had the scores `own` [1 … steps] so far, as the others [steps + 1 each, NaN where not known; the
 * newest first] moved on from about there: at each step a weighted linear law of the next move by the place and the last move.
 * O(n) in the others for each step left.
 * @source Anderson, JASA 52 (1957): the likelihood of monotone missing data, as a product of such regressions.
 */
export function outlookOf(own: Float64Array, others: readonly Float64Array[]): Outlook {
  const steps = (others[0]?.length ?? 1) - 1;
  let place = own.at(-1) ?? 0;
  let move = own.length > 1 ? place - (own.at(-2) ?? 0) : 0;
  // Covariance of place and move about their means.
  let [ofPlace, ofBoth, ofMove] = [0, 0, 0];
  for (let step = own.length - 1; step < steps; step++) {
    const { drift, byPlace, byMove, variance } = lawOf(step, place, move, others);
    const kept = 1 + byPlace;
    const moved = byPlace * byPlace * ofPlace + 2 * byPlace * byMove * ofBoth + byMove * byMove * ofMove + variance;
    const both = kept * byPlace * ofPlace + (kept * byMove + byPlace * byMove) * ofBoth + byMove * byMove * ofMove;
    const placed = kept * kept * ofPlace + 2 * kept * byMove * ofBoth + byMove * byMove * ofMove + variance;
    [ofPlace, ofBoth, ofMove] = [placed, both + variance, moved];
    place += drift;
    move = drift;
  }
  return { mean: place, deviation: Math.sqrt(ofPlace) };
}

/** move = drift + byPlace (place - here) + byMove (last move - its mean) + a normal deviation. */
interface Law {
  readonly drift: number;
  readonly byPlace: number;
  readonly byMove: number;
  readonly variance: number;
}

/** When nobody went on from the step: anything may come. */
const UNKNOWN: Law = { drift: 0, byPlace: 0, byMove: 0, variance: 1 };

function lawOf(step: number, place: number, move: number, others: readonly Float64Array[]): Law {
  const normal = new Float64Array(9); // [3, 3], the lower triangle
  const right = new Float64Array(3);
  let weights = 0;
  visit((weight, p, m, next) => {
    weights += weight;
    add(normal, 3, weight * p);
    add(normal, 4, weight * p * p);
    add(normal, 6, weight * m);
    add(normal, 7, weight * m * p);
    add(normal, 8, weight * m * m);
    add(right, 0, weight * next);
    add(right, 1, weight * p * next);
    add(right, 2, weight * m * next);
  });
  if (weights === 0) return UNKNOWN;
  normal[0] = weights;
  add(normal, 4, RIDGE);
  add(normal, 8, RIDGE);
  const factor = { entries: normal, stride: 3, size: 3 };
  if (!factorFrom(factor, 0)) return UNKNOWN;

  const solve = (column: Float64Array) => {
    solveForward(factor, { entries: column, offset: 0, stride: 3, count: 1 });
    solveBackward(factor, column);
    return [column[0] ?? 0, column[1] ?? 0, column[2] ?? 0] as const;
  };
  const [drift, byPlace, byMove] = solve(right);
  // How little is known of the drift itself, in trials: more where others are far off.
  const [doubt] = solve(Float64Array.of(1, 0, 0));
  let squares = BELIEF * USUAL;
  visit((weight, p, m, next) => {
    const rest = next - drift - byPlace * p - byMove * m;
    squares += weight * rest * rest;
  });
  return { drift, byPlace, byMove, variance: (squares / (weights + BELIEF)) * (1 + doubt) };

  /** All that went on from the step: by their weight, place and last move about here, and what came next. */
  function visit(see: (weight: number, place: number, move: number, next: number) => void): void {
    others.forEach((curve, age) => {
      const there = curve[step] as number;
      const next = (curve[step + 1] as number) - there;
      if (Number.isNaN(next)) return;
      const before = step > 0 ? there - (curve[step - 1] as number) - move : 0;
      const gap = (there - place) / NEAR;
      see(1 / ((1 + gap * gap) * (1 + age / YOUNG)), there - place, Number.isNaN(before) ? 0 : before, next);
    });
  }
}

function add(target: Float64Array, at: number, value: number): void {
  target[at] = (target[at] as number) + value;
}

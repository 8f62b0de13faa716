/** The search for the point of greatest acquisition: many starts, smooth steps where values are dense, exchanges elsewhere. */

import { minimiseInBox } from '../../math/minimise-in-box.js';
import type { Rng } from '../../math/rng.js';
import type { Acquisition } from './acquisition.js';
import { type Axis, type Features, levelAtPlace, placeOf, snap, writeRow } from './features.js';

/** An axis with more values is first moved as if it had all of [0, 1]. */
const DENSE = 16;
const MOST_SWEEPS = 5;
const MOST_EXCHANGES = 20;

export interface Scored {
  readonly point: Float64Array;
  readonly score: number;
}

/** Limits of the ordered axes, in their places: [axes] each. Those of unordered ones are not read. */
export interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface Climb {
  readonly features: Features;
  readonly acquisition: Acquisition;
  /** Of the numeric columns, in shares of the range. */
  readonly lengths: Float64Array;
  /** The search stays inside; absent: all of the space. */
  readonly box?: Box;
  /** Told of every point that was scored where values are finitely many. */
  readonly visit: (scored: Scored) => void;
}

/** How long a smooth move goes on. */
export interface Effort {
  readonly mostEvaluations: number;
  /** It ends when a step gains less. */
  readonly valueTolerance: number;
}

/** The acquisition at some points. */
export function scoreAll({ features, acquisition }: Climb, points: readonly Float64Array[]): Float64Array {
  const rows = new Float64Array(points.length * features.width);
  points.forEach((point, i) => {
    writeRow(features, point, rows, i * features.width);
  });
  return acquisition.scores(rows, points.length);
}

/** Up to `count` starts: the best candidate, then some drawn by exp(score - best), all different. */
export function chooseStarts(candidates: readonly Scored[], count: number, rng: Rng): readonly Scored[] {
  const left = [...candidates].sort((a, b) => b.score - a.score);
  const top = left[0]?.score ?? 0;
  const chosen = left.splice(0, 1);
  const weights = left.map(({ score }) => Math.exp(score - top));
  while (chosen.length < count && left.length > 0) {
    let mark = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => {
      mark -= weight;
      return mark < 0;
    });
    chosen.push(...left.splice(Math.max(0, at), 1));
    weights.splice(Math.max(0, at), 1);
  }
  return chosen;
}

/** The local best reached from a start. */
export function climb(task: Climb, start: Scored, effort: Effort): Scored {
  const { axes } = task.features;
  const isDense = (axis: Axis) => !axis.isUnordered && axis.levels > DENSE;
  const dense = axes.flatMap((axis, a) => (isDense(axis) ? [a] : []));
  const listed = axes.flatMap((axis, a) => (axis.levels < Infinity ? [a] : []));
  let current = start;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const before = current.score;
    if (dense.length > 0) current = moveSmoothly(task, current, dense, effort);
    if (listed.length === 0) break;
    const exchanged = exchange(task, current, listed);
    const hasMoved = exchanged !== current;
    current = exchanged;
    if (dense.length === 0 || !hasMoved || current.score - before < 1e-6) break;
  }
  return current;
}

/** L-BFGS over the dense axes that are active, in units of their lengths, the others held. */
function moveSmoothly(task: Climb, start: Scored, dense: readonly number[], effort: Effort): Scored {
  const { features, acquisition, lengths, box } = task;
  const row = new Float64Array(features.width);
  writeRow(features, start.point, row, 0);
  const moving = dense
    .map((a) => ({ a, axis: features.axes[a] as Axis })) // Below the length.
    .filter(({ axis }) => axis.inactiveColumn < 0 || row[axis.inactiveColumn] === 0);
  if (moving.length === 0) return start;

  const scales = Float64Array.from(
    moving,
    ({ axis }) => 1 / Math.min(2, Math.max(0.02, lengths[axis.column] as number)),
  );
  const slopes = new Float64Array(features.width);
  const found = minimiseInBox({
    start: Float64Array.from(moving, ({ a }, j) => (start.point[a] as number) * (scales[j] as number)),
    lower: Float64Array.from(moving, ({ a }, j) => (box?.low[a] ?? 0) * (scales[j] as number)),
    upper: Float64Array.from(moving, ({ a }, j) => (box?.high[a] ?? 1) * (scales[j] as number)),
    evaluate: (x, gradient) => {
      for (let j = 0; j < moving.length; j++) {
        row[(moving[j] as { axis: Axis }).axis.column] = (x[j] as number) / (scales[j] as number);
      }
      const score = acquisition.scoreWithSlopes(row, slopes);
      for (let j = 0; j < moving.length; j++) {
        gradient[j] = -(slopes[(moving[j] as { axis: Axis }).axis.column] as number) / (scales[j] as number);
      }
      return -score;
    },
    ...effort,
    firstMove: 0.1,
    gradientTolerance: 1e-3,
  });

  const point = start.point.slice();
  moving.forEach(({ a, axis }, j) => {
    point[a] = snap(axis, (found.x[j] as number) / (scales[j] as number));
  });
  const [score = -Infinity] = scoreAll(task, [point]);
  const moved = { point, score };
  task.visit(moved);
  return score > start.score ? moved : start;
}

/** The best of all points that differ in one listed place, again and again until none is better. */
function exchange(task: Climb, start: Scored, listed: readonly number[]): Scored {
  let current = start;
  for (let round = 0; round < MOST_EXCHANGES; round++) {
    const neighbours = listed.flatMap((a) => exchanges(task, current.point, a));
    const scores = scoreAll(task, neighbours);
    let best = current;
    neighbours.forEach((point, i) => {
      const scored = { point, score: scores[i] as number };
      task.visit(scored);
      if (scored.score > best.score + 1e-9) best = scored;
    });
    if (best === current) break;
    current = best;
  }
  return current;
}

/** All other values of an axis when they are few, else the nearest and some on the way to the ends; those inside the box. */
function exchanges({ features, box }: Climb, point: Float64Array, a: number): readonly Float64Array[] {
  const axis = features.axes[a] as Axis;
  const from = levelAtPlace(axis, point[a] as number);
  const places = otherLevels(axis, from).map((level) => placeOf(axis, level));
  const isInside = (place: number) =>
    box === undefined || axis.isUnordered || (place >= (box.low[a] as number) && place <= (box.high[a] as number));
  return places.filter(isInside).map((place) => {
    const other = point.slice();
    other[a] = place;
    return other;
  });
}

function otherLevels({ levels, isUnordered }: Axis, from: number): readonly number[] {
  if (levels <= DENSE || isUnordered) return Array.from({ length: levels }, (_, k) => k).filter((k) => k !== from);
  const others = new Set<number>();
  for (let gap = 1; gap < levels; gap *= gap < 4 ? 2 : 4) {
    if (from - gap >= 0) others.add(from - gap);
    if (from + gap < levels) others.add(from + gap);
  }
  return [...others];
}

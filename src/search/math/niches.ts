/** Which of many vectors of objectives spread over all directions in which a front can be met: for more than three of them. */

import type { Values } from './fronts.js';

/** How much an objective beside its own counts against a vector that is to be the end of an axis. */
const ASIDE = 1e6;

/** Every vector with its place among the directions. */
export interface Niches {
  /** Place of the nearest direction. [n] */
  readonly nearest: Int32Array;
  /** Perpendicular distance from it, in shares of the front. [n] */
  readonly distances: Float64Array;
}

/**
 * All vectors of so many entries >= 0 that are multiples of 1 / divisions and sum to 1; binomial(objectives + divisions - 1,
 * divisions) of them; none without objectives.
 * @source Das and Dennis, SIAM J. Optimization 8 (1998).
 */
export function evenDirections(objectives: number, divisions: number): readonly Values[] {
  const extend = (head: readonly number[], left: number): readonly Values[] => {
    if (head.length === objectives - 1) return [[...head, left / divisions]];
    return Array.from({ length: left + 1 }, (_, k) => extend([...head, k / divisions], left - k)).flat();
  };
  return objectives < 1 ? [] : extend([], divisions);
}

/**
 * The nearest direction of each vector, once the best of all is the origin and the plane through the ends of the axes cuts each at
 * 1. Values are finite and minimised. O(n directions m).
 * @source Deb and Jain, IEEE TEVC 18 (2014), algorithms 2 and 3.
 */
export function nichesOf(vectors: readonly Values[], directions: readonly Values[]): Niches {
  const nearest = new Int32Array(vectors.length);
  const distances = new Float64Array(vectors.length);
  const lengths = directions.map((direction) => direction.reduce((sum, w) => sum + w * w, 0));
  normalised(vectors).forEach((vector, i) => {
    const square = vector.reduce((sum, x) => sum + x * x, 0);
    let least = Infinity;
    directions.forEach((direction, at) => {
      const along = vector.reduce((sum, x, o) => sum + x * (direction[o] as number), 0);
      const gap = square - (along * along) / (lengths[at] as number);
      if (gap >= least) return;
      least = gap;
      nearest[i] = at;
    });
    distances[i] = Math.sqrt(Math.max(0, least));
  });
  return { nearest, distances };
}

/**
 * `size` of the candidates, each once: again and again of the direction that fewest chosen ones are near, the nearest to it;
 * ties go to the lower place. `chosen` are in already. Indices into `niches`.
 * @source Deb and Jain 2014, algorithm 4, with the nearest in place of a random one.
 */
export function fillNiches(
  { nearest, distances }: Niches,
  chosen: readonly number[],
  candidates: readonly number[],
  size: number,
): readonly number[] {
  const counts = new Map<number, number>();
  const crowdOf = (i: number) => counts.get(nearest[i] as number) ?? 0;
  const enter = (i: number) => counts.set(nearest[i] as number, crowdOf(i) + 1);
  for (const i of chosen) enter(i);
  const left = [...candidates];
  const picked: number[] = [];
  const compare = (i: number, j: number) =>
    crowdOf(i) - crowdOf(j) ||
    (nearest[i] as number) - (nearest[j] as number) ||
    (distances[i] as number) - (distances[j] as number) ||
    i - j;
  while (picked.length < size && left.length > 0) {
    const best = left.reduce((a, b) => (compare(b, a) < 0 ? b : a));
    left.splice(left.indexOf(best), 1);
    enter(best);
    picked.push(best);
  }
  return picked;
}

/** The best of each objective at 0, and where the plane through the ends cuts its axis at 1; the worst, where it cuts none. */
function normalised(vectors: readonly Values[]): readonly Values[] {
  const [first = []] = vectors;
  const ideal = first.map((_, o) => vectors.reduce((least, vector) => Math.min(least, vector[o] as number), Infinity));
  const moved = vectors.map((vector) => vector.map((x, o) => x - (ideal[o] as number)));
  const ends = ideal.map((_, o) => endOf(moved, o));
  const plane = solve(
    ends,
    ideal.map(() => 1),
  );
  const spans = ideal.map((_, o) => {
    const span = 1 / (plane?.[o] ?? 0);
    const worst = moved.reduce((most, vector) => Math.max(most, vector[o] as number), 0);
    return (span > 0 && span <= worst ? span : worst) || 1;
  });
  return moved.map((vector) => vector.map((x, o) => x / (spans[o] as number)));
}

/** The vector that lies most along an axis. */
function endOf(moved: readonly Values[], axis: number): Values {
  const aside = (vector: Values) => Math.max(...vector.map((x, o) => (o === axis ? x : ASIDE * x)));
  return moved.reduce((best, vector) => (aside(vector) < aside(best) ? vector : best), moved[0] ?? []);
}

/** The solution of a small linear system by elimination with pivots; null when it has none. Rows [m][m]. */
function solve(rows: readonly Values[], right: Values): Values | null {
  const m = rows.length;
  const work = rows.map((row, i) => [...row, right[i] as number]);
  for (let j = 0; j < m; j++) {
    const below = work.slice(j).reduce((a, b) => (Math.abs(b[j] as number) > Math.abs(a[j] as number) ? b : a));
    const at = work.indexOf(below);
    [work[j], work[at]] = [below, work[j] as number[]];
    if (!(Math.abs(below[j] as number) > 1e-12)) return null;
    work.forEach((row, i) => {
      if (i === j) return;
      const factor = (row[j] as number) / (below[j] as number);
      for (let k = j; k <= m; k++) row[k] = (row[k] as number) - factor * (below[k] as number);
    });
  }
  return work.map((row, j) => (row[m] as number) / (row[j] as number));
}

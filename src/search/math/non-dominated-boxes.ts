/** What a front leaves undominated, cut into boxes: two or three objectives, all minimised. */

import type { Values } from './fronts.js';

/** Disjoint boxes whose union is all that is better than the reference in every objective and that no point dominates. */
export interface Boxes {
  readonly count: number;
  /** Where boxes begin or end, by objective: ascending, each once, from -Infinity to the reference. [m][e] */
  readonly edges: readonly Float64Array[];
  /** Places of the lower and upper ends among the edges, by objective. [m][count] */
  readonly lower: readonly Int32Array[];
  readonly upper: readonly Int32Array[];
}

/** A strip of the plane of the first two objectives, up to where the next begins and below `top`, free from the depth `since` on. */
interface Column {
  readonly left: number;
  readonly top: number;
  readonly since: number;
}

type Box = readonly [lower: Values, upper: Values];

/**
 * The boxes of a front and a finite reference: one more than its points in two objectives, at most one more than twice as many
 * in three. Points may be dominated, repeated or beyond the reference: those change nothing. O(n^2), O(n log n) where few
 * points cover one another.
 * @source Lacour, Klamroth, Fonseca, Computers & Operations Research 2017, and Yang et al. J. Global Optimization 2019: as many boxes.
 */
export function nonDominatedBoxes(points: readonly Values[], reference: Values): Boxes {
  const [endX = 0, endY = 0, endZ = Infinity] = reference;
  const inside = points.filter((point) => point.every((value, o) => value < (reference[o] as number)));
  // Two objectives lie at one depth: all strips end there, and only the last ones have any.
  const depthOf = ([, , z = -Infinity]: Values) => z;
  const sorted = [...inside].sort((a, b) => (depthOf(a) === depthOf(b) ? 0 : depthOf(a) - depthOf(b)));

  const boxes: Box[] = [];
  const columns: Column[] = [{ left: -Infinity, top: endY, since: -Infinity }];
  const close = ({ left, top, since }: Column, right: number, depth: number) => {
    if (!(depth > since && right > left)) return;
    boxes.push([
      [left, -Infinity, since],
      [right, top, depth],
    ]);
  };
  for (const point of sorted) {
    const [x = 0, y = 0] = point;
    const at = lastUpTo(columns, x);
    const over = columns[at] as Column; // The first begins at -Infinity.
    if (over.top <= y) continue;
    let to = at;
    for (; to < columns.length && (columns[to] as Column).top > y; to++) {
      const column = columns[to] as Column;
      close({ ...column, left: Math.max(column.left, x) }, columns[to + 1]?.left ?? endX, depthOf(point));
    }
    const covered = { left: x, top: y, since: depthOf(point) };
    columns.splice(at, to - at, ...(over.left < x ? [over, covered] : [covered]));
  }
  for (const [i, column] of columns.entries()) close(column, columns[i + 1]?.left ?? endX, endZ);
  return indexed(boxes, reference.length);
}

/** The last column that begins at x or before. */
function lastUpTo(columns: readonly Column[], x: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((columns[middle] as Column).left <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function indexed(boxes: readonly Box[], objectives: number): Boxes {
  const dimensions = Array.from({ length: objectives }, (_, o) => o);
  const edges = dimensions.map((o) => {
    const all = new Set([-Infinity, ...boxes.flatMap(([lower, upper]) => [lower[o] as number, upper[o] as number])]);
    return Float64Array.from(all).sort();
  });
  const places = edges.map((list) => new Map([...list].map((edge, i) => [edge, i])));
  const placesOf = (end: 0 | 1) =>
    dimensions.map((o) => Int32Array.from(boxes, (box) => places[o]?.get(box[end][o] as number) ?? 0));
  return { count: boxes.length, edges, lower: placesOf(0), upper: placesOf(1) };
}

/** The volume that points dominate up to a reference point; all objectives minimised. */

import { frontsOf, type Values } from './fronts.js';

/** The reference that stands for a front's worst values w: max(1.1 w, 0.9 w) each, 1e-12 in place of 0; finite. */
export function referenceOf(points: readonly Values[]): Values {
  const [first = []] = points;
  return first.map((_, o) => {
    const worst = points.reduce((most, point) => Math.max(most, point[o] as number), -Infinity);
    return Math.min(Number.MAX_VALUE, Math.max(1.1 * worst, 0.9 * worst)) || 1e-12;
  });
}

/**
 * Volume of the union of the boxes from each point to the reference; what is not better than the reference in every objective
 * adds nothing. O(n log n) for two and, but for moving stairs, three objectives; n times as much for each one more.
 * @source two and three: sweeps; beyond: While, Bradstreet, Barone, IEEE TEVC 2012 (WFG).
 */
export function hypervolume(points: readonly Values[], reference: Values): number {
  const inside = points.filter((point) => point.every((value, o) => value < (reference[o] as number)));
  if (inside.length === 0) return 0;
  switch (reference.length) {
    case 1:
      return (reference[0] as number) - Math.min(...inside.map(([value]) => value as number));
    case 2:
      return area(inside, reference);
    case 3:
      return volume(inside, reference);
    default:
      return wfg(inside, reference);
  }
}

/** What the union would lose without each point; 0 for dominated and for repeated points. [n] */
export function contributions(points: readonly Values[], reference: Values): Float64Array {
  return Float64Array.from(points, (point, i) => {
    const others = points.filter((_, j) => j !== i);
    return exclusive(point, others, reference);
  });
}

/** The volume that a point adds to that of others. */
export function exclusive(point: Values, others: readonly Values[], reference: Values): number {
  let box = 1;
  for (let o = 0; o < point.length; o++) {
    const side = (reference[o] as number) - (point[o] as number);
    if (!(side > 0)) return 0;
    box *= side;
  }
  const shadows = others.map((other) => other.map((value, o) => Math.max(value, point[o] as number)));
  return Math.max(0, box - hypervolume(shadows, reference));
}

function area(points: readonly Values[], [endX = 0, endY = 0]: Values): number {
  const sorted = [...points].sort(([ax = 0, ay = 0], [bx = 0, by = 0]) => ax - bx || ay - by);
  let sum = 0;
  let lowest = endY;
  for (const [x = 0, y = 0] of sorted) {
    if (y >= lowest) continue;
    sum += (endX - x) * (lowest - y);
    lowest = y;
  }
  return sum;
}

/** Slices along the third objective; the points met so far cover a staircase in the plane of the others. */
function volume(points: readonly Values[], [endX = 0, endY = 0, endZ = 0]: Values): number {
  const sorted = [...points].sort(([, , a = 0], [, , b = 0]) => a - b);
  const stairs: Stairs = { xs: [], ys: [] };
  let covered = 0;
  let sum = 0;
  sorted.forEach(([x = 0, y = 0, z = 0], i) => {
    covered += addStep(stairs, x, y, endX, endY);
    sum += covered * ((sorted[i + 1]?.[2] ?? endZ) - z);
  });
  return sum;
}

/** Corners that do not dominate each other: x ascending, y descending. */
interface Stairs {
  readonly xs: number[];
  readonly ys: number[];
}

/** Takes a corner in; the area that it adds. */
function addStep({ xs, ys }: Stairs, x: number, y: number, endX: number, endY: number): number {
  let from = 0;
  let high = xs.length;
  while (from < high) {
    const middle = (from + high) >>> 1;
    if ((xs[middle] as number) < x) from = middle + 1;
    else high = middle;
  }
  const isCovered = (from > 0 && (ys[from - 1] as number) <= y) || (xs[from] === x && (ys[from] as number) <= y);
  if (isCovered) return 0;

  let added = 0;
  let left = x;
  let top = from > 0 ? (ys[from - 1] as number) : endY;
  let to = from;
  for (; to < xs.length && (ys[to] as number) >= y; to++) {
    added += ((xs[to] as number) - left) * (top - y);
    left = xs[to] as number;
    top = ys[to] as number;
  }
  added += ((xs[to] ?? endX) - left) * (top - y);
  xs.splice(from, to - from, x);
  ys.splice(from, to - from, y);
  return added;
}

/**
 * Sum of what each point adds to those after it. The worst in the last objective come first: seen from one of them, those after
 * it differ in the other objectives only.
 */
function wfg(points: readonly Values[], reference: Values): number {
  const [front = []] = frontsOf(points, 1);
  const last = reference.length - 1;
  const sorted = unique(front.map((i) => points[i] as Values));
  sorted.sort((a, b) => (b[last] as number) - (a[last] as number));
  const heads = sorted.map((point) => point.slice(0, last));
  const end = reference.slice(0, last);
  return sorted.reduce((sum, point, i) => {
    const side = (reference[last] as number) - (point[last] as number);
    return sum + side * exclusive(heads[i] as Values, heads.slice(i + 1), end);
  }, 0);
}

function unique(points: readonly Values[]): Values[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const text = point.join(' ');
    return !seen.has(text) && seen.add(text);
  });
}

/** Sorting by domination: vectors of objectives, all minimised, finite, of equal length. */

/** One vector of objectives. [m] */
export type Values = readonly number[];

/** Whether a is nowhere worse than b and somewhere better. */
export function dominates(a: Values, b: Values): boolean {
  let isBetter = false;
  for (let o = 0; o < a.length; o++) {
    const [x, y] = [a[o] as number, b[o] as number];
    if (x > y) return false;
    if (x < y) isBetter = true;
  }
  return isBetter;
}

/**
 * Indices of the points front by front, the non-dominated first, ascending within a front; equal points share a front. Stops
 * after the front that reaches `enough` points. O(n log n) for two objectives, else O(n x points of the fronts).
 * @source Deb et al. 2002, section III-A; the sweep for two objectives: Jensen, IEEE TEVC 2003.
 */
export function frontsOf(points: readonly Values[], enough = points.length): readonly (readonly number[])[] {
  const order = [...points.keys()].sort((i, j) => lexicographically(points[i] as Values, points[j] as Values) || i - j);
  const fronts = (points[0]?.length ?? 0) <= 2 ? sweep(points, order, enough) : peel(points, order, enough);
  return fronts.map((front) => front.sort((i, j) => i - j));
}

function sweep(points: readonly Values[], order: readonly number[], enough: number): number[][] {
  const fronts: number[][] = [];
  const lasts: Values[] = []; // of each front; it alone decides whether the front dominates what comes
  for (const i of order) {
    const point = points[i] as Values;
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (dominates(lasts[middle] as Values, point)) low = middle + 1;
      else high = middle;
    }
    lasts[low] = point;
    const front = fronts[low];
    if (front === undefined) fronts.push([i]);
    else front.push(i);
  }
  return untilEnough(fronts, enough);
}

function peel(points: readonly Values[], order: readonly number[], enough: number): number[][] {
  const fronts: number[][] = [];
  let waiting = order;
  let found = 0;
  while (waiting.length > 0 && found < enough) {
    const front: number[] = [];
    // What is sorted later dominates nothing sorted before it.
    waiting = waiting.filter((i) => {
      const isDominated = front.some((j) => dominates(points[j] as Values, points[i] as Values));
      if (!isDominated) front.push(i);
      return isDominated;
    });
    fronts.push(front);
    found += front.length;
  }
  return fronts;
}

function untilEnough(fronts: number[][], enough: number): number[][] {
  let found = 0;
  const last = fronts.findIndex((front) => {
    found += front.length;
    return found >= enough;
  });
  return last < 0 ? fronts : fronts.slice(0, last + 1);
}

function lexicographically(a: Values, b: Values): number {
  for (let o = 0; o < a.length; o++) {
    const difference = (a[o] as number) - (b[o] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

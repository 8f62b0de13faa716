/** Lines with steps of their own, on one common axis: what uPlot draws. */

/** A line: `steps` [n] never fall, `values` [n] may hold NaN and infinities, which are gaps. */
export interface LineData {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Null is a gap, undefined means that the line has no point at this step and goes on. */
type Cell = number | null | undefined;

export interface Aligned {
  /** All steps that any line has, rising. [m] */
  readonly x: number[];
  /** Per line. [m] */
  readonly ys: Cell[][];
}

/** Lines on their common steps. Of several points of a line at one step the last is drawn; with `isLog` those <= 0 are gaps. */
export function align(lines: readonly LineData[], isLog: boolean): Aligned {
  const x = union(lines);
  const ys = lines.map(({ steps, values }) => {
    const cells = new Array<Cell>(x.length).fill(undefined);
    let at = 0;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] ?? 0;
      while (at < x.length && (x[at] ?? 0) < step) at += 1;
      const value = values[i] ?? Number.NaN;
      cells[at] = Number.isFinite(value) && (!isLog || value > 0) ? value : null;
    }
    return cells;
  });
  return { x, ys };
}

/** Points given to be drawn. */
export function countPoints(lines: readonly LineData[]): number {
  return lines.reduce((sum, { steps }) => sum + steps.length, 0);
}

/** The index of the line's point next to `at` in x, or -1 when none has a value. */
export function nearestPoint(x: readonly number[], ys: readonly Cell[], at: number): number {
  const here = x[at] ?? 0;
  let left = at;
  let right = at + 1;
  while (left >= 0 && typeof ys[left] !== 'number') left -= 1;
  while (right < ys.length && typeof ys[right] !== 'number') right += 1;
  if (left < 0) return right < ys.length ? right : -1;
  if (right >= ys.length) return left;
  return (x[right] ?? 0) - here < here - (x[left] ?? 0) ? right : left;
}

function union(lines: readonly LineData[]): number[] {
  const longest = lines.reduce<LineData | null>(
    (best, line) => (best && best.steps.length >= line.steps.length ? best : line),
    null,
  );
  if (!longest) return [];
  const known = new Set(longest.steps);
  let isSame = known.size === longest.steps.length;
  for (const { steps } of lines) {
    for (const step of steps) {
      if (known.has(step)) continue;
      known.add(step);
      isSame = false;
    }
  }
  return isSame ? Array.from(longest.steps) : Array.from(known).sort((a, b) => a - b);
}

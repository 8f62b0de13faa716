/** Linear scales. */

/** Maps [from, to] to [start, end]; everything to the middle when from = to. */
export function scaleOf(from: number, to: number, start: number, end: number): (value: number) => number {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

// The two loops where the time goes, over parts of long vectors so that matrices stay in one piece.
// Callers keep every index in range; the casts only tell the compiler so.

/** A vector and where to begin in it. */
type Part = readonly [vector: Float64Array, start: number];

/** target += scale · source, for `count` elements. A scale of zero costs nothing. */
export function addScaled(
  [target, targetStart]: Part,
  scale: number,
  [source, sourceStart]: Part,
  count: number,
): void {
  if (scale === 0) return;
  for (let i = 0; i < count; i++) {
    const k = targetStart + i;
    target[k] = (target[k] as number) + scale * (source[sourceStart + i] as number);
  }
}

/** Returns the inner product of `count` elements. */
export function dot([left, leftStart]: Part, [right, rightStart]: Part, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (left[leftStart + i] as number) * (right[rightStart + i] as number);
  return sum;
}

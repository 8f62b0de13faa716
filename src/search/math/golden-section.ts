/** Minimum of a function of one variable between two bounds. */

const GOLDEN = 0.6180339887498949;

/** Place of a minimum of f in [low, high], to `tolerance`; of the only one when there is one. */
export function goldenSection(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = f(left);
  let atRight = f(right);
  while (high - low > tolerance) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - GOLDEN * (high - low);
      atLeft = f(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + GOLDEN * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}

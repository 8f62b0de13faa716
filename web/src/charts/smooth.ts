/** Smoothing of a line. */

/**
 * The debiased exponential moving average: `s ← w·s + (1 − w)·y`, drawn as `s / (1 − wⁿ)` with n the finite values so far.
 * Non-finite values break the line (NaN) and do not enter s. Weight 0 gives the values, 1 is not debiased; a constant
 * series stays as it is.
 *
 * @param values [n]
 * @param weight w in [0, 1].
 * @returns a new array [n]
 * @source TensorBoard's smoothing, as described in the documentation of W&B.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  const first = values.find(Number.isFinite) ?? 0;
  const isConstant = values.every((value) => value === first || !Number.isFinite(value));
  let s = 0;
  let power = 1; // wⁿ
  for (let i = 0; i < values.length; i++) {
    const y = values[i] ?? Number.NaN;
    if (!Number.isFinite(y)) {
      smoothed[i] = Number.NaN;
      continue;
    }
    s = weight * s + (1 - weight) * y;
    power *= weight;
    smoothed[i] = isConstant ? y : weight >= 1 ? s : s / (1 - power);
  }
  return smoothed;
}

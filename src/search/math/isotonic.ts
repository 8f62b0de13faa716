/** The rising step function nearest to a sequence. */

/**
 * Fitted values, never falling, that minimise the sum of squared errors; neighbours that were pooled are equal. The values
 * must be finite and in the order of their x. O(n).
 * @source Ayer et al., Annals of Mathematical Statistics 26 (1955), pool adjacent violators.
 */
export function isotonicFit(values: Float64Array): Float64Array {
  const n = values.length;
  const means = new Float64Array(n);
  const sizes = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    means[blocks] = values[i] ?? 0;
    sizes[blocks] = 1;
    while (blocks > 0 && (means[blocks - 1] ?? 0) >= (means[blocks] ?? 0)) {
      const [left, right] = [sizes[blocks - 1] ?? 0, sizes[blocks] ?? 0];
      means[blocks - 1] = ((means[blocks - 1] ?? 0) * left + (means[blocks] ?? 0) * right) / (left + right);
      sizes[blocks - 1] = left + right;
      blocks -= 1;
    }
    blocks += 1;
  }

  const fitted = new Float64Array(n); // [n]
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    fitted.fill(means[block] ?? 0, at, at + (sizes[block] ?? 0));
    at += sizes[block] ?? 0;
  }
  return fitted;
}

/**
 * The covariance of two rows: s^2 M(r) prod_c exp(-w_c [a_c != b_c]), M Matern 5/2 over the numeric columns. Indices are in
 * range by construction, hence the casts.
 */

const SQRT_5 = Math.sqrt(5);

/** What a fit learns. `noise` and `signal` are variances of standardised values. */
export interface Hyperparameters {
  /** Per column: 1/length^2 of a numeric one, the log of the loss of correlation of a categorical one. [width] */
  readonly weights: Float64Array;
  readonly signal: number;
  readonly noise: number;
}

/** Rows of numbers, `numeric` columns first. */
export interface Table {
  readonly rows: Float64Array; // [count, width]
  readonly count: number;
  readonly width: number;
  readonly numeric: number;
}

/** A copy of the rows whose numeric columns are in units of their lengths. */
export function scaled({ rows, count, width, numeric }: Table, weights: Float64Array): Float64Array {
  const target = rows.slice(0, count * width);
  for (let j = 0; j < numeric; j++) {
    const scale = Math.sqrt(weights[j] as number);
    for (let at = j; at < target.length; at += width) target[at] = (target[at] as number) * scale;
  }
  return target;
}

/**
 * Writes the covariances of one scaled row with `count` others at `offset` of `target`. With `slopes`, writes there the
 * derivatives by r^2, where r is the distance over the numeric columns.
 */
export function covariances(
  table: Table,
  { weights, signal }: Hyperparameters,
  rowEntries: Float64Array,
  rowAt: number,
  target: Float64Array,
  offset: number,
  slopes?: Float64Array,
): void {
  const { rows, count, width, numeric } = table;
  for (let i = 0, at = 0; i < count; i++, at += width) {
    let square = 0;
    for (let j = 0; j < numeric; j++) {
      const gap = (rowEntries[rowAt + j] as number) - (rows[at + j] as number);
      square += gap * gap;
    }
    let loss = 0;
    for (let j = numeric; j < width; j++) {
      if (rowEntries[rowAt + j] !== rows[at + j]) loss += weights[j] as number;
    }
    const r = SQRT_5 * Math.sqrt(square);
    const decay = signal * Math.exp(-r - loss);
    target[offset + i] = (1 + r + (5 / 3) * square) * decay;
    if (slopes !== undefined) slopes[offset + i] = (-5 / 6) * (1 + r) * decay;
  }
}

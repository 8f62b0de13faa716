/** Eigenvalues and eigenvectors of symmetric matrices, by rotations: slower than others, and accurate to the last digits. */

const MOST_SWEEPS = 60;

export interface Eigen {
  /** Ascending. [d] */
  readonly values: Float64Array;
  /** Orthonormal, as columns, in the order of the values. [d, d] by rows */
  readonly vectors: Float64Array;
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, [d, d] by rows; finite entries, of which the upper half is read.
 * O(d^3) a sweep, some 6 to 10 sweeps.
 * @source Jacobi's method with Rutishauser's formulas: Golub, Van Loan, Matrix Computations, section 8.5.
 */
export function symmetricEigen(matrix: Float64Array, d: number): Eigen {
  const a = matrix.slice(); // [d, d]
  const vectors = new Float64Array(d * d);
  for (let i = 0; i < d; i++) vectors[i * d + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(a, d); sweep++) {
    for (let p = 0; p < d; p++) for (let q = p + 1; q < d; q++) rotate(a, vectors, d, p, q);
  }

  const order = Array.from({ length: d }, (_, i) => i).sort((i, j) => at(a, i * d + i) - at(a, j * d + j) || i - j);
  const sorted = new Float64Array(d * d);
  order.forEach((from, to) => {
    for (let i = 0; i < d; i++) sorted[i * d + to] = at(vectors, i * d + from);
  });
  return { values: Float64Array.from(order, (i) => at(a, i * d + i)), vectors: sorted };
}

/** Whether all above the diagonal is too small to matter beside it. */
function isDiagonal(a: Float64Array, d: number): boolean {
  for (let p = 0; p < d; p++) {
    for (let q = p + 1; q < d; q++) {
      const scale = Math.sqrt(Math.abs(at(a, p * d + p) * at(a, q * d + q)));
      if (Math.abs(at(a, p * d + q)) > 1e-17 * scale && at(a, p * d + q) !== 0) return false;
    }
  }
  return true;
}

/** Makes entry (p, q), p < q, zero. */
function rotate(a: Float64Array, vectors: Float64Array, d: number, p: number, q: number): void {
  const entry = at(a, p * d + q);
  if (entry === 0) return;
  const theta = (at(a, q * d + q) - at(a, p * d + p)) / (2 * entry);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[p * d + p] = at(a, p * d + p) - t * entry;
  a[q * d + q] = at(a, q * d + q) + t * entry;
  a[p * d + q] = 0;
  // Only the upper half is kept up to date.
  for (let i = 0; i < d; i++) {
    if (i !== p && i !== q) turn(a, Math.min(i, p) * d + Math.max(i, p), Math.min(i, q) * d + Math.max(i, q), c, s);
    turn(vectors, i * d + p, i * d + q, c, s);
  }
}

function turn(a: Float64Array, first: number, second: number, c: number, s: number): void {
  const x = at(a, first);
  const y = at(a, second);
  a[first] = c * x - s * y;
  a[second] = s * x + c * y;
}

function at(a: Float64Array, i: number): number {
  return a[i] as number;
}

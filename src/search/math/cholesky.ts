/** Factorisation and inverse of symmetric positive definite matrices, row-major, in the order of sums of `triangular.ts`. */

import { type Factor, forwardFour, solveForward } from './triangular.js';

/**
 * Turns the rows `from` to `size` of a symmetric matrix (its lower triangle) into those of its Cholesky factor, in place; the
 * rows before are factored already. Appending rows gives the same bits as factoring at once. False when a pivot is not
 * positive: the matrix is not positive definite, and the rows from there on are spoilt. O(size^3 / 6) multiplications.
 */
export function factorFrom({ entries, stride, size }: Factor, from: number): boolean {
  for (let first = from; first < size; first += 4) {
    const count = Math.min(4, size - first);
    const rows = { entries, offset: first * stride, stride, count };
    solveForward({ entries, stride, size: first }, rows);
    for (let i = first; i < first + count; i++) {
      for (let j = first; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < j; k++) sum += (entries[i * stride + k] as number) * (entries[j * stride + k] as number);
        const rest = (entries[i * stride + j] as number) - sum;
        if (i === j && !(rest > 0)) return false;
        entries[i * stride + j] = i === j ? Math.sqrt(rest) : rest / (entries[j * stride + j] as number);
      }
    }
  }
  return true;
}

/**
 * The inverse of L L' in the lower triangle of `target` [size, size], stride `size`; `work` is as large. Row j of `work` becomes
 * L^-1 e_j, zero before j.
 */
export function invertFactor(factor: Factor, work: Float64Array, target: Float64Array): void {
  const { size } = factor;
  work.fill(0, 0, size * size);
  for (let j = 0; j < size; j++) work[j * size + j] = 1;
  const rows = { entries: work, offset: 0, stride: size, count: size };
  let r = 0;
  for (; r + 4 <= size; r += 4) forwardFour(factor, rows, r, r);
  solveForward(factor, { ...rows, offset: r * size, count: size - r });

  for (let i = 0; i < size; i += 4) {
    for (let j = 0; j <= i; j += 2) {
      if (i + 4 <= size && j + 2 <= size) productTile(work, size, i, j, target);
      else productEdge(work, size, i, j, target);
    }
  }
  // Tiles on the diagonal end short of it: the last corner is left.
  for (let i = 0; i < size; i++)
    for (let j = i - (i % 4) + 2; j <= i; j++) target[i * size + j] = product(work, size, i, j);
}

/** Rows i to i + 3 times rows j and j + 1, from column i on: what comes before is zero in row i. */
function productTile(w: Float64Array, size: number, i: number, j: number, target: Float64Array): void {
  const a = i * size;
  const b = a + size;
  const c = b + size;
  const d = c + size;
  const p = j * size;
  const q = p + size;
  let ap = 0;
  let aq = 0;
  let bp = 0;
  let bq = 0;
  let cp = 0;
  let cq = 0;
  let dp = 0;
  let dq = 0;
  for (let k = i; k < size; k++) {
    const wp = w[p + k] as number;
    const wq = w[q + k] as number;
    const wa = w[a + k] as number;
    const wb = w[b + k] as number;
    const wc = w[c + k] as number;
    const wd = w[d + k] as number;
    ap += wp * wa;
    aq += wq * wa;
    bp += wp * wb;
    bq += wq * wb;
    cp += wp * wc;
    cq += wq * wc;
    dp += wp * wd;
    dq += wq * wd;
  }
  target[a + j] = ap;
  target[a + j + 1] = aq;
  target[b + j] = bp;
  target[b + j + 1] = bq;
  target[c + j] = cp;
  target[c + j + 1] = cq;
  target[d + j] = dp;
  target[d + j + 1] = dq;
}

function productEdge(w: Float64Array, size: number, i: number, j: number, target: Float64Array): void {
  for (let row = i; row < Math.min(i + 4, size); row++) {
    for (let column = j; column < Math.min(j + 2, size); column++) {
      if (column <= row) target[row * size + column] = product(w, size, row, column);
    }
  }
}

function product(w: Float64Array, size: number, i: number, j: number): number {
  let sum = 0;
  for (let k = i; k < size; k++) sum += (w[i * size + k] as number) * (w[j * size + k] as number);
  return sum;
}

/**
 * Solves with a lower triangular factor, row-major: entry (i, k) at `i * stride + k`. Every entry of a result is one sum taken
 * in one order: tiles only change how many sums run side by side, so a row solved alone has the same bits as among others.
 * Indices are in range by construction, hence the casts.
 */

/** A lower triangular matrix of `size` rows, the upper triangle ignored. */
export interface Factor {
  readonly entries: Float64Array;
  readonly stride: number;
  readonly size: number;
}

/** A matrix whose rows lie at `offset + r * stride`. */
export interface Rows {
  readonly entries: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** Turns each row b into the solution v of L v = b, in place. O(count size^2 / 2). */
export function solveForward(factor: Factor, rows: Rows): void {
  let r = 0;
  for (; r + 4 <= rows.count; r += 4) forwardFour(factor, rows, r, 0);
  for (; r < rows.count; r++) forwardOne(factor, rows.entries, rows.offset + r * rows.stride);
}

/**
 * Four rows at once, where all are zero before column `start`, a multiple of 2. Columns are done in pairs: eight sums at a
 * time are what fits the registers.
 */
export function forwardFour(factor: Factor, rows: Rows, r: number, start: number): void {
  const { entries: l, stride, size } = factor;
  const { entries: v } = rows;
  const a = rows.offset + r * rows.stride;
  const b = a + rows.stride;
  const c = b + rows.stride;
  const d = c + rows.stride;
  let j = start;
  for (; j + 2 <= size; j += 2) {
    const p = j * stride;
    const q = p + stride;
    let ap = 0;
    let aq = 0;
    let bp = 0;
    let bq = 0;
    let cp = 0;
    let cq = 0;
    let dp = 0;
    let dq = 0;
    for (let k = start; k < j; k++) {
      const lp = l[p + k] as number;
      const lq = l[q + k] as number;
      const va = v[a + k] as number;
      const vb = v[b + k] as number;
      const vc = v[c + k] as number;
      const vd = v[d + k] as number;
      ap += lp * va;
      aq += lq * va;
      bp += lp * vb;
      bq += lq * vb;
      cp += lp * vc;
      cq += lq * vc;
      dp += lp * vd;
      dq += lq * vd;
    }
    const pivot = l[p + j] as number;
    const below = l[q + j] as number;
    const next = l[q + j + 1] as number;
    const va = ((v[a + j] as number) - ap) / pivot;
    const vb = ((v[b + j] as number) - bp) / pivot;
    const vc = ((v[c + j] as number) - cp) / pivot;
    const vd = ((v[d + j] as number) - dp) / pivot;
    v[a + j] = va;
    v[b + j] = vb;
    v[c + j] = vc;
    v[d + j] = vd;
    v[a + j + 1] = ((v[a + j + 1] as number) - (aq + below * va)) / next;
    v[b + j + 1] = ((v[b + j + 1] as number) - (bq + below * vb)) / next;
    v[c + j + 1] = ((v[c + j + 1] as number) - (cq + below * vc)) / next;
    v[d + j + 1] = ((v[d + j + 1] as number) - (dq + below * vd)) / next;
  }
  for (; j < size; j++) {
    for (let row = 0, at = a; row < 4; row++, at += rows.stride) {
      let sum = 0;
      for (let k = start; k < j; k++) sum += (l[j * stride + k] as number) * (v[at + k] as number);
      v[at + j] = ((v[at + j] as number) - sum) / (l[j * stride + j] as number);
    }
  }
}

/** One row, four columns at a time: a single sum would wait for itself. */
function forwardOne({ entries: l, stride, size }: Factor, v: Float64Array, at: number): void {
  let j = 0;
  for (; j + 4 <= size; j += 4) {
    const p = j * stride;
    const q = p + stride;
    const r = q + stride;
    const s = r + stride;
    let sp = 0;
    let sq = 0;
    let sr = 0;
    let ss = 0;
    for (let k = 0; k < j; k++) {
      const x = v[at + k] as number;
      sp += (l[p + k] as number) * x;
      sq += (l[q + k] as number) * x;
      sr += (l[r + k] as number) * x;
      ss += (l[s + k] as number) * x;
    }
    const x0 = ((v[at + j] as number) - sp) / (l[p + j] as number);
    sq += (l[q + j] as number) * x0;
    const x1 = ((v[at + j + 1] as number) - sq) / (l[q + j + 1] as number);
    sr += (l[r + j] as number) * x0;
    sr += (l[r + j + 1] as number) * x1;
    const x2 = ((v[at + j + 2] as number) - sr) / (l[r + j + 2] as number);
    ss += (l[s + j] as number) * x0;
    ss += (l[s + j + 1] as number) * x1;
    ss += (l[s + j + 2] as number) * x2;
    v[at + j] = x0;
    v[at + j + 1] = x1;
    v[at + j + 2] = x2;
    v[at + j + 3] = ((v[at + j + 3] as number) - ss) / (l[s + j + 3] as number);
  }
  for (; j < size; j++) {
    let sum = 0;
    for (let k = 0; k < j; k++) sum += (l[j * stride + k] as number) * (v[at + k] as number);
    v[at + j] = ((v[at + j] as number) - sum) / (l[j * stride + j] as number);
  }
}

/** Turns g, the first `size` entries of `x`, into the solution h of L' h = g, in place. O(size^2 / 2). */
export function solveBackward({ entries: l, stride, size }: Factor, x: Float64Array): void {
  let i = size;
  for (; i >= 4; i -= 4) {
    const s = (i - 1) * stride;
    const r = s - stride;
    const q = r - stride;
    const p = q - stride;
    const x3 = (x[i - 1] as number) / (l[s + i - 1] as number);
    const x2 = ((x[i - 2] as number) - (l[s + i - 2] as number) * x3) / (l[r + i - 2] as number);
    const x1 =
      ((x[i - 3] as number) - (l[s + i - 3] as number) * x3 - (l[r + i - 3] as number) * x2) / (l[q + i - 3] as number);
    const x0 =
      ((x[i - 4] as number) -
        (l[s + i - 4] as number) * x3 -
        (l[r + i - 4] as number) * x2 -
        (l[q + i - 4] as number) * x1) /
      (l[p + i - 4] as number);
    x[i - 1] = x3;
    x[i - 2] = x2;
    x[i - 3] = x1;
    x[i - 4] = x0;
    for (let k = 0; k < i - 4; k++) {
      x[k] =
        (x[k] as number) -
        ((l[p + k] as number) * x0 +
          (l[q + k] as number) * x1 +
          ((l[r + k] as number) * x2 + (l[s + k] as number) * x3));
    }
  }
  for (i -= 1; i >= 0; i--) {
    const xi = (x[i] as number) / (l[i * stride + i] as number);
    x[i] = xi;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (l[i * stride + k] as number) * xi;
  }
}

/**
 * The maps that make smooth functions irregular, asymmetric, ill-conditioned and rotated; vectors are plain lists.
 * @source Hansen, Finck, Ros and Auger 2009, INRIA RR-6829, section 0.2.
 */
export type Vector = readonly number[];
/** Rows. */
export type Matrix = readonly Vector[];

/** i/(D-1) for i = 0 .. D-1, which scales from the first to the last coordinate; 0 when there is one only. */
export function along(i: number, dimension: number): number {
  return dimension === 1 ? 0 : i / (dimension - 1);
}

/** The diagonal of Lambda: condition^(1/2 i/(D-1)). */
export function conditioned(z: Vector, condition: number): Vector {
  return z.map((value, i) => condition ** (0.5 * along(i, z.length)) * value);
}

/** T_osz of one number: smooth bumps, 0 stays. */
export function bumped(x: number): number {
  if (x === 0) return 0;
  const [c1, c2] = x > 0 ? [10, 7.9] : [5.5, 3.1];
  const log = Math.log(Math.abs(x));
  return Math.sign(x) * Math.exp(log + 0.049 * (Math.sin(c1 * log) + Math.sin(c2 * log)));
}

/** T_asy: positive coordinates grow with a power above 1. */
export function skewed(z: Vector, beta: number): Vector {
  return z.map((value, i) => (value > 0 ? value ** (1 + beta * along(i, z.length) * Math.sqrt(value)) : value));
}

/** What leaving the box [-5, 5]^D costs. */
export function outside(x: Vector): number {
  return sum(x, (value) => Math.max(0, Math.abs(value) - 5) ** 2);
}

export function times(matrix: Matrix, z: Vector): Vector {
  return matrix.map((row) => sum(row, (entry, j) => entry * (z[j] ?? 0)));
}

export function transposed(matrix: Matrix): Matrix {
  return matrix.map((_, i) => matrix.map((row) => row[i] ?? 0));
}

export function minus(x: Vector, y: Vector): Vector {
  return x.map((value, i) => value - (y[i] ?? 0));
}

export function sum(z: Vector, of: (value: number, i: number) => number): number {
  return z.reduce((total, value, i) => total + of(value, i), 0);
}

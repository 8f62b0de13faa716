/** What makes an instance: seeded optima, offsets and rotations. */
import type { Rng } from '../../../../src/search/math/rng.js';
import { type Matrix, sum, type Vector } from './transforms.js';

export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.next();
}

export function uniformVector(rng: Rng, dimension: number, low: number, high: number): Vector {
  return Array.from({ length: dimension }, () => uniform(rng, low, high));
}

export function signs(rng: Rng, dimension: number): Vector {
  return Array.from({ length: dimension }, () => (rng.next() < 0.5 ? -1 : 1));
}

/** Standard normal, by Box and Muller. */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

/** An orthogonal matrix: rows of normal numbers made orthonormal one after the other. */
export function rotation(rng: Rng, dimension: number): Matrix {
  const rows: Vector[] = [];
  while (rows.length < dimension) {
    let row: Vector = Array.from({ length: dimension }, () => normal(rng));
    for (const other of rows) {
      const shared = sum(row, (value, i) => value * (other[i] ?? 0));
      row = row.map((value, i) => value - shared * (other[i] ?? 0));
    }
    const length = Math.sqrt(sum(row, (value) => value ** 2));
    // Two almost parallel draws would leave a row of rounding errors.
    if (length > 1e-3) rows.push(row.map((value) => value / length));
  }
  return rows;
}

/** 0 .. n-1 in a random order. */
export function permutation(rng: Rng, n: number): Vector {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** The value at the optimum: heavy-tailed around 0, to two digits, at most 1,000 away. */
export function offset(rng: Rng): number {
  const cauchy = (100 * normal(rng)) / (normal(rng) || 1);
  return Math.min(1_000, Math.max(-1_000, Math.round(cauchy * 100) / 100));
}

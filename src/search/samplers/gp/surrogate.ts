/** A Gaussian process over rows, with its covariance factored: what predictions and their slopes are made from. */

import { factorFrom } from '../../math/cholesky.js';
import { contentHash } from '../../math/content-hash.js';
import { type Factor, solveForward } from '../../math/triangular.js';
import { covariances, type Hyperparameters, scaled, type Table } from './kernel.js';
import { LEAST_NOISE } from './posterior-cost.js';

/** Shares of the signal added to the diagonal until the matrix can be factored. */
const JITTERS = [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4];

export interface Surrogate {
  readonly hyperparameters: Hyperparameters;
  /** Numeric columns in units of their lengths. */
  readonly table: Table;
  readonly factor: Factor;
  /** L^-1 y for the rows that have a value, [valued]. */
  readonly whitened: Float64Array;
}

/**
 * The process conditioned on `values` [valued] at the first rows; the rows beyond them are in the factor without a value, for
 * what is pending. `noiseShare` [count] multiplies the noise. Null when the matrix cannot be factored even with jitter. Lasts
 * until the next one of the same `name`, which may go on in its memory.
 */
export function createSurrogate(
  table: Table,
  values: Float64Array,
  noiseShare: Float64Array,
  hyperparameters: Hyperparameters,
  name = '',
): Surrogate | null {
  const inUnits = { ...table, rows: scaled(table, hyperparameters.weights) };
  const factor = factorOf(inUnits, noiseShare, hyperparameters, name);
  if (factor === null) return null;
  const whitened = values.slice();
  solveForward({ ...factor, size: values.length }, { entries: whitened, offset: 0, stride: values.length, count: 1 });
  return { hyperparameters, table: inUnits, factor, whitened };
}

interface Kept {
  readonly rows: Float64Array;
  readonly noiseShare: Float64Array;
  readonly jitter: number;
  readonly entries: Float64Array;
  readonly stride: number;
  readonly count: number;
}

/** Factors made before, by name and hyperparameters: the rows that are still the same need no work, and have the same bits either way. */
const FACTORS = new Map<string, Kept>();
const MOST_FACTORS = 8;

function factorOf(
  table: Table,
  noiseShare: Float64Array,
  hyperparameters: Hyperparameters,
  what: string,
): Factor | null {
  const { weights, signal, noise } = hyperparameters;
  const name = `${what} ${contentHash([weights, [signal, noise, table.numeric, table.width]])}`;
  const kept = FACTORS.get(name);
  for (const share of JITTERS) {
    const jitter = share * signal;
    const same = kept !== undefined && kept.jitter === jitter ? commonRows(kept, table, noiseShare) : 0;
    const { entries, stride } = same > 0 && kept !== undefined && kept.stride >= table.count ? kept : room(table.count);
    if (kept !== undefined && entries !== kept.entries) copyRows(kept, same, entries, stride);
    for (let i = same; i < table.count; i++) {
      covariances({ ...table, count: i }, hyperparameters, table.rows, i * table.width, entries, i * stride);
      entries[i * stride + i] = signal + noise * (noiseShare[i] as number) + LEAST_NOISE + jitter;
    }
    if (!factorFrom({ entries, stride, size: table.count }, same)) {
      FACTORS.delete(name);
      continue;
    }
    FACTORS.delete(name);
    FACTORS.set(name, { rows: table.rows, noiseShare, jitter, entries, stride, count: table.count });
    if (FACTORS.size > MOST_FACTORS) FACTORS.delete(FACTORS.keys().next().value ?? '');
    return { entries, stride, size: table.count };
  }
  return null;
}

function room(count: number): { readonly entries: Float64Array; readonly stride: number } {
  const stride = count + 16;
  return { entries: new Float64Array(stride * stride), stride };
}

function commonRows(kept: Kept, { rows, count, width }: Table, noiseShare: Float64Array): number {
  const most = Math.min(count, kept.count);
  for (let i = 0; i < most; i++) {
    if (kept.noiseShare[i] !== noiseShare[i]) return i;
    for (let at = i * width; at < (i + 1) * width; at++) if (kept.rows[at] !== rows[at]) return i;
  }
  return most;
}

function copyRows(kept: Kept, count: number, entries: Float64Array, stride: number): void {
  for (let i = 0; i < count; i++) {
    entries.set(kept.entries.subarray(i * kept.stride, i * kept.stride + i + 1), i * stride);
  }
}

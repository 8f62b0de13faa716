/** Which parameters make trials good: how much the best trials' distribution differs from all trials', one parameter at a time. */

import { observedPoints } from '../columns/observed.js';
import { type Table, tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import { bestByFronts } from '../math/best-by-fronts.js';
import { kthSmallest } from '../math/kth-smallest.js';
import { cellGridOf, gridDensity } from './grid-density.js';
import { type ImportanceResult, noImportance } from './importance.js';

export interface PedAnovaOptions {
  /** Share of the trials that count as good, in (0, 1). Default 0.1. */
  readonly top?: number;
  /** Share of the trials that they are compared with, the best first, in (top, 1]. Default 1: all of them. */
  readonly region?: number;
  /** Index of the objective; absent: the only one, or all of them by fronts. */
  readonly objective?: number;
}

/** Fewer trials say nothing. */
const LEAST_TRIALS = 4;

/**
 * Importances that sum to 1, unless nothing matters at all. Of the feasible completed trials; a conditional parameter counts
 * by the trials that have it, and for the share of them among the best. O(n d).
 * @source Watanabe, Bansal, Hutter, IJCAI 2023, arXiv:2304.10255, equations (12) to (16); conditional: arXiv:2601.20800.
 */
export function pedAnova(history: History, options: PedAnovaOptions = {}): ImportanceResult {
  const { top = 0.1, region = 1 } = options;
  const table = tableOf(history);
  const order = observedPoints(table, history.directions);
  const feasible = [...order.rows.keys()].filter((place) => order.violations[place] === 0);
  const n = feasible.length;
  if (n < LEAST_TRIALS) return noImportance('TOO_FEW', n);

  const objectives =
    options.objective === undefined ? order.values : [order.values[options.objective] ?? new Float64Array()];
  const values = objectives.map((column) => Float64Array.from(feasible, (place) => column[place] as number));
  const rows = feasible.map((place) => order.rows[place] as number);
  const local = bestOf(values, Math.max(LEAST_TRIALS, Math.ceil(region * n))).map((i) => rows[i] as number);
  const best = bestOf(values, Math.max(2, Math.ceil(top * n))).map((i) => rows[i] as number);
  if (best.length === n) return noImportance('NO_VARIANCE', n);

  const raw = table.codecs.map((_, j) => divergence(table, j, best, local));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const importances = table.codecs.map(({ parameter }, j) => ({
    name: parameter.name,
    importance: total > 0 ? (raw[j] as number) / total : 0,
  }));
  return { importances: importances.sort((a, b) => b.importance - a.importance), trials: n, problem: null };
}

/** Places of the best so many, with all that are as good as the last of them. */
function bestOf(values: readonly Float64Array[], size: number): readonly number[] {
  const [only = new Float64Array()] = values;
  if (size >= only.length) return [...only.keys()];
  if (values.length > 1) {
    const vectors = Array.from(only, (_, i) => values.map((column) => column[i] as number));
    return bestByFronts(vectors, size);
  }
  const worst = kthSmallest(only, size - 1);
  return [...only.keys()].filter((i) => (only[i] as number) <= worst);
}

/** Pearson divergence of the best from all where the parameter is active, times (share of the best)^2 / share of all. */
function divergence(table: Table, j: number, best: readonly number[], local: readonly number[]): number {
  const codec = table.codecs[j] as Table['codecs'][number];
  if (codec.levels === 1) return 0;
  const points = table.points[j] as Float64Array;
  const grid = cellGridOf(codec);
  const countsOf = (rows: readonly number[]) => {
    const counts = new Float64Array(grid.count);
    for (const row of rows) {
      const point = points[row] as number;
      if (Number.isNaN(point)) continue;
      const cell = grid.cellOf(point);
      counts[cell] = (counts[cell] as number) + 1;
    }
    return counts;
  };
  const [good, all] = [countsOf(best), countsOf(local)];
  const [nGood, nAll] = [sumOf(good), sumOf(all)];
  if (nAll < 2 || nGood === 0) return 0;

  const [p, q] = [gridDensity(grid, good), gridDensity(grid, all)];
  let sum = 0;
  for (let cell = 0; cell < grid.count; cell++) {
    const base = q[cell] as number;
    if (base > 0) sum += base * ((p[cell] as number) / base - 1) ** 2;
  }
  return (sum * (nGood / best.length) ** 2) / (nAll / local.length);
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Which sets of parameters were active together, and how trials fared under each: the branches of a conditional space. */

import { tableOf } from '../columns/table.js';
import type { History, HistoryTrial } from '../history.js';
import { violation } from '../standing.js';

export interface RegimeRow {
  /** Active parameters, in draw order. */
  readonly names: readonly string[];
  /** Trials of it, in any state. */
  readonly trials: number;
  /** Completed with finite values. */
  readonly observed: number;
  /** Failed by their own fault, or with a value that is not finite. */
  readonly failed: number;
  /** The best value of one objective, as reported, and its trial; NaN and -1 when no feasible trial was observed. */
  readonly best: number;
  readonly holder: number;
  /** Of the observed values; NaN without any. */
  readonly median: number;
}

/** The regimes that were met, the most frequent first, ties to the earlier. Trials outside the space are left out. O(n log n). */
export function regimeTable(history: History, objective = 0): readonly RegimeRow[] {
  const table = tableOf(history);
  const rowsOf = table.regimes.map((): number[] => []);
  table.regimeOf.forEach((regime, row) => {
    if (regime >= 0) rowsOf[regime]?.push(row);
  });
  const sign = history.directions[objective] === 'maximize' ? -1 : 1;
  const valueAt = (row: number) => table.trials[row]?.values?.[objective] ?? Number.NaN;

  const found = table.regimes.map(({ active }, regime): RegimeRow => {
    const rows = rowsOf[regime] ?? [];
    const observed = rows.filter((row) => table.standings[row] === 'OBSERVED');
    const holder = observed
      .filter((row) => violation(table.trials[row] as HistoryTrial) === 0)
      .reduce((best, row) => (best < 0 || sign * valueAt(row) < sign * valueAt(best) ? row : best), -1);
    return {
      names: active.map((j) => table.codecs[j]?.parameter.name ?? ''),
      trials: rows.length,
      observed: observed.length,
      failed: rows.filter((row) => table.standings[row] === 'FAILED').length,
      best: holder < 0 ? Number.NaN : valueAt(holder),
      holder: holder < 0 ? -1 : (table.trials[holder]?.number ?? -1),
      median: medianOf(observed.map(valueAt)),
    };
  });
  // A table that was read before may know regimes that no trial has any more.
  return found.filter(({ trials }) => trials > 0).sort((a, b) => b.trials - a.trials);
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  // Halved first: the sum of two large values is not finite.
  return (sorted[middle - 1] as number) / 2 + (sorted[middle] as number) / 2;
}

/** Points that were tried more than once: what repetition cost, and how much of the objective is noise. */

import { tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import type { Params } from '../space/parameter.js';

/** One point that was tried again. */
export interface Duplicate {
  readonly params: Params;
  /** Of all its trials, ascending. */
  readonly numbers: readonly number[];
  /** Values of those completed with finite ones: how many, their mean, and their deviation as of a sample (NaN below two). */
  readonly observed: number;
  readonly mean: number;
  readonly deviation: number;
}

export interface Duplicates {
  /** The most often tried first, ties to the earlier. */
  readonly points: readonly Duplicate[];
  /** Deviation of the objective at one point, pooled over all points: NaN without two values at any. */
  readonly noise: number;
  /** Degrees of freedom of `noise`: below five it says little. */
  readonly freedom: number;
}

/** Trials at equal points, whatever became of them but for failures by others' fault. O(n). */
export function duplicates(history: History, objective = 0): Duplicates {
  const table = tableOf(history);
  const groups = new Map<number, number[]>();
  table.firstOf.forEach((first, row) => {
    if (first < 0 || table.standings[row] === 'IGNORED') return;
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [row]);
    else group.push(row);
  });

  let squares = 0;
  let freedom = 0;
  const points = [...groups].flatMap(([first, rows]): Duplicate[] => {
    if (rows.length < 2) return [];
    const values = rows
      .filter((row) => table.standings[row] === 'OBSERVED')
      .map((row) => table.trials[row]?.values?.[objective] ?? Number.NaN);
    const mean = values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value / values.length, 0);
    const excess = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    if (values.length > 1) {
      squares += excess;
      freedom += values.length - 1;
    }
    return [
      {
        params: table.params[first] ?? {},
        numbers: rows.map((row) => table.trials[row]?.number ?? -1),
        observed: values.length,
        mean,
        deviation: values.length > 1 ? Math.sqrt(excess / (values.length - 1)) : Number.NaN,
      },
    ];
  });
  return {
    points: points.sort((a, b) => b.numbers.length - a.numbers.length),
    noise: freedom > 0 ? Math.sqrt(squares / freedom) : Number.NaN,
    freedom,
  };
}

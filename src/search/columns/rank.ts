/** How good single trials are beside each other, for methods that only compare: the order of standings, in one place. */

import type { Direction, HistoryTrial } from '../history.js';
import { violation } from '../standing.js';
import type { Table } from './table.js';

/** Compared from left to right, smaller is better; no NaN. */
export type Rank = readonly [number, number, number];

/**
 * Feasible observed trials by the first objective's value, then those ended early by (last step descending, last value, NaN
 * worst, no report last), then infeasible ones by violation, then failed ones. Others come last of all.
 */
export function rankOf(table: Table, row: number, directions: readonly Direction[]): Rank {
  const trial = table.trials[row] as HistoryTrial;
  const sign = directions[0] === 'maximize' ? -1 : 1;
  const standing = table.standings[row];
  if (standing !== 'OBSERVED' && standing !== 'PARTIAL') return [standing === 'FAILED' ? 3 : 4, 0, 0];

  const value = standing === 'OBSERVED' ? sign * (trial.values?.[0] ?? 0) : Infinity;
  const excess = violation(trial);
  if (excess > 0) return [2, excess, value];
  if (standing === 'OBSERVED') return [0, value, 0];
  const step = trial.steps.at(-1);
  const last = trial.reports.at(-1);
  if (step === undefined || last === undefined) return [1, Infinity, Infinity];
  return [1, -step, Number.isNaN(last) ? Infinity : sign * last];
}

/** Negative when a is better; 0 for equals. */
export function compareRanks(a: Rank, b: Rank): number {
  for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

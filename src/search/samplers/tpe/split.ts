/** Divides a table into the trials to be like (below) and those to be unlike (above). */

import { type Observed, observedPoints } from '../../columns/observed.js';
import { compareRanks, type Rank, rankOf } from '../../columns/rank.js';
import type { Table } from '../../columns/table.js';
import type { Direction } from '../../history.js';
import { bestByFronts } from '../../math/best-by-fronts.js';
import { kthSmallest } from '../../math/kth-smallest.js';

/**
 * How many of n observed trials are good enough: `optuna` a tenth, of one objective up to 25; `linear` a tenth, `sqrt` as
 * hyperopt, up to 25; a number is their share.
 */
export type Gamma = 'optuna' | 'linear' | 'sqrt' | number;

/** Rows of the table in order of trial number, oldest first, since kernels are weighed by age. */
export interface Split {
  readonly below: readonly number[];
  readonly above: readonly number[];
}

interface Ranked {
  readonly row: number;
  readonly rank: Rank;
}

/**
 * Below: feasible completed trials by value (of several objectives: by front, the front that does not fit by hypervolume), then
 * those ended early by (last step descending, last value), then infeasible ones by violation, until it is full. Above: the
 * rest, failed ones, and with `liar` the pending ones, so that proposals in flight repel the next. Replicates are one point
 * with the mean. Trials that are not legal in the space are left out.
 * @source Bergstra et al. 2011, section 4; Watanabe arXiv:2304.11127, sections 3.1 and 3.3; Ozaki et al. JAIR 2022.
 */
export function split(table: Table, directions: readonly Direction[], gamma: Gamma, liar: boolean): Split {
  const observed = observedPoints(table, directions);
  const { feasible, others } = byFeasibility(observed);
  const isAbove = new Uint8Array(table.trials.length);
  for (const row of observed.rows) isAbove[row] = 1;
  for (let row = 0; row < isAbove.length; row++) {
    const standing = table.standings[row];
    if (standing === 'OBSERVED' || (table.firstOf[row] as number) < 0) continue;
    if (standing === 'PARTIAL') others.push({ row, rank: rankOf(table, row, directions) });
    if (standing === 'PARTIAL' || standing === 'FAILED' || (standing === 'PENDING' && liar)) isAbove[row] = 1;
  }

  // What covers a front does not stop growing at 25.
  const kept = directions.length > 1 && gamma === 'optuna' ? 'linear' : gamma;
  const size = belowCount(kept, feasible.length + others.length);
  const below = [...best(observed, feasible, size)];
  if (below.length < size) {
    others.sort((a, b) => compareRanks(a.rank, b.rank) || a.row - b.row);
    below.push(...others.slice(0, size - below.length).map(({ row }) => row));
  }
  for (const row of below) isAbove[row] = 0;
  const above: number[] = [];
  for (let row = 0; row < isAbove.length; row++) if (isAbove[row] === 1) above.push(row);
  return { below: below.sort((a, b) => a - b), above };
}

/** Size of the good set among n observed trials. */
export function belowCount(gamma: Gamma, n: number): number {
  if (typeof gamma === 'number') return Math.min(n, Math.ceil(gamma * n));
  switch (gamma) {
    case 'optuna':
      return Math.min(Math.ceil(0.1 * n), 25);
    case 'linear':
      return Math.ceil(0.1 * n);
    case 'sqrt':
      return Math.min(Math.ceil(0.25 * Math.sqrt(n)), 25);
  }
}

/** Places of the feasible points among those observed; the infeasible ones, ranked as `rankOf` does, by their means. */
function byFeasibility({ rows, values, violations }: Observed): {
  readonly feasible: number[];
  readonly others: Ranked[];
} {
  const feasible: number[] = [];
  const others: Ranked[] = [];
  rows.forEach((row, place) => {
    const excess = violations[place] as number;
    if (excess > 0) others.push({ row, rank: [2, excess, values[0]?.[place] ?? 0] });
    else feasible.push(place);
  });
  return { feasible, others };
}

/** Rows of the best so many of these places, in no order; all of them when there are fewer. */
function best({ rows, values }: Observed, places: readonly number[], size: number): readonly number[] {
  const rowAt = (place: number) => rows[place] as number;
  if (places.length <= size) return places.map(rowAt);
  if (values.length > 1) {
    const vectors = places.map((place) => values.map((column) => column[place] as number));
    return bestByFronts(vectors, size).map((i) => rowAt(places[i] as number));
  }

  const only = Float64Array.from(places, (place) => values[0]?.[place] ?? 0);
  const worst = kthSmallest(only, size - 1);
  const better = places.filter((_, i) => (only[i] as number) < worst);
  const ties = places.filter((_, i) => only[i] === worst);
  return [...better, ...ties.slice(0, size - better.length)].map(rowAt);
}

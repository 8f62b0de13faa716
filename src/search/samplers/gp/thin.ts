/** Which rows a model is conditioned on when there are too many for all. */

import { contentHash } from '../../math/content-hash.js';
import type { Table } from './kernel.js';
import type { RawSample } from './sample.js';

/** More rows than this are thinned: a factor of so many takes some tens of milliseconds. */
const MOST_ROWS = 600;
/** To so many. */
const MOST_KEPT = 500;

export interface Thinning {
  /** The sample that the hyperparameters were fitted to: the first rows of the one to be thinned. */
  readonly atFit: () => RawSample;
  /** The rows of that sample that say most, the most telling first; it may leave out any that say little. */
  readonly ranked: (atFit: RawSample) => readonly number[];
  /** Of the columns, to measure distances by. */
  readonly weights: Float64Array;
  /** The row about which the search goes on. */
  readonly centre: Float64Array;
}

/**
 * The rows of a sample that are kept: all while they are few. The choice is among those of the last fit, and all that became
 * known since is added: the newest is always there, and until the next fit or a new best a factor made before only grows.
 */
export function keptRows(sample: RawSample, { atFit, ranked, weights, centre }: Thinning): readonly number[] {
  if (sample.table.count <= MOST_ROWS) return [...sample.values.keys()];
  const before = atFit();
  const kept =
    before.table.count <= MOST_ROWS
      ? [...before.values.keys()]
      : thinned(before.table, weights, centre, ranked(before), MOST_KEPT);
  const chosen = new Set(kept);
  const since = sample.groups.flatMap((group, i) =>
    group.length > (before.groups[i]?.length ?? 0) && !chosen.has(i) ? [i] : [],
  );
  return [...kept, ...since];
}

/**
 * At most so many rows of a table, ascending: up to a quarter each are the first ranked, the newest, and those that cover the
 * space (each the farthest from the ones before); the others are the nearest to the centre. What is far off and bad must be
 * remembered too: else it is tried again for ever.
 */
export function thinned(
  table: Table,
  weights: Float64Array,
  centre: Float64Array,
  ranked: readonly number[],
  most: number,
): readonly number[] {
  const { rows, count, width, numeric } = table;
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const first = ranked.slice(0, Math.floor(most / 4));
  const name = contentHash([rows.subarray(0, count * width), weights, centre, first, [most, numeric]]);
  const kept = CHOICES.get(name) ?? choose(table, weights, centre, first, most);
  // The least recently used comes first.
  CHOICES.delete(name);
  CHOICES.set(name, kept);
  if (CHOICES.size > MOST_CHOICES) CHOICES.delete(CHOICES.keys().next().value ?? '');
  return kept;
}

/** Memo of `thinned`: between two fits, and until there is a new best, the same rows are asked about again and again. */
const CHOICES = new Map<string, readonly number[]>();
const MOST_CHOICES = 16;

function choose(
  table: Table,
  weights: Float64Array,
  centre: Float64Array,
  first: readonly number[],
  most: number,
): readonly number[] {
  const { rows, count, width } = table;
  const quarter = Math.floor(most / 4);
  const kept = new Set(first);
  for (let i = count - quarter; i < count; i++) kept.add(i);

  const fromCentre = squaresFrom(table, weights, centre);
  const gaps = fromCentre.slice();
  for (let k = 0; k < quarter; k++) {
    const farthest = gaps.reduce((best, gap, i) => (gap > (gaps[best] as number) ? i : best), 0);
    if (gaps[farthest] === 0) break;
    kept.add(farthest);
    const squares = squaresFrom(table, weights, rows.subarray(farthest * width, (farthest + 1) * width));
    for (let i = 0; i < count; i++) gaps[i] = Math.min(gaps[i] as number, squares[i] as number);
  }

  const nearest = [...fromCentre.keys()]
    .filter((i) => !kept.has(i))
    .sort((a, b) => (fromCentre[a] as number) - (fromCentre[b] as number) || a - b)
    .slice(0, most - kept.size);
  return [...kept, ...nearest].sort((a, b) => a - b);
}

/** Squared distances of all rows from one, in units of the lengths; a choice that differs counts its loss. [count] */
function squaresFrom({ rows, count, width, numeric }: Table, weights: Float64Array, row: Float64Array): Float64Array {
  const squares = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++, at += width) {
    let square = 0;
    for (let j = 0; j < width; j++) {
      const gap = (rows[at + j] as number) - (row[j] as number);
      square += (weights[j] as number) * (j < numeric ? gap * gap : Number(gap !== 0));
    }
    squares[i] = square;
  }
  return squares;
}

/** The parents: what survived among all trials that ended, in whatever way they were proposed. */

import { type Ended, endedRows } from '../../columns/ended.js';
import { compareRanks, rankOf } from '../../columns/rank.js';
import type { Table } from '../../columns/table.js';
import type { Direction } from '../../history.js';
import { crowdingDistances } from '../../math/crowding.js';
import { frontsOf } from '../../math/fronts.js';

/** One parent; a lower front is better, then a larger distance. */
export interface Member {
  /** Of the table. */
  readonly row: number;
  /** Front of the feasible observed trials; the others count on from there, one by one. */
  readonly front: number;
  readonly distance: number;
}

/**
 * The population once every trial that ended has been taken in: as many ended trials as it holds make a generation, and the
 * best of it and the population before survive; what ended since takes part at once. O(n) warm; the state after each
 * whole generation is kept under the name of what was read.
 * @source Deb et al. 2002, section III-C.
 */
export function populationOf(table: Table, directions: readonly Direction[], size: number): readonly Member[] {
  const ended = endedRows(table);
  const whole = ended.rows.length - (ended.rows.length % size);
  const survivors = survivorsOf(table, directions, size, ended, whole);
  return survive(table, directions, size, [...survivors, ...ended.rows.slice(whole)]);
}

/** Rows alive after the first `count` ended trials, a multiple of the size. */
function survivorsOf(
  table: Table,
  directions: readonly Direction[],
  size: number,
  ended: Ended,
  count: number,
): readonly number[] {
  const nameAt = (at: number) => `${directions.join()} ${size} ${at} ${ended.nameOf(at)}`;
  let from = count;
  while (from > 0 && !KEPT.has(nameAt(from))) from -= size;
  // Places in the order of ends: rows would change when a trial with a lower number ends.
  let places: readonly number[] = KEPT.get(nameAt(from)) ?? [];
  for (let at = from; at < count; at += size) {
    const rows = [...places.map((place) => ended.rows[place] as number), ...ended.rows.slice(at, at + size)];
    const placeOf = new Map([...places, ...Array.from({ length: size }, (_, i) => at + i)].map((p, i) => [rows[i], p]));
    places = survive(table, directions, size, rows).map(({ row }) => placeOf.get(row) as number);
    KEPT.set(nameAt(at + size), places);
  }
  forgetOldest();
  return places.map((place) => ended.rows[place] as number);
}

/** Populations after whole generations, least recently made first. */
const KEPT = new Map<string, readonly number[]>();
const MOST_KEPT = 2_000;

function forgetOldest(): void {
  for (const oldest of KEPT.keys()) {
    if (KEPT.size <= MOST_KEPT) return;
    KEPT.delete(oldest);
  }
}

/** The best of these rows, at most `size`, best first: by front, within the last front by distance; ties by trial number. */
function survive(
  table: Table,
  directions: readonly Direction[],
  size: number,
  rows: readonly number[],
): readonly Member[] {
  const ranked = rows.map((row) => ({ row, rank: rankOf(table, row, directions) }));
  ranked.sort((a, b) => a.row - b.row);
  const feasible = ranked.filter(({ rank }) => rank[0] === 0).map(({ row }) => row);
  const signs = directions.map((direction) => (direction === 'maximize' ? -1 : 1));
  const vectors = feasible.map((row) => signs.map((sign, o) => sign * (table.trials[row]?.values?.[o] ?? 0)));
  const fronts = frontsOf(vectors, size);
  const members = fronts.flatMap((front, f) => {
    const distances = crowdingDistances(front.map((i) => vectors[i] ?? []));
    const all = front.map((i, k): Member => ({ row: feasible[i] as number, front: f, distance: distances[k] ?? 0 }));
    return all.sort(compareMembers);
  });
  const others = ranked.filter(({ rank }) => rank[0] > 0).sort((a, b) => compareRanks(a.rank, b.rank) || a.row - b.row);
  const rest = others.map(({ row }, i): Member => ({ row, front: fronts.length + i, distance: Infinity }));
  return [...members, ...rest].slice(0, size);
}

/** Negative when a is the better parent. */
export function compareMembers(a: Member, b: Member): number {
  if (a.front !== b.front) return a.front - b.front;
  if (a.distance !== b.distance) return a.distance > b.distance ? -1 : 1;
  return a.row - b.row;
}

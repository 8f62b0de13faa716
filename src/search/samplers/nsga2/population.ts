/** The parents: what survived among all trials that ended, in whatever way they were proposed. */

import { type Ended, endedRows } from '../../columns/ended.js';
import { compareRanks, rankOf } from '../../columns/rank.js';
import type { Table } from '../../columns/table.js';
import type { Direction } from '../../history.js';
import { crowdingDistances } from '../../math/crowding.js';
import { frontsOf, type Values } from '../../math/fronts.js';
import { evenDirections, fillNiches, nichesOf } from '../../math/niches.js';

/** Objectives for which crowding tells who stands alone: of more, nearly everybody does. */
const MOST_CROWDED = 3;
/** Of each axis, into steps between the directions that the population then spreads over. */
const DIVISIONS = 3;

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
  const measure = directions.length > MOST_CROWDED ? aloneByNiches : aloneByCrowding;
  const members = measure(vectors, fronts, size).map(({ row, ...rest }) => ({ row: feasible[row] as number, ...rest }));
  const others = ranked.filter(({ rank }) => rank[0] > 0).sort((a, b) => compareRanks(a.rank, b.rank) || a.row - b.row);
  const rest = others.map(({ row }, i): Member => ({ row, front: fronts.length + i, distance: Infinity }));
  return [...members, ...rest].slice(0, size);
}

/** Members of these fronts, by place among the vectors; of the last front all, the most alone first. */
function aloneByCrowding(vectors: readonly Values[], fronts: readonly (readonly number[])[]): readonly Member[] {
  return fronts.flatMap((front, f) => {
    const distances = crowdingDistances(front.map((i) => vectors[i] ?? []));
    const all = front.map((i, k): Member => ({ row: i, front: f, distance: distances[k] ?? 0 }));
    return all.sort(compareMembers);
  });
}

/**
 * The same of the last front only those that are needed: they fill the directions that the others leave empty. A member is the more
 * alone the fewer share its direction.
 * @source Deb and Jain, IEEE TEVC 18 (2014).
 */
function aloneByNiches(
  vectors: readonly Values[],
  fronts: readonly (readonly number[])[],
  size: number,
): readonly Member[] {
  const [first] = vectors;
  if (first === undefined) return [];
  const places = fronts.flat();
  const niches = nichesOf(
    places.map((i) => vectors[i] ?? []),
    evenDirections(first.length, DIVISIONS),
  );
  const last = fronts.at(-1) ?? [];
  const whole = places.length - last.length;
  const before = Array.from({ length: whole }, (_, at) => at);
  const candidates = last.map((_, k) => whole + k);
  const alive = [...before, ...fillNiches(niches, before, candidates, size - whole)];
  const crowds = new Map<number, number>();
  for (const at of alive) crowds.set(niches.nearest[at] as number, (crowds.get(niches.nearest[at] as number) ?? 0) + 1);
  const frontOf = fronts.flatMap((front, f) => front.map(() => f));
  const all = alive.map((at): Member => {
    const crowd = crowds.get(niches.nearest[at] as number) ?? 0;
    return { row: places[at] as number, front: frontOf[at] as number, distance: -crowd };
  });
  return all.sort(compareMembers);
}

/** Negative when a is the better parent. */
export function compareMembers(a: Member, b: Member): number {
  if (a.front !== b.front) return a.front - b.front;
  if (a.distance !== b.distance) return a.distance > b.distance ? -1 : 1;
  return a.row - b.row;
}

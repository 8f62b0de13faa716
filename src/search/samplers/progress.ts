/** How a search is getting on: how long ago it found something new, and which method finds what is good. */

import { endedRows } from '../columns/ended.js';
import { compareRanks, rankOf } from '../columns/rank.js';
import type { Table } from '../columns/table.js';
import type { Direction, HistoryTrial } from '../history.js';
import { dominates, type Values } from '../math/fronts.js';

/** Share of the trials so far that a good one is among. */
const GOOD = 0.1;
/** Trials of a method that are looked back at. */
const MEMORY = 50;
/** How much a method gains by not having been asked. */
const CURIOSITY = 0.5;
/** Share of the proposals that every method has. */
const LEAST_SHARE = 0.05;

/** Trials that ended after the last one that was a new best, or joined the front of several objectives. O(n front). */
export function endedSinceNews(table: Table, directions: readonly Direction[]): number {
  const signs = directions.map((direction) => (direction === 'maximize' ? -1 : 1));
  const { rows } = endedRows(table);
  let front: readonly Values[] = [];
  let last = -1;
  rows.forEach((row, i) => {
    if (rankOf(table, row, directions)[0] > 0) return;
    const { values = [] } = table.trials[row] as HistoryTrial;
    const vector = signs.map((sign, o) => sign * (values[o] ?? 0));
    const isOld = (other: Values) => dominates(other, vector) || other.every((value, o) => value === vector[o]);
    if (front.some(isOld)) return;
    front = [...front.filter((other) => !dominates(vector, other)), vector];
    last = i;
  });
  return rows.length - 1 - last;
}

/**
 * Which of some methods is to be asked next: the one with the largest share of good trials among its last 50, plus more the less
 * it was asked. A trial is good when it was among the best tenth of those that had ended when it did. The first method never asked,
 * or asked less than its least share, goes first. Reads who proposed what; O(n log n).
 * @source UCB1: Auer, Cesa-Bianchi, Fischer, Machine Learning 47 (2002).
 */
export function methodDue<Kind extends string>(
  table: Table,
  directions: readonly Direction[],
  kinds: readonly [Kind, ...Kind[]],
): Kind {
  const asked = kinds.map((kind) => table.trials.filter(({ by }) => by === kind).length);
  const all = asked.reduce((sum, count) => sum + count, 0);
  const neglected = kinds.find((_, k) => asked[k] === 0 || (asked[k] as number) < LEAST_SHARE * all);
  if (neglected !== undefined) return neglected;

  const shares = goodShares(table, directions, kinds);
  const scores = shares.map((share, k) => share + Math.sqrt((CURIOSITY * Math.log(all)) / (asked[k] as number)));
  return kinds[scores.indexOf(Math.max(...scores))] ?? kinds[0];
}

/** Share of good trials among the last of each method, 0 of none. */
export function goodShares(
  table: Table,
  directions: readonly Direction[],
  kinds: readonly string[],
): readonly number[] {
  const { rows } = endedRows(table);
  const places = placesOf(table, rows, directions);
  return kinds.map((kind) => {
    let [good, seen] = [0, 0];
    for (let i = rows.length - 1; i >= 0 && seen < MEMORY; i--) {
      if (table.trials[rows[i] as number]?.by !== kind) continue;
      let better = 0;
      for (let j = 0; j < i; j++) if ((places[j] as number) < (places[i] as number)) better += 1;
      if (better < GOOD * (i + 1)) good += 1;
      seen += 1;
    }
    return seen === 0 ? 0 : good / seen;
  });
}

/** The place of each in the order of ranks; equal ranks share one. */
function placesOf(table: Table, rows: readonly number[], directions: readonly Direction[]): Int32Array {
  const ranks = rows.map((row) => rankOf(table, row, directions));
  const order = [...rows.keys()].sort((a, b) => compareRanks(ranks[a] ?? [4, 0, 0], ranks[b] ?? [4, 0, 0]) || a - b);
  const places = new Int32Array(rows.length);
  order.forEach((i, at) => {
    const before = order[at - 1];
    const isTie = before !== undefined && compareRanks(ranks[before] ?? [4, 0, 0], ranks[i] ?? [4, 0, 0]) === 0;
    places[i] = isTie ? (places[before] as number) : at;
  });
  return places;
}

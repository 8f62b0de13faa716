/** A region about the best trial that grows while it pays and shrinks while it does not: replayed from the history, never kept. */

import { endedRows } from '../../columns/ended.js';
import { compareRanks, type Rank, rankOf } from '../../columns/rank.js';
import type { Table } from '../../columns/table.js';
import type { Direction, HistoryTrial } from '../../history.js';
import type { Box } from './climb.js';
import type { Features } from './features.js';

/** Sides in shares of the range: the first, the longest, and the shortest before the search goes on elsewhere. */
const FIRST_SIDE = 0.8;
const LONGEST_SIDE = 1.6;
const SHORTEST_SIDE = 2 ** -7;
/** New bests in a row that double the sides; as many failures as axes, at least so many, halve them. */
const SUCCESSES = 3;
const FEWEST_FAILURES = 4;
/** How much longer or shorter than others a length may make a side: in shares of the range. */
const SHORTEST_LENGTH = 0.02;
const LONGEST_LENGTH = 2;

export interface Region {
  /** Before it is stretched by the lengths. */
  readonly side: number;
  /** How many regions came before. */
  readonly restarts: number;
  /** Trials of it that ended. */
  readonly ended: number;
  /** Row of the best of those, or -1. */
  readonly centre: number;
}

/** What is judged in whose name. */
export interface Judging {
  /** The sampler whose region it is. */
  readonly kind: string;
  /** Of the space. */
  readonly axes: number;
  /** Trials of a region that end before its model speaks, >= 0. */
  readonly startup: number;
}

/**
 * The region as it is after all that ended, in order of ending. To the first belongs every trial, whoever proposed it; to a later
 * one only what was asked by `kind` since it began: what was in flight then, and what other samplers go on to propose near the old
 * best, would put its centre where the last one gave up. Of these, trials by `kind` that were asked once the start-up had ended
 * are judged: by whether they were better than all that ended before in the region. The spread points of a start-up, those that
 * end late too, are neither successes nor failures of a side. O(n).
 * @source Eriksson et al. NeurIPS 2019 (arXiv:1910.01739), section 3 and appendix.
 */
export function regionOf(table: Table, directions: readonly Direction[], { kind, axes, startup }: Judging): Region {
  const mostFailures = Math.max(FEWEST_FAILURES, axes);
  let region: Region = { side: FIRST_SIDE, restarts: 0, ended: 0, centre: -1 };
  let best: Rank | null = null;
  let [since, successes, failures] = [-Infinity, 0, 0];
  /** Where the start-up ended. */
  let spoken = startup > 0 ? Infinity : -Infinity;
  for (const row of endedRows(table).rows) {
    const { by, askedAt, endedAt = askedAt } = table.trials[row] as HistoryTrial;
    if (region.restarts > 0 && (by !== kind || askedAt <= since)) continue;
    const rank = rankOf(table, row, directions);
    const isBetter = best === null || compareRanks(rank, best) < 0;
    if (isBetter) best = rank;
    let { side } = region;
    if (by === kind && askedAt > spoken) {
      [successes, failures] = isBetter ? [successes + 1, 0] : [0, failures + 1];
      if (successes === SUCCESSES) [side, successes] = [Math.min(LONGEST_SIDE, 2 * side), 0];
      if (failures === mostFailures) [side, failures] = [side / 2, 0];
    }
    region = { ...region, side, ended: region.ended + 1, centre: isBetter ? row : region.centre };
    if (region.ended === startup) spoken = endedAt;
    if (side >= SHORTEST_SIDE) continue;
    region = { side: FIRST_SIDE, restarts: region.restarts + 1, ended: 0, centre: -1 };
    [best, since, successes, failures] = [null, endedAt, 0, 0];
    spoken = startup > 0 ? Infinity : endedAt;
  }
  return region;
}

/** The region's box about a point: longer where the model sees slow change; of listed values at least the neighbours are inside. */
export function boxAbout({ axes }: Features, centre: Float64Array, lengths: Float64Array, side: number): Box {
  const stretches = axes.map(({ column, isUnordered }) =>
    isUnordered ? 1 : Math.min(LONGEST_LENGTH, Math.max(SHORTEST_LENGTH, lengths[column] as number)),
  );
  const ordered = stretches.filter((_, a) => !axes[a]?.isUnordered);
  const mean = Math.exp(ordered.reduce((sum, length) => sum + Math.log(length) / ordered.length, 0));
  const half = axes.map(({ levels }, a) => Math.max((side * (stretches[a] as number)) / mean / 2, 1 / levels));
  return {
    low: centre.map((u, a) => Math.max(0, u - (half[a] as number))),
    high: centre.map((u, a) => Math.min(1, u + (half[a] as number))),
  };
}

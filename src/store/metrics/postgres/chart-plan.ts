/**
 * What must be read of a stream's compacted points of one key to draw a chart, decided from the roll-ups' headers alone.
 * The grid of the chart is the finest power of two that gives at most `maxPoints` buckets: the plan proves from the
 * roll-ups' counts how fine that can be at most, and reads no finer than it must and no coarser than it may.
 */
import { type BucketColumns, filterBuckets } from './bucket-grid.js';
import { ROLLUP_CHUNKS, type Rollup } from './rollup.js';

/** Steps that are asked for, both included; infinite where there is no bound. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export type RollupHeader = Omit<Rollup, 'data'>;

/** A roll-up that reaches into the window. One that reaches beyond it comes with its finest buckets that do not. */
export interface Group {
  readonly header: RollupHeader;
  readonly inside: BucketColumns | null;
}

/** Level `level` of a roll-up, from 0. */
export interface LevelToRead {
  readonly header: RollupHeader;
  readonly level: number;
}

/** Points with steps in the window of the chunks `[from, to)`. */
export interface ChunksToRead {
  readonly from: number;
  readonly to: number;
  readonly window: Window;
  /** Whether only the chunks at one step or so of many are in the window. */
  readonly isEdge: boolean;
}

export interface Plan {
  readonly levels: readonly LevelToRead[];
  /** Read already, with the first chunk that they stand for. */
  readonly buckets: readonly { readonly first: number; readonly part: BucketColumns }[];
  readonly chunks: readonly ChunksToRead[];
}

export function isInside({ loStep, hiStep }: RollupHeader, { from, to }: Window): boolean {
  return loStep >= from && hiStep <= to;
}

export function touches({ loStep, hiStep }: RollupHeader, { from, to }: Window): boolean {
  return loStep <= to && hiStep >= from;
}

/** The finest buckets of a roll-up that lie whole in the window. */
export function clipBuckets(finest: BucketColumns, { from, to }: Window): BucketColumns {
  return filterBuckets(finest, (place) => place * finest.width >= from && (place + 1) * finest.width - 1 <= to);
}

/** The finest grid that a chart of these streams can need; 1 when points must be read. `streams`: groups of one key each. */
export function chartWidth(streams: readonly (readonly Group[])[], maxPoints: number): number {
  const widths = streams.flat().map(({ header }) => header.width);
  if (widths.length === 0) return 1;
  let width = Math.min(...widths);
  const isTooFine = () => streams.some((groups) => fewestBuckets(groups, width) > maxPoints);
  if (!isTooFine()) return 1;
  while (isTooFine()) width *= 2;
  return width; // at half of it there are too many
}

/** Reads for one stream on a grid of `width`. `covered`: chunks that have roll-ups, in the window or not. */
export function planStream(groups: readonly Group[], width: number, covered: number, window: Window): Plan {
  const levels: LevelToRead[] = [];
  const buckets: { first: number; part: BucketColumns }[] = [];
  const chunks: ChunksToRead[] = [];
  for (const { header, inside } of groups) {
    const first = ROLLUP_CHUNKS * header.no;
    const own = { from: first, to: first + header.chunks };
    if (header.width > width) chunks.push({ ...own, window, isEdge: false });
    else if (inside === null) levels.push({ header, level: levelFor(header, width) });
    else {
      buckets.push({ first, part: inside });
      for (const edge of edges(header.width, window)) chunks.push({ ...own, window: edge, isEdge: true });
    }
  }
  chunks.push({ from: covered, to: Number.POSITIVE_INFINITY, window, isEdge: false });
  return { levels, buckets, chunks };
}

/** The coarsest level that is not wider than `width`. */
function levelFor(header: RollupHeader, width: number): number {
  return Math.min(header.counts.length - 1, Math.round(Math.log2(width / header.width)));
}

/** The parts of the window in buckets that it cuts: none, one or two. */
function edges(width: number, { from, to }: Window): Window[] {
  const first = Math.floor(from / width) * width;
  const last = Math.floor(to / width) * width;
  const isCut = (start: number) => start < from || start + width - 1 > to;
  const found: Window[] = [];
  if (Number.isFinite(from) && isCut(first)) found.push({ from, to: Math.min(to, first + width - 1) });
  if (Number.isFinite(to) && isCut(last) && last !== first) found.push({ from: Math.max(from, last), to });
  return found;
}

/** A number of buckets that the points of the groups fill at least: exact for each, and neighbours may share one. */
function fewestBuckets(groups: readonly Group[], width: number): number {
  const sorted = [...groups].sort((a, b) => a.header.loStep - b.header.loStep);
  let sum = 0;
  let most = 0;
  let end = Number.NEGATIVE_INFINITY;
  let areApart = true;
  for (const group of sorted) {
    const own = bucketsOf(group, width);
    sum += own;
    most = Math.max(most, own);
    areApart &&= group.header.loStep >= end;
    end = Math.max(end, group.header.hiStep);
  }
  return areApart ? sum - groups.length + 1 : most;
}

/** Exact where the roll-up has the width; else no more than there are. */
function bucketsOf({ header, inside }: Group, width: number): number {
  if (inside !== null) return bucketsAt(inside, width);
  const level = Math.max(0, Math.round(Math.log2(width / header.width)));
  return header.counts[level] ?? 1;
}

function bucketsAt({ places, width: own }: BucketColumns, width: number): number {
  const ratio = Math.max(1, width / own);
  let count = 0;
  let last = Number.NaN;
  for (const place of places) {
    const at = Math.floor(place / ratio);
    if (at !== last) count++;
    last = at;
  }
  return count;
}

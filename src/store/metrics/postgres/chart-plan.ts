/**
 * What must be read of a stream's compacted points of one key to draw a chart, decided from the roll-ups' headers alone.
 * The grid of the chart is the finest power of two that gives at most `maxPoints` buckets: the plan proves from the
 * roll-ups' counts how fine that can be at most, and reads no finer than it must and no coarser than it may.
 */
import { type BucketColumns, filterBuckets } from './bucket-grid.js';
import { ROLLUP_CHUNKS, type Rollup } from './rollup.js';
import type { TimeSpans } from './time-spans.js';
import { timesOf, type Window } from './window.js';

/** Parts of one roll-up that are read by themselves. */
const MAX_EDGES = 8;
/** Buckets whose points are usually in a chunk or two. */
const NARROW = 4;

export type RollupHeader = Omit<Rollup, 'data'>;

/** A roll-up that reaches into the window. */
export interface Group {
  readonly header: RollupHeader;
  /** Of one that reaches beyond the window: its finest buckets that do not, */
  readonly inside: BucketColumns | null;
  /** and the parts of the window in buckets that do. */
  readonly edges: readonly Edge[];
}

/** Buckets that the window cuts: `isNarrow` when they are few of many. */
export interface Edge {
  readonly window: Window;
  readonly isNarrow: boolean;
}

/** Chunks, of a source, that no roll-up stands for: `[from, to)`. */
export interface Gap {
  readonly from: number;
  readonly to: number;
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

export function isInside(header: RollupHeader, window: Window): boolean {
  return header.loStep >= window.from && header.hiStep <= window.to && isInsideTimes(header, window);
}

/** Whether all of a roll-up lies in the window as far as times go. */
export function isInsideTimes({ loTime, hiTime }: Pick<RollupHeader, 'loTime' | 'hiTime'>, window: Window): boolean {
  const { fromTime, toTime } = timesOf(window);
  return loTime >= fromTime && hiTime <= toTime;
}

export function touches({ loStep, hiStep, loTime, hiTime }: RollupHeader, window: Window): boolean {
  const { fromTime, toTime } = timesOf(window);
  return loStep <= window.to && hiStep >= window.from && loTime <= toTime && hiTime >= fromTime;
}

/**
 * The finest buckets of a roll-up that lie whole in the window, and where the window cuts some. `spans`: when they were
 * logged; null when the window holds all of the roll-up's times.
 */
export function cutBuckets(finest: BucketColumns, spans: TimeSpans | null, window: Window): Omit<Group, 'header'> {
  const { from, to } = window;
  const { fromTime, toTime } = timesOf(window);
  const { width } = finest;
  const parts: { first: number; last: number; n: number }[] = [];
  let isCutBefore = false;
  const inside = filterBuckets(finest, (place, i) => {
    const [lo, hi] = [place * width, (place + 1) * width - 1];
    const [loTime, hiTime] = spans === null ? [fromTime, toTime] : [spans.lo[i] as number, spans.hi[i] as number];
    const isIn = lo >= from && hi <= to && loTime >= fromTime && hiTime <= toTime;
    const isOut = lo > to || hi < from || loTime > toTime || hiTime < fromTime;
    const isCut = !isIn && !isOut;
    if (isCut) {
      const part = isCutBefore ? parts.pop() : undefined;
      parts.push({ first: part?.first ?? lo, last: hi, n: (part?.n ?? 0) + 1 });
    }
    isCutBefore = isCut;
    return isIn;
  });
  // Times that go back cut many: one read of all then.
  if (parts.length > MAX_EDGES)
    return { inside: filterBuckets(finest, () => false), edges: [{ window, isNarrow: false }] };
  const edges = parts.map(({ first, last, n }) => ({
    window: { ...window, from: Math.max(from, first), to: Math.min(to, last) },
    isNarrow: n <= NARROW,
  }));
  return { inside, edges };
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

/** Reads for one stream on a grid of `width`. `gaps`: chunks that have no roll-up, in the window or not. */
export function planStream(groups: readonly Group[], width: number, gaps: readonly Gap[], window: Window): Plan {
  const levels: LevelToRead[] = [];
  const buckets: { first: number; part: BucketColumns }[] = [];
  const chunks: ChunksToRead[] = [];
  for (const { header, inside, edges } of groups) {
    const first = ROLLUP_CHUNKS * header.no;
    const own = { from: first, to: first + header.chunks };
    if (header.width > width) chunks.push({ ...own, window, isEdge: false });
    else if (inside === null) levels.push({ header, level: levelFor(header, width) });
    else {
      buckets.push({ first, part: inside });
      for (const edge of edges) chunks.push({ ...own, window: edge.window, isEdge: edge.isNarrow });
    }
  }
  for (const gap of gaps) chunks.push({ ...gap, window, isEdge: false });
  return { levels, buckets, chunks };
}

/** The coarsest level stored that is not wider than `width`. */
function levelFor({ counts, ends, width: finest }: RollupHeader, width: number): number {
  let level = Math.min(counts.length - 1, Math.round(Math.log2(width / finest)));
  while (level > 0 && ends[level] === ends[level - 1]) level--;
  return level;
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

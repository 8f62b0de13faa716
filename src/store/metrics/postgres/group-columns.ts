/**
 * The members of all groups of one key brought together: one grid for all, the finest that keeps the buckets of their
 * union to a number, and per group and bucket how the members' means lie. Members come group by group, each once, and are
 * kept as they came; they are folded to the grid when all are there. Pure: what takes long yields now and then.
 */
import type { GroupColumns } from '../metric-store.js';
import type { MemberColumns } from './member-grid.js';
import { quantileOf, spreadOf } from './spread.js';

/** Numbers that are handled before others may run: some milliseconds. */
const NUMBERS_PER_TURN = 50_000;
const CELLS_PER_BLOCK = 16_384;

/** Cells of consecutive members. */
interface Block {
  readonly places: Float64Array;
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

/** A member's cells: `[start, end)` of all, in order of step, on a grid of `width`. */
interface Member {
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

interface Extremes {
  low: number;
  high: number;
}

interface Group {
  readonly members: Member[];
  /** By place on the common grid: of every bucket in which a member has a finite value. */
  extremes: Map<number, Extremes>;
}

export class KeyGroups {
  /** Of the common grid as it is so far. It only grows. */
  width = 1;
  private readonly maxBuckets: number;
  private readonly groups: readonly Group[];
  private readonly blocks: Block[] = [];
  private size = 0;
  /** Places of all groups that have a point. */
  private occupied = new Set<number>();

  constructor(groups: number, maxBuckets: number) {
    this.maxBuckets = maxBuckets;
    this.groups = Array.from({ length: groups }, () => ({ members: [], extremes: new Map() }));
  }

  /** Cells kept, 20 bytes each: one per member and bucket. */
  get cells(): number {
    return this.size;
  }

  /** Takes the next member of a group. */
  add(group: number, columns: MemberColumns): void {
    const { width, places } = columns;
    while (this.width < width) this.widen();
    for (const place of places) {
      this.occupied.add(Math.floor((place * width) / this.width));
      while (this.occupied.size > this.maxBuckets) this.widen();
    }
    const own = this.groups[group] as Group;
    const start = this.size;
    let last = Number.NaN;
    for (let i = 0; i < places.length; i++) {
      const count = columns.counts[i] as number;
      if (count === 0) continue;
      const place = Math.floor(((places[i] as number) * width) / this.width);
      if (place === last) this.addToLast(columns.sums[i] as number, count);
      else this.push(place, columns.sums[i] as number, count);
      last = place;
      widenExtremes(own.extremes, place, columns.lows[i] as number, columns.highs[i] as number);
    }
    if (this.size > start) own.members.push({ start, end: this.size, width: this.width });
  }

  /** Per group its columns; `quantiles` are from 0 to 1. */
  *finish(key: string, quantiles: readonly number[]): Generator<undefined, GroupColumns[]> {
    const finished: GroupColumns[] = [];
    for (const group of this.groups) finished.push(yield* this.columnsOf(group, key, quantiles));
    return finished;
  }

  private *columnsOf(
    { members, extremes }: Group,
    key: string,
    quantiles: readonly number[],
  ): Generator<undefined, GroupColumns> {
    const places = Float64Array.from(extremes.keys()).sort(); // [m]
    const m = places.length;
    const column = () => new Float64Array(m);
    const [counts, mean, sd, min, max] = [column(), column(), column(), column(), column()];
    const asked = quantiles.map(column);

    let work = 0;
    for (const member of members) {
      this.visit(member, places, (i) => {
        counts[i] = (counts[i] as number) + 1;
      });
      work += member.end - member.start;
      if (work > NUMBERS_PER_TURN) {
        yield;
        work = 0;
      }
    }
    const ends = counts.slice();
    for (let i = 1; i < m; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number);
    const means = new Float64Array(ends[m - 1] ?? 0); // bucket by bucket
    const next = ends.map((end, i) => end - (counts[i] as number));
    for (const member of members) {
      this.visit(member, places, (i, own) => {
        means[next[i] as number] = own;
        next[i] = (next[i] as number) + 1;
      });
      work += member.end - member.start;
      if (work > NUMBERS_PER_TURN) {
        yield;
        work = 0;
      }
    }
    for (let i = 0; i < m; i++) {
      const end = ends[i] as number;
      const sorted = means.subarray(end - (counts[i] as number), end).sort();
      const spread = spreadOf(sorted);
      mean[i] = spread.mean;
      sd[i] = spread.sd;
      min[i] = spread.min;
      max[i] = spread.max;
      asked.forEach((values, q) => {
        values[i] = quantileOf(sorted, quantiles[q] as number);
      });
      work += sorted.length;
      if (work > NUMBERS_PER_TURN) {
        yield;
        work = 0;
      }
    }
    const extreme = (of: keyof Extremes) => places.map((place) => (extremes.get(place) as Extremes)[of]);
    return {
      key,
      width: this.width,
      steps: places.map((place) => place * this.width),
      members: counts,
      mean,
      sd,
      min,
      max,
      lowest: extreme('low'),
      highest: extreme('high'),
      quantiles: asked,
    };
  }

  /** Calls `take` with each bucket in which the member has a value, as its number in `places`, and its mean there. */
  private visit(member: Member, places: Float64Array, take: (i: number, mean: number) => void): void {
    const ratio = this.width / member.width;
    let i = 0;
    let [sum, count] = [0, 0];
    for (let at = member.start; at < member.end; at++) {
      const block = this.blocks[Math.floor(at / CELLS_PER_BLOCK)] as Block;
      const cell = at % CELLS_PER_BLOCK;
      const place = Math.floor((block.places[cell] as number) / ratio);
      if (place !== places[i]) {
        if (count > 0) take(i, sum / count);
        [sum, count] = [0, 0];
        while (places[i] !== place) i++;
      }
      sum += block.sums[cell] as number;
      count += block.counts[cell] as number;
    }
    if (count > 0) take(i, sum / count);
  }

  private push(place: number, sum: number, count: number): void {
    const cell = this.size % CELLS_PER_BLOCK;
    if (cell === 0) {
      this.blocks.push({
        places: new Float64Array(CELLS_PER_BLOCK),
        sums: new Float64Array(CELLS_PER_BLOCK),
        counts: new Uint32Array(CELLS_PER_BLOCK),
      });
    }
    const block = this.blocks.at(-1) as Block;
    block.places[cell] = place;
    block.sums[cell] = sum;
    block.counts[cell] = count;
    this.size++;
  }

  private addToLast(sum: number, count: number): void {
    const cell = (this.size - 1) % CELLS_PER_BLOCK;
    const block = this.blocks.at(-1) as Block;
    block.sums[cell] = (block.sums[cell] as number) + sum;
    block.counts[cell] = (block.counts[cell] as number) + count;
  }

  private widen(): void {
    this.width *= 2;
    const before = this.occupied;
    this.occupied = new Set();
    for (const place of before) this.occupied.add(Math.floor(place / 2));
    for (const group of this.groups) {
      const own = group.extremes;
      group.extremes = new Map();
      for (const [place, { low, high }] of own) widenExtremes(group.extremes, Math.floor(place / 2), low, high);
    }
  }
}

function widenExtremes(extremes: Map<number, Extremes>, place: number, low: number, high: number): void {
  const own = extremes.get(place);
  if (own === undefined) {
    extremes.set(place, { low, high });
    return;
  }
  if (low < own.low) own.low = low;
  if (high > own.high) own.high = high;
}

/**
 * Hands on what plans name of the compacted points, and all of the log, in stored order and bounded memory. Must run in
 * one snapshot: points move from the log to chunks all the time.
 */
import { PlatformError } from '../../../domain/errors.js';
import type { Sql } from '../../database.js';
import { groupBy } from '../../streams/group-by.js';
import { METRIC_LIMITS } from '../metric-store.js';
import type { BucketColumns } from './bucket-grid.js';
import type { Plan } from './chart-plan.js';
import { CHUNK_POINTS, type ChunkColumns } from './chunk-codec.js';
import { type Source, takeCompacted } from './read-compacted.js';
import { readStretches, type StreamRow, type Stretch } from './read-points.js';
import type { KeyedColumns } from './segment-codec.js';

/** Points that are decoded before they are handed on, when there are several streams. */
const POINTS_PER_PAGE = 200_000;

export interface SourcePlan {
  readonly source: Source;
  readonly plan: Plan;
}

export interface Taker {
  /** Compacted points in the window that the plan was made for. */
  readonly compacted: (source: Source, part: BucketColumns | ChunkColumns) => void;
  /** Points of the log, in the window or not, and the seq of the first. */
  readonly logged: (stream: StreamRow, columns: KeyedColumns, seq: number) => void;
}

/** In order of streams, as the points were stored: of one series, an older stream's log is before a newer one's chunks. */
export async function takePoints(
  sql: Sql,
  logs: readonly Stretch[],
  plans: readonly SourcePlan[],
  wanted: ReadonlySet<number>,
  taker: Taker,
): Promise<void> {
  checkCost(plans, logs);
  const byStream = groupBy(plans, ({ source }) => source.stream.id);
  for (const page of pagesOf(logs, byStream)) {
    const own = page.flatMap(({ stream }) => byStream.get(stream.id) ?? []);
    const waiting = new Map<number, (() => void)[]>(page.map(({ stream }) => [stream.id, []]));
    const hand = (streamId: number, act: () => void) => {
      if (page.length === 1) act();
      else waiting.get(streamId)?.push(act);
    };
    await takeCompacted(sql, own, (source, part) => {
      hand(source.stream.id, () => taker.compacted(source, part));
    });
    await readStretches(sql, page, wanted, ({ stream }, columns, seq) => {
      hand(stream.id, () => taker.logged(stream, columns, seq));
    });
    for (const acts of waiting.values()) for (const act of acts) act();
  }
}

/** Points to decode, at most; of an edge, as usual. */
export function pointsOf({ source, plan }: SourcePlan): number {
  const end = Math.ceil(source.total / CHUNK_POINTS);
  const chunks = plan.chunks.map(({ from, to, isEdge }) =>
    Math.min(isEdge ? 2 : end, Math.max(0, Math.min(to, end) - from)),
  );
  return CHUNK_POINTS * chunks.reduce((sum, n) => sum + n, 0);
}

/** @throws LIMIT_EXCEEDED */
function checkCost(plans: readonly SourcePlan[], logs: readonly Stretch[]): void {
  const inLog = logs.reduce((sum, { from, to }) => sum + to - from, 0);
  const total = plans.reduce((sum, plan) => sum + pointsOf(plan), inLog);
  const limit = METRIC_LIMITS.pointsPerRead;
  if (total <= limit) return;
  const message = `of these trials ${total} points are to be read one by one, one read may scan ${limit}; ask for fewer trials`;
  throw new PlatformError('LIMIT_EXCEEDED', message, { limit });
}

/** Streams grouped so that what is decoded of a group stays small; a large one is alone. */
function* pagesOf(
  logs: readonly Stretch[],
  plans: ReadonlyMap<number, readonly SourcePlan[]>,
): Generator<readonly Stretch[]> {
  let page: Stretch[] = [];
  let room = POINTS_PER_PAGE;
  for (const log of logs) {
    const cost = (plans.get(log.stream.id) ?? []).reduce((sum, plan) => sum + pointsOf(plan), log.to - log.from);
    if (page.length > 0 && cost > room) {
      yield page;
      page = [];
      room = POINTS_PER_PAGE;
    }
    page.push(log);
    room -= cost;
  }
  if (page.length > 0) yield page;
}

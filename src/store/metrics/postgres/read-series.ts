/**
 * The read behind charts: roll-ups where they are fine enough, chunks where they are not and at the edges of the window,
 * and what the log still holds. Must run in one snapshot: points move from the log to chunks all the time. The numbers are
 * those of all points in stored order, wherever they are kept.
 */
import { PlatformError } from '../../../domain/errors.js';
import type { Sql } from '../../database.js';
import { numberArray } from '../../streams/arrays.js';
import { groupBy } from '../../streams/group-by.js';
import { encodePositions } from '../../streams/positions.js';
import { METRIC_LIMITS, type SeriesPoints, type SeriesQuery, type SeriesRead } from '../metric-store.js';
import { SeriesCollector } from './buckets.js';
import { chartWidth, type Plan, planStream } from './chart-plan.js';
import { CHUNK_POINTS } from './chunk-codec.js';
import { readChunkHeads, readGroups, type Source, takeCompacted } from './read-compacted.js';
import { checkScope, keyNames } from './read-metrics.js';
import { readStreams, readStretches, type StreamRow, type Stretch } from './read-points.js';
import { pick, type Window } from './window.js';

/** Points that are decoded before they are handed on, when there are several streams. */
const POINTS_PER_PAGE = 200_000;

const LOG_STARTS = `/* metric.log.starts */
SELECT b.id, (SELECT min(g.seq) FROM metric_segment g WHERE g.stream_id = b.id) AS seq FROM unnest($1::bigint[]) AS b(id)`;

interface Entry {
  readonly collector: SeriesCollector;
  readonly keyId: number;
  /** The stream that has the series' first point, and its seq. */
  stream: StreamRow;
  seq: number;
}

/** Series of the keys, and the cursor of exactly what was read. */
export async function readSeries(sql: Sql, generation: string, query: SeriesQuery): Promise<SeriesRead> {
  const { scope, keys, maxPoints } = query;
  checkScope(scope);
  const window = windowOf(query);
  const streams = await readStreams(sql, scope);
  const cursor = encodePositions('metric', generation, new Map(streams.map(({ id, nextSeq }) => [id, nextSeq])));
  const names = await keyNames(sql, streams, keys);
  if (names.size === 0) return { cursor, series: [] };

  const logs = await readLogs(sql, streams);
  const sources = await readChunkHeads(sql, streams, [...names.keys()]);
  await readGroups(sql, sources, window);
  const found = new Map<string, Entry>();
  const plans = planAll(sources, maxPoints, window, found);
  checkCost(plans, logs);

  const wanted = new Set(names.keys());
  const byStream = groupBy(plans, ({ source }) => source.stream.id);
  for (const page of pagesOf(logs, byStream)) {
    const own = page.flatMap(({ stream }) => byStream.get(stream.id) ?? []);
    // In order of streams, as the points were stored: of one series, an older stream's log is before a newer one's chunks.
    const waiting = new Map<number, (() => void)[]>(page.map(({ stream }) => [stream.id, []]));
    const hand = (streamId: number, act: () => void) => {
      if (page.length === 1) act();
      else waiting.get(streamId)?.push(act);
    };
    await takeCompacted(sql, own, (source, part) => {
      const { collector } = found.get(idOf(source)) as Entry; // made with its plan
      hand(source.stream.id, () =>
        'places' in part ? collector.addBuckets(part) : collector.add(part.steps, part.times, part.values),
      );
    });
    await readStretches(sql, page, wanted, ({ stream }, { keyId, ...columns }, seq) => {
      const points = pick(columns, window);
      if (points.steps.length === 0) return;
      const { collector } = entryOf(found, { stream, keyId, firstSeq: seq }, maxPoints);
      hand(stream.id, () => collector.add(points.steps, points.times, points.values));
    });
    for (const acts of waiting.values()) for (const act of acts) act();
  }
  return {
    cursor,
    series: finish(found, names),
  };
}

/** Of each stream what is still in the log. */
export async function readLogs(sql: Sql, streams: readonly StreamRow[]): Promise<Stretch[]> {
  const ids = numberArray(streams.map(({ id }) => id));
  const rows = await sql.query<{ id: number; seq: number | null }>(LOG_STARTS, [ids]);
  const starts = new Map(rows.map(({ id, seq }) => [id, seq]));
  return streams.map((stream) => ({ stream, from: starts.get(stream.id) ?? stream.nextSeq, to: stream.nextSeq }));
}

/** A plan for each source, and a collector for each series, whose width all of its sources share. */
function planAll(
  sources: readonly Source[],
  maxPoints: number,
  window: Window,
  found: Map<string, Entry>,
): { source: Source; plan: Plan }[] {
  const plans: { source: Source; plan: Plan }[] = [];
  for (const own of groupBy(sources, idOf).values()) {
    const total = own.reduce((sum, source) => sum + source.total, 0);
    const width =
      total <= maxPoints
        ? 1
        : chartWidth(
            own.map(({ groups }) => groups),
            maxPoints,
          );
    for (const source of own) {
      entryOf(found, source, maxPoints, width);
      plans.push({ source, plan: planStream(source.groups, width, source.gaps, window) });
    }
  }
  return plans;
}

function entryOf(
  found: Map<string, Entry>,
  { stream, keyId, firstSeq: seq }: Pick<Source, 'stream' | 'keyId' | 'firstSeq'>,
  maxPoints: number,
  width = 1,
): Entry {
  const id = idOf({ stream, keyId });
  const entry = found.get(id) ?? { collector: new SeriesCollector(maxPoints, width), keyId, stream, seq };
  if (stream.id < entry.stream.id) Object.assign(entry, { stream, seq });
  found.set(id, entry);
  return entry;
}

function idOf({ stream, keyId }: Pick<Source, 'stream' | 'keyId'>): string {
  return `${stream.trialId}/${stream.attempt}/${keyId}`;
}

/** @throws INPUT_INVALID */
function windowOf({ maxPoints, fromStep, toStep, fromTime, toTime }: SeriesQuery): Window {
  const invalid = (message: string) => new PlatformError('INPUT_INVALID', message);
  if (!Number.isSafeInteger(maxPoints) || maxPoints < 2 || maxPoints > METRIC_LIMITS.maxPoints)
    throw invalid(`maxPoints must be an integer from 2 to ${METRIC_LIMITS.maxPoints}`);
  const given = (bounds: readonly (number | null | undefined)[]) => bounds.filter((bound) => typeof bound === 'number');
  const window = {
    from: fromStep ?? Number.NEGATIVE_INFINITY,
    to: toStep ?? Number.POSITIVE_INFINITY,
    fromTime: fromTime ?? Number.NEGATIVE_INFINITY,
    toTime: toTime ?? Number.POSITIVE_INFINITY,
  };
  if (!given([fromStep, toStep]).every(Number.isSafeInteger) || window.from > window.to)
    throw invalid('fromStep and toStep must be whole numbers, the first not above the second');
  if (!given([fromTime, toTime]).every(Number.isFinite) || window.fromTime > window.toTime)
    throw invalid('fromTime and toTime must be finite numbers of seconds, the first not above the second');
  return window;
}

/** Points to decode, at most; of an edge, as usual. */
export function pointsOf({ source, plan }: { readonly source: Source; readonly plan: Plan }): number {
  const end = Math.ceil(source.total / CHUNK_POINTS);
  const chunks = plan.chunks.map(({ from, to, isEdge }) =>
    Math.min(isEdge ? 2 : end, Math.max(0, Math.min(to, end) - from)),
  );
  return CHUNK_POINTS * chunks.reduce((sum, n) => sum + n, 0);
}

/** @throws LIMIT_EXCEEDED */
function checkCost(plans: readonly { source: Source; plan: Plan }[], logs: readonly Stretch[]): void {
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
  plans: ReadonlyMap<number, readonly { source: Source; plan: Plan }[]>,
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

/** Series in order of their first point: streams are in order of their ids. */
function finish(found: ReadonlyMap<string, Entry>, names: ReadonlyMap<number, string>): SeriesPoints[] {
  return [...found.values()]
    .filter(({ collector }) => !collector.isEmpty)
    .sort((a, b) => a.stream.id - b.stream.id || a.seq - b.seq)
    .map(({ stream, keyId, collector }) => collector.finish(stream.trialId, stream.attempt, names.get(keyId) ?? ''));
}

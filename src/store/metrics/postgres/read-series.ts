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
import { chartWidth, planStream } from './chart-plan.js';
import { readChunkHeads, readGroups, type Source } from './read-compacted.js';
import { checkScope, keyNames } from './read-metrics.js';
import { readStreams, type StreamRow, type Stretch } from './read-points.js';
import { Origins, placeOf } from './series-origin.js';
import { type ReadSeries, readMetricX } from './series-x.js';
import { type SourcePlan, takePoints } from './take-points.js';
import { pick, type Window } from './window.js';

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
  const { scope, keys, maxPoints, x = null } = query;
  checkScope(scope);
  const window = windowOf(query);
  const streams = await readStreams(sql, scope);
  const cursor = encodePositions('metric', generation, new Map(streams.map(({ id, nextSeq }) => [id, nextSeq])));
  const xKey = x?.axis === 'METRIC' ? x.key : null;
  const names = await keyNames(sql, streams, xKey === null ? keys : [...keys, xKey]);
  const idsOf = (isWanted: (name: string) => boolean) =>
    new Set([...names].flatMap(([id, name]) => (isWanted(name) ? [id] : [])));
  const [wanted, xIds] = [idsOf((name) => keys.includes(name)), idsOf((name) => name === xKey)];
  if (wanted.size === 0) return { cursor, series: [] };

  const logs = await readLogs(sql, streams);
  const sources = await readChunkHeads(sql, streams, [...names.keys()]);
  await readGroups(sql, sources, window);
  const own = sources.filter(({ keyId }) => wanted.has(keyId));
  const found = new Map<string, Entry>();
  const origins = x?.axis === 'RELATIVE_TIME' ? new Origins(own) : null;
  await takePoints(sql, logs, planAll(own, maxPoints, window, found), wanted, {
    compacted: (source, part) => {
      const { collector } = found.get(idOf(source)) as Entry; // made with its plan
      if ('places' in part) collector.addBuckets(part);
      else collector.add(part.steps, part.times, part.values);
    },
    logged: (stream, { keyId, ...columns }, seq) => {
      origins?.addLogged(stream, columns.times, seq);
      const points = pick(columns, window);
      if (points.steps.length === 0) return;
      const { collector } = entryOf(found, { stream, keyId, firstSeq: seq }, maxPoints);
      collector.add(points.steps, points.times, points.values);
    },
  });
  const series = finish(found, names);
  if (origins !== null) return { cursor, series: sinceOrigins(series, await origins.read(sql)) };
  if (xKey !== null) {
    const ofX = sources.filter(({ keyId }) => xIds.has(keyId));
    const columns = await readMetricX(sql, series, ofX, logs, xIds, window);
    return { cursor, series: series.map(({ points }, i) => ({ ...points, x: columns[i] as Float64Array })) };
  }
  return { cursor, series: series.map(({ points }) => (x === null ? points : { ...points, x: points.times })) };
}

function sinceOrigins(series: readonly ReadSeries[], origins: ReadonlyMap<string, number>): SeriesPoints[] {
  return series.map(({ points }) => {
    const origin = origins.get(placeOf(points)) as number; // it has a point
    return { ...points, origin, x: points.times.map((time) => time - origin) };
  });
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
): SourcePlan[] {
  const plans: SourcePlan[] = [];
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

/** Series in order of their first point: streams are in order of their ids. */
function finish(found: ReadonlyMap<string, Entry>, names: ReadonlyMap<number, string>): ReadSeries[] {
  return [...found.values()]
    .filter(({ collector }) => !collector.isEmpty)
    .sort((a, b) => a.stream.id - b.stream.id || a.seq - b.seq)
    .map(({ stream, keyId, collector }) => ({
      width: collector.width,
      points: collector.finish(stream.trialId, stream.attempt, names.get(keyId) ?? ''),
    }));
}

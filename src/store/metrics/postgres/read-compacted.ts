/** The reads of chunks and roll-ups behind a chart: headers first, then what the plan names, in pages. */
import type { Sql } from '../../database.js';
import { numberArray } from '../../streams/arrays.js';
import { groupBy } from '../../streams/group-by.js';
import type { BucketColumns } from './bucket-grid.js';
import {
  type ChunksToRead,
  cutBuckets,
  type Gap,
  type Group,
  isInside,
  isInsideTimes,
  type LevelToRead,
  type Plan,
  type RollupHeader,
  touches,
} from './chart-plan.js';
import { CHUNK_POINTS, type ChunkColumns, decodeChunk } from './chunk-codec.js';
import { IS_STALE } from './grow-rollups.js';
import type { StreamRow } from './read-points.js';
import { decodeLevel, ROLLUP_CHUNKS } from './rollup.js';
import { decodeSpans, type TimeSpans } from './time-spans.js';
import { pick, timesOf, type Window } from './window.js';

const LEVELS_PER_PAGE = 1_000;
/** Of one statement: about 1 MB. */
const CHUNKS_PER_PAGE = 100;

/** The compacted points of one key of one stream. */
export interface Source {
  readonly stream: StreamRow;
  readonly keyId: number;
  /** Points in chunks. */
  readonly total: number;
  readonly firstSeq: number;
  /** Time of the first point; null where a release before wrote it. */
  readonly firstTime: number | null;
  /** Roll-ups that reach into the window. */
  groups: readonly Group[];
  /** Chunks that are in no roll-up. */
  gaps: readonly Gap[];
}

const HEADS = `/* metric.chunk.heads */
SELECT b.i::int AS i, k.id AS "keyId", c.no, c.n, f.first_seq AS "firstSeq", f.first_time AS "firstTime"
FROM unnest($1::bigint[]) WITH ORDINALITY AS b(stream_id, i) CROSS JOIN unnest($2::int[]) AS k(id)
CROSS JOIN LATERAL (SELECT no, n FROM metric_chunk c WHERE c.stream_id = b.stream_id AND c.key_id = k.id ORDER BY no DESC LIMIT 1) c
JOIN metric_chunk f ON f.stream_id = b.stream_id AND f.key_id = k.id AND f.no = 0
ORDER BY b.i, k.id`;

const GROUPS = `/* metric.rollup.heads */
SELECT b.i::int AS i, r.no, r.chunks, r.lo_step AS "loStep", r.hi_step AS "hiStep", r.lo_time AS "loTime", r.hi_time AS "hiTime", r.width, r.counts::text AS counts, r.ends::text AS ends
FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS b(stream_id, key_id, i)
JOIN metric_rollup r ON r.stream_id = b.stream_id AND r.key_id = b.key_id WHERE NOT ${IS_STALE} ORDER BY b.i, r.no`;

const LEVELS = `/* metric.rollup.levels */
SELECT b.i::int AS i, substr(r.data, b.start, b.length) AS data
FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::int[]) WITH ORDINALITY AS b(stream_id, key_id, no, start, length, i)
JOIN metric_rollup r ON r.stream_id = b.stream_id AND r.key_id = b.key_id AND r.no = b.no ORDER BY b.i`;

const CHUNKS = `/* metric.chunks */
SELECT b.i::int AS i, c.no, c.n, coalesce(c.clock, t.clock) AS clock, c.data
FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::float8[], $6::float8[], $7::float8[], $8::float8[])
  WITH ORDINALITY AS b(stream_id, key_id, first, beyond, lo, hi, lo_time, hi_time, i)
JOIN metric_chunk c ON c.stream_id = b.stream_id AND c.key_id = b.key_id AND c.no >= b.first AND c.no < b.beyond AND c.lo_step <= b.hi AND c.hi_step >= b.lo
  AND (c.lo_time IS NULL OR c.lo_time <= b.hi_time AND c.hi_time >= b.lo_time)
LEFT JOIN metric_chunk t ON t.stream_id = c.stream_id AND t.key_id = c.clock_key AND t.no = c.no
ORDER BY b.i, c.no`;

/** The sources that have chunks, by stream in the order given; their groups are not read yet. */
export async function readChunkHeads(
  sql: Sql,
  streams: readonly StreamRow[],
  keyIds: readonly number[],
): Promise<Source[]> {
  interface Row extends Pick<Source, 'keyId' | 'firstSeq' | 'firstTime'> {
    readonly i: number;
    readonly no: number;
    readonly n: number;
  }
  const rows = await sql.query<Row>(HEADS, [numberArray(streams.map(({ id }) => id)), numberArray(keyIds)]);
  return rows.map(({ i, no, n, ...row }) => ({
    ...row,
    stream: streams[i - 1] as StreamRow,
    total: CHUNK_POINTS * no + n,
    groups: [],
    gaps: [{ from: 0, to: Number.POSITIVE_INFINITY }],
  }));
}

/** Fills in the groups of sources long enough to have some, and what those at the window's edges have inside. */
export async function readGroups(sql: Sql, sources: readonly Source[], window: Window): Promise<void> {
  const asked = sources.filter(({ total }) => total >= CHUNK_POINTS);
  if (asked.length === 0) return;
  interface Row extends Omit<RollupHeader, 'counts' | 'ends'> {
    readonly i: number;
    readonly counts: string;
    readonly ends: string;
  }
  const rows = await sql.query<Row>(GROUPS, [
    numberArray(asked.map(({ stream }) => stream.id)),
    numberArray(asked.map(({ keyId }) => keyId)),
  ]);
  const groups: { source: Source; header: RollupHeader; inside: BucketColumns | null; edges: Group['edges'] }[] = [];
  for (const { i, counts, ends, ...row } of rows) {
    const source = asked[i - 1] as Source;
    const header = { ...row, counts: integers(counts), ends: integers(ends) };
    source.gaps = withoutRollup(source.gaps, header);
    if (touches(header, window)) groups.push({ source, header, inside: null, edges: [] });
  }
  const cut = groups.filter(({ header }) => !isInside(header, window));
  const spans = await readSpans(
    sql,
    cut.filter(({ header }) => !isInsideTimes(header, window)),
  );
  const finest = cut.map(({ source, header }) => ({ source, header, level: 0 }));
  await takeLevels(sql, finest, (i, level) => {
    const group = cut[i];
    if (group !== undefined) Object.assign(group, cutBuckets(level, spans.get(group.header) ?? null, window));
  });
  for (const [source, own] of groupBy(groups, (group) => group.source)) source.groups = own;
}

/** The gaps, of which the last has no end, without the chunks of a roll-up that follows those before. */
function withoutRollup(gaps: readonly Gap[], { no, chunks }: RollupHeader): Gap[] {
  const first = ROLLUP_CHUNKS * no;
  const last = gaps.at(-1) as Gap;
  const before = last.from < first ? [{ from: last.from, to: first }] : [];
  return [...gaps.slice(0, -1), ...before, { from: first + chunks, to: last.to }];
}

/**
 * Hands on what the plans name, source after source as far as points go, and of each source in stored order: among equal
 * steps the later one is shown.
 */
export async function takeCompacted(
  sql: Sql,
  plans: readonly { readonly source: Source; readonly plan: Plan }[],
  take: (source: Source, part: BucketColumns | ChunkColumns) => void,
): Promise<void> {
  const buckets = new Map<Source, { first: number; part: BucketColumns }[]>();
  for (const { source, plan } of plans) buckets.set(source, [...plan.buckets]);
  const levels = plans.flatMap(({ source, plan }) => plan.levels.map((level) => ({ source, ...level })));
  await takeLevels(sql, levels, (i, part) => {
    const { source, header } = levels[i] as (typeof levels)[number];
    buckets.get(source)?.push({ first: ROLLUP_CHUNKS * header.no, part });
  });
  for (const own of buckets.values()) own.sort((a, b) => a.first - b.first);
  const takeBuckets = (source: Source, upTo: number) => {
    const own = buckets.get(source) ?? [];
    while (own[0] !== undefined && own[0].first <= upTo) take(source, (own.shift() as { part: BucketColumns }).part);
  };

  const chunks = plans.flatMap(({ source, plan }) => plan.chunks.flatMap((part) => rangesOf(source, part)));
  await takeChunks(sql, chunks, ({ source, from }, points) => {
    takeBuckets(source, from);
    take(source, points);
  });
  for (const source of buckets.keys()) takeBuckets(source, Number.POSITIVE_INFINITY);
}

interface Range extends ChunksToRead {
  readonly source: Source;
}

/** Times of the first points of sources, from their first chunks. */
export async function readFirstTimes(sql: Sql, sources: readonly Source[]): Promise<Map<Source, number>> {
  const found = new Map<Source, number>();
  const window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const ranges = sources.map((source) => ({ source, from: 0, to: 1, window, isEdge: false }));
  await takeChunks(sql, ranges, ({ source }, { times }) => found.set(source, times[0] as number));
  return found;
}

async function takeLevels(
  sql: Sql,
  levels: readonly (LevelToRead & { readonly source: Source })[],
  take: (i: number, level: BucketColumns) => void,
): Promise<void> {
  const parts = levels.map(({ source, header, level }) => ({ source, header, part: level }));
  await takeParts(sql, parts, async (i, data) => {
    const { header, level } = levels[i] as LevelToRead;
    const columns = await decodeLevel(data, header.counts[level] as number, header.width * 2 ** level);
    return () => take(i, columns);
  });
}

/** When the finest buckets of each roll-up were logged. */
async function readSpans(
  sql: Sql,
  groups: readonly { readonly source: Source; readonly header: RollupHeader }[],
): Promise<Map<RollupHeader, TimeSpans>> {
  const found = new Map<RollupHeader, TimeSpans>();
  const parts = groups.map(({ source, header }) => ({ source, header, part: header.counts.length }));
  await takeParts(sql, parts, async (i, data) => {
    const { header } = parts[i] as (typeof parts)[number];
    const spans = await decodeSpans(data, header.counts[0] as number, header);
    return () => found.set(header, spans);
  });
  return found;
}

/** Part `part` of a roll-up's data ends at `ends[part]`. What `decode` gives is called in the order of the parts. */
async function takeParts(
  sql: Sql,
  parts: readonly { readonly source: Source; readonly header: RollupHeader; readonly part: number }[],
  decode: (i: number, data: Buffer) => Promise<() => void>,
): Promise<void> {
  for (let at = 0; at < parts.length; at += LEVELS_PER_PAGE) {
    const page = parts.slice(at, at + LEVELS_PER_PAGE);
    const starts = page.map(({ header, part }) => header.ends[part - 1] ?? 0);
    const rows = await sql.query<{ i: number; data: Buffer }>(LEVELS, [
      numberArray(page.map(({ source }) => source.stream.id)),
      numberArray(page.map(({ source }) => source.keyId)),
      numberArray(page.map(({ header }) => header.no)),
      numberArray(starts.map((start) => start + 1)), // substr counts from 1
      numberArray(page.map(({ header, part }, i) => (header.ends[part] as number) - (starts[i] as number))),
    ]);
    const decoded = await Promise.all(rows.map(({ i, data }) => decode(at + i - 1, data)));
    for (const take of decoded) take();
  }
}

async function takeChunks(
  sql: Sql,
  ranges: readonly Range[],
  take: (range: Range, points: ChunkColumns) => void,
): Promise<void> {
  for (const page of chunkPages(ranges)) {
    const rows = await sql.query<{ i: number; n: number; clock: Buffer; data: Buffer }>(CHUNKS, [
      numberArray(page.map(({ source }) => source.stream.id)),
      numberArray(page.map(({ source }) => source.keyId)),
      numberArray(page.map(({ from }) => from)),
      numberArray(page.map(({ to }) => to)),
      numberArray(page.map(({ window }) => window.from)),
      numberArray(page.map(({ window }) => window.to)),
      numberArray(page.map(({ window }) => timesOf(window).fromTime)),
      numberArray(page.map(({ window }) => timesOf(window).toTime)),
    ]);
    const decoded = await Promise.all(
      rows.map((row) => decodeChunk({ ...row, keyId: (page[row.i - 1] as Range).source.keyId })),
    );
    decoded.forEach((chunk, k) => {
      const range = page[(rows[k] as { i: number }).i - 1] as Range;
      take(range, { ...chunk, ...pick(chunk, range.window) });
    });
  }
}

/** A range of chunks in parts of one page at most, up to the last chunk there is. */
function rangesOf(source: Source, { from, to, ...part }: ChunksToRead): Range[] {
  const end = Math.min(to, Math.ceil(source.total / CHUNK_POINTS));
  const ranges: Range[] = [];
  for (let at = from; at < end; at += CHUNKS_PER_PAGE)
    ranges.push({ source, ...part, from: at, to: Math.min(end, at + CHUNKS_PER_PAGE) });
  return ranges;
}

function* chunkPages(ranges: readonly Range[]): Generator<readonly Range[]> {
  let page: Range[] = [];
  let room = CHUNKS_PER_PAGE;
  for (const range of ranges) {
    const length = range.to - range.from;
    if (page.length > 0 && length > room) {
      yield page;
      page = [];
      room = CHUNKS_PER_PAGE;
    }
    page.push(range);
    room -= length;
  }
  if (page.length > 0) yield page;
}

function integers(array: string): number[] {
  return array.slice(1, -1).split(',').map(Number);
}

/**
 * Points of many streams in stored order, whether they are in the log or compacted, in bounded pages: what is decoded is
 * handed on and forgotten. Each page is one statement, in whose snapshot every seq is in exactly one of the two.
 */

import type { TrialId } from '../../../domain/ids.js';
import type { Sql } from '../../database.js';
import { idArray, numberArray } from '../../streams/arrays.js';
import type { MetricScope } from '../metric-store.js';
import { clip, decodeChunk } from './chunk-codec.js';
import { decodeSegment, type KeyedColumns, LONGEST_SEGMENT } from './segment-codec.js';

/** About 12 MB of columns. */
const POINTS_PER_PAGE = 500_000;

export interface StreamRow {
  readonly id: number;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly nextSeq: number;
}

/** A stretch of a stream to read: `[from, to)`. */
export interface Stretch {
  readonly stream: StreamRow;
  readonly from: number;
  readonly to: number;
}

const COLUMNS = 'id, trial_id AS "trialId", attempt, next_seq AS "nextSeq"';
const POINTS = `/* metric.points */
WITH b AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS b(stream_id, first, beyond, i))
SELECT b.i::int AS i, NULL::int AS "keyId", g.seq, g.n, NULL::bytea AS clock, g.data
FROM b JOIN metric_segment g ON g.stream_id = b.stream_id AND g.seq > b.first - ${LONGEST_SEGMENT} AND g.seq < b.beyond AND g.seq + g.n > b.first
UNION ALL
SELECT b.i::int, c.key_id, c.first_seq, c.n, coalesce(c.clock, t.clock), c.data
FROM b JOIN metric_chunk c ON c.stream_id = b.stream_id AND c.last_seq >= b.first AND c.first_seq < b.beyond
LEFT JOIN metric_chunk t ON t.stream_id = c.stream_id AND t.key_id = c.clock_key AND t.no = c.no
WHERE $4::int[] IS NULL OR c.key_id = ANY($4::int[])
ORDER BY 1, 2 NULLS LAST, 3`;

/** A row of the log, whose keyId is null, or a chunk. */
interface PointsRow {
  readonly i: number;
  readonly keyId: number | null;
  readonly seq: number;
  readonly n: number;
  readonly clock: Buffer;
  readonly data: Buffer;
}

// A deleted trial's streams are of nobody's project; those of a deleted experiment or project are told by its row.
// An expired stream holds nothing, or soon will.
const VISIBLE = `s.emptied IS NULL AND EXISTS (SELECT 1 FROM experiment e JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL
  WHERE e.id = s.experiment_id AND e.project_id = s.project_id)`;

/** The streams of the trials that have any point, by trial as asked, attempt and age. */
export async function readStreams(sql: Sql, scope: MetricScope): Promise<StreamRow[]> {
  if ('experimentId' in scope) {
    return sql.query<StreamRow>(
      `/* metric.streams */ SELECT ${COLUMNS} FROM metric_stream s WHERE experiment_id = $1 AND next_seq > 0 AND ${VISIBLE} ORDER BY id`,
      [scope.experimentId],
    );
  }
  const text = `/* metric.streams */ SELECT ${COLUMNS} FROM metric_stream s WHERE trial_id = ANY($1::uuid[]) AND next_seq > 0 AND ${VISIBLE} ORDER BY id`;
  return sql.query<StreamRow>(text, [idArray(scope.trialIds)]);
}

/**
 * Calls `take` for runs of points with the seq of the first: of each key in stored order, stretch after stretch. Yields
 * to other work between pages.
 */
export async function readStretches(
  sql: Sql,
  stretches: readonly Stretch[],
  wanted: ReadonlySet<number> | null,
  take: (stretch: Stretch, columns: KeyedColumns, seq: number) => void,
): Promise<void> {
  for (const page of pagesOf(stretches)) {
    const rows = await sql.query<PointsRow>(POINTS, [
      numberArray(page.map(({ stream }) => stream.id)),
      numberArray(page.map(({ from }) => from)),
      numberArray(page.map(({ to }) => to)),
      wanted === null ? null : numberArray([...wanted]),
    ]);
    for (const row of rows) {
      const stretch = page[row.i - 1] as Stretch; // i counts the stretches asked for
      if (row.keyId === null) takeSegment(stretch, row, wanted, take);
      else {
        const points = clip(await decodeChunk({ ...row, keyId: row.keyId }), stretch.from, stretch.to);
        if (points.seqs.length > 0) take(stretch, { keyId: row.keyId, ...points }, points.seqs[0] as number);
      }
    }
  }
}

/** A segment may begin before the stretch and end behind it. */
function takeSegment(
  stretch: Stretch,
  { seq, data }: PointsRow,
  wanted: ReadonlySet<number> | null,
  take: (stretch: Stretch, columns: KeyedColumns, seq: number) => void,
): void {
  for (const { keyId, offset, steps, times, values } of decodeSegment(data, wanted)) {
    const start = seq + offset;
    const from = Math.max(0, stretch.from - start);
    const to = Math.min(steps.length, stretch.to - start);
    if (from >= to) continue;
    const part = (column: Float64Array) => (to - from === column.length ? column : column.subarray(from, to));
    take(stretch, { keyId, steps: part(steps), times: part(times), values: part(values) }, start + from);
  }
}

/** Stretches grouped so that each group holds about one page of points; a long one is cut. */
function* pagesOf(stretches: readonly Stretch[]): Generator<readonly Stretch[]> {
  let page: Stretch[] = [];
  let room = POINTS_PER_PAGE;
  for (const { stream, from, to } of stretches) {
    let at = from;
    while (at < to) {
      const end = Math.min(to, at + room);
      page.push({ stream, from: at, to: end });
      room -= end - at;
      at = end;
      if (room > 0) continue;
      yield page;
      page = [];
      room = POINTS_PER_PAGE;
    }
  }
  if (page.length > 0) yield page;
}

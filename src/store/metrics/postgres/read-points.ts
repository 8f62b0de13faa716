/** Segments of many streams, read in bounded pages: what is decoded is handed on and forgotten. */

import type { TrialId } from '../../../domain/ids.js';
import type { Sql } from '../../database.js';
import { idArray, numberArray } from '../../streams/arrays.js';
import type { MetricScope } from '../metric-store.js';
import { decodeSegment, type KeyedColumns } from './segment-codec.js';

/** About 12 MB of columns. */
const POINTS_PER_PAGE = 500_000;

export interface StreamRow {
  readonly id: number;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly nextSeq: number;
}

/** A stretch of a stream to read: `[from, to)`, where `from` is where a segment begins. */
export interface Stretch {
  readonly stream: StreamRow;
  readonly from: number;
  readonly to: number;
}

const COLUMNS = 'id, trial_id AS "trialId", attempt, next_seq AS "nextSeq"';
const SEGMENTS = `/* metric.segments */
SELECT b.i::int AS i, g.seq, g.n, g.data
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS b(stream_id, first, beyond, i)
JOIN metric_segment g ON g.stream_id = b.stream_id AND g.seq >= b.first AND g.seq < b.beyond
ORDER BY b.i, g.seq`;

/** The streams of the trials that have any point, by trial as asked, attempt and age. */
export async function readStreams(sql: Sql, scope: MetricScope): Promise<StreamRow[]> {
  if ('experimentId' in scope) {
    return sql.query<StreamRow>(
      `/* metric.streams */ SELECT ${COLUMNS} FROM metric_stream WHERE experiment_id = $1 AND next_seq > 0 ORDER BY id`,
      [scope.experimentId],
    );
  }
  const text = `/* metric.streams */ SELECT ${COLUMNS} FROM metric_stream WHERE trial_id = ANY($1::uuid[]) AND next_seq > 0 ORDER BY id`;
  return sql.query<StreamRow>(text, [idArray(scope.trialIds)]);
}

/** Calls `take` for each run of points, stretch after stretch, in stored order. Yields to other work between pages. */
export async function readStretches(
  sql: Sql,
  stretches: readonly Stretch[],
  wanted: ReadonlySet<number> | null,
  take: (stretch: Stretch, columns: KeyedColumns) => void,
): Promise<void> {
  for (const page of pagesOf(stretches)) {
    const rows = await sql.query<{ i: number; seq: number; n: number; data: Buffer }>(SEGMENTS, [
      numberArray(page.map(({ stream }) => stream.id)),
      numberArray(page.map(({ from }) => from)),
      numberArray(page.map(({ to }) => to)),
    ]);
    for (const { i, data } of rows) {
      const stretch = page[i - 1] as Stretch; // i counts the stretches asked for
      for (const columns of decodeSegment(data, wanted)) take(stretch, columns);
    }
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

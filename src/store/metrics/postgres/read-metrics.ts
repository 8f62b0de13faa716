/** The smaller reads of the store: tails for followers, summaries and names for tables. */

import { PlatformError } from '../../../domain/errors.js';
import type { ExperimentId, TrialId } from '../../../domain/ids.js';
import type { MetricSummary } from '../../../domain/metric.js';
import type { Sql } from '../../database.js';
import { idArray, numberArray } from '../../streams/arrays.js';
import { decodePositions, encodePositions, expired } from '../../streams/positions.js';
import { METRIC_LIMITS, type MetricScope, type SeriesPoints, type TailQuery, type TailRead } from '../metric-store.js';
import { SeriesCollector } from './buckets.js';
import { readStreams, readStretches, type StreamRow, type Stretch } from './read-points.js';
import { LONGEST_SEGMENT } from './segment-codec.js';

/** What was stored after the cursor, at most about `limitPoints`. Only streams that moved are read. */
export async function readTail(sql: Sql, generation: string, query: TailQuery): Promise<TailRead> {
  checkScope(query.scope);
  const before = query.after === null ? new Map<number, number>() : decodePositions('metric', generation, query.after);
  const streams = await readStreams(sql, query.scope);

  const positions = new Map<number, number>();
  const stretches: Stretch[] = [];
  let room = query.limitPoints;
  let more = false;
  for (const stream of streams) {
    const from = before.get(stream.id) ?? 0;
    if (from > stream.nextSeq) throw expired();
    positions.set(stream.id, from);
    if (from === stream.nextSeq) continue;
    if (room <= 0) {
      more = true;
      continue;
    }
    // A cut falls between segments: what begins before `to` is read whole.
    const to =
      stream.nextSeq - from <= room
        ? stream.nextSeq
        : await segmentBoundary(sql, stream.id, from + room, stream.nextSeq);
    stretches.push({ stream, from, to });
    positions.set(stream.id, to);
    room -= to - from;
    more ||= to < stream.nextSeq;
  }
  const series = stretches.length === 0 ? [] : await collect(sql, generation, stretches, query.keys);
  return { cursor: encodePositions('metric', generation, positions), moved: stretches.length > 0, more, series };
}

/** Kept numbers of each trial, without reading points. */
export async function readSummaries(
  sql: Sql,
  trialIds: readonly TrialId[],
  keys: readonly string[] | null,
): Promise<(readonly MetricSummary[])[]> {
  interface Row extends Omit<MetricSummary, 'mean'> {
    /** The sum, until it is divided in place: a page has thousands. */
    mean: number | null;
  }
  const rows = await sql.query<Row>(
    `/* metric.summaries */
SELECT s.trial_id AS "trialId", k.name AS key, s.n AS count, s.n_nonfinite AS "nonFinite", s.first, s.last, s.last_step AS "lastStep",
  s.min, s.min_step AS "minStep", s.max, s.max_step AS "maxStep", s.sum AS mean
FROM metric_summary s JOIN metric_key k ON k.id = s.key_id
WHERE s.trial_id = ANY($1::uuid[]) AND ($2::text[] IS NULL OR k.name = ANY($2::text[]))
ORDER BY s.trial_id, k.name COLLATE "C"`,
    [idArray(trialIds), keys],
  );
  const byTrial = new Map<TrialId, MetricSummary[]>(trialIds.map((id) => [id, []]));
  for (const row of rows) {
    const finite = row.count - row.nonFinite;
    row.mean = finite > 0 && Number.isFinite(row.mean) ? Number(row.mean) / finite : null;
    byTrial.get(row.trialId)?.push(row);
  }
  return trialIds.map((id) => byTrial.get(id) ?? []);
}

/** The distinct names per experiment: a loose index scan, so that the cost follows the keys and not the trials. */
export async function readKeys(sql: Sql, experimentIds: readonly ExperimentId[]): Promise<(readonly string[])[]> {
  const rows = await sql.query<{ experimentId: ExperimentId; name: string }>(
    `/* metric.keys */
WITH RECURSIVE found AS (
  SELECT e.id AS experiment_id, (SELECT min(s.key_id) FROM metric_summary s WHERE s.experiment_id = e.id) AS key_id
  FROM unnest($1::uuid[]) AS e(id)
  UNION ALL
  SELECT f.experiment_id, (SELECT min(s.key_id) FROM metric_summary s WHERE s.experiment_id = f.experiment_id AND s.key_id > f.key_id)
  FROM found f WHERE f.key_id IS NOT NULL)
SELECT f.experiment_id AS "experimentId", k.name FROM found f JOIN metric_key k ON k.id = f.key_id ORDER BY k.name COLLATE "C"`,
    [idArray(experimentIds)],
  );
  const byExperiment = new Map<ExperimentId, string[]>();
  for (const { experimentId, name } of rows) {
    const names = byExperiment.get(experimentId);
    if (names === undefined) byExperiment.set(experimentId, [name]);
    else names.push(name);
  }
  return experimentIds.map((id) => byExperiment.get(id) ?? []);
}

export function checkScope(scope: MetricScope): void {
  const limit = METRIC_LIMITS.trialsPerRead;
  if ('trialIds' in scope && scope.trialIds.length > limit) {
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${limit} trials can be read at once; ask by experiment`, {
      limit,
    });
  }
}

/** The first seq at or after `seq` where a segment begins, or the stream's end; `seq` itself where it is compacted. */
async function segmentBoundary(sql: Sql, streamId: number, seq: number, end: number): Promise<number> {
  const text = `/* metric.boundary */
SELECT CASE WHEN EXISTS (SELECT 1 FROM metric_segment WHERE stream_id = $1 AND seq > $2::bigint - ${LONGEST_SEGMENT} AND seq <= $2 AND seq + n > $2)
  THEN (SELECT min(seq) FROM metric_segment WHERE stream_id = $1 AND seq >= $2 AND seq < $3) ELSE $2 END AS seq`;
  const [row] = await sql.query<{ seq: number | null }>(text, [streamId, seq, end]);
  return row?.seq ?? end;
}

/** One collector per (trial, attempt, key), filled stretch by stretch; series in order of first appearance. */
async function collect(
  sql: Sql,
  generation: string,
  stretches: readonly Stretch[],
  keys: readonly string[] | null,
): Promise<SeriesPoints[]> {
  const names = await keyNames(
    sql,
    stretches.map(({ stream }) => stream),
    keys,
  );
  if (keys !== null && names.size === 0) return [];
  const found = new Map<string, { stretch: Stretch; keyId: number; seq: number; collector: SeriesCollector }>();
  await readStretches(
    sql,
    stretches,
    keys === null ? null : new Set(names.keys()),
    (stretch, { keyId, steps, times, values }, seq) => {
      const { trialId, attempt } = stretch.stream;
      const id = `${trialId}/${attempt}/${keyId}`;
      let entry = found.get(id);
      if (entry === undefined) {
        entry = { stretch, keyId, seq, collector: new SeriesCollector(Number.POSITIVE_INFINITY) };
        found.set(id, entry);
      }
      entry.collector.add(steps, times, values);
    },
  );
  const missing = [...new Set([...found.values()].map(({ keyId }) => keyId))].filter((id) => !names.has(id));
  for (const [id, name] of await namesOf(sql, generation, missing)) names.set(id, name);
  const order = new Map(stretches.map(({ stream }, i) => [stream.id, i]));
  const place = ({ stretch }: { readonly stretch: Stretch }) => order.get(stretch.stream.id) as number;
  const sorted = [...found.values()].sort((a, b) => place(a) - place(b) || a.seq - b.seq);
  return sorted.map(({ stretch: { stream }, keyId, collector }) =>
    collector.finish(stream.trialId, stream.attempt, names.get(keyId) ?? ''),
  );
}

/** Ids and names of the wanted keys in the projects of the streams; empty when all are wanted. */
export async function keyNames(
  sql: Sql,
  streams: readonly StreamRow[],
  keys: readonly string[] | null,
): Promise<Map<number, string>> {
  if (keys === null || streams.length === 0) return new Map();
  const rows = await sql.query<{ id: number; name: string }>(
    `/* metric.key.names */ SELECT k.id, k.name FROM metric_key k
WHERE k.name = ANY($2::text[]) AND k.project_id IN (SELECT project_id FROM metric_stream WHERE id = ANY($1::bigint[]))`,
    [numberArray(streams.map(({ id }) => id)), keys],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Names never change while their project lives in one database: remembered, so that a follower asks once. */
const remembered = new WeakMap<Sql, { readonly generation: string; readonly names: Map<number, string> }>();
const MAX_REMEMBERED = 100_000;

async function namesOf(sql: Sql, generation: string, ids: readonly number[]): Promise<[number, string][]> {
  const before = remembered.get(sql);
  const known = before?.generation === generation ? before.names : new Map<number, string>();
  remembered.set(sql, { generation, names: known });
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    if (known.size > MAX_REMEMBERED) known.clear();
    const rows = await sql.query<{ id: number; name: string }>(
      '/* metric.key.names */ SELECT id, name FROM metric_key WHERE id = ANY($1::int[])',
      [`{${missing.join(',')}}`],
    );
    for (const { id, name } of rows) known.set(id, name);
  }
  return ids.map((id) => [id, known.get(id) ?? '']);
}

/**
 * The protocol of an append-only stream, for many batches in one transaction: fence, lock, judge, insert, advance
 * (reliability.md 4.1). What a batch holds is its caller's business; here it is a range `[seq, seq + n)` and bytes.
 * Rows are locked in the order leases, streams, each sorted by key, so that two servers never deadlock.
 */
import type pg from 'pg';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { ReportOutcome } from '../../domain/metric.js';
import type { StopReason } from '../../domain/trial.js';
import { idArray, numberArray } from './arrays.js';

/** Longest batch in items: how far below a seq a segment may begin that covers it. */
const LONGEST_SEGMENT = 10_000;

/** `moved_block` of a stream is its `moved_tx` without these low bits: an index on it changes rarely. */
export const MOVED_BLOCK_BITS = 10;

export interface StreamBatch {
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  /** Null: the writer holds no epoch; the attempt must be the lease's. */
  readonly epoch: number | null;
  readonly stream: string;
  readonly seq: number;
  /** Points or lines in the batch. */
  readonly n: number;
}

/** What the lease and its trial were when the lease's row was locked. */
export interface Fence {
  readonly experimentId: ExperimentId;
  readonly stopReason: StopReason | null;
  /** Metric of the search's objective. */
  readonly objective: string | null;
  /** Whether the trial's contact time is more than a second old. */
  readonly contactDue: boolean;
}

export interface Judged {
  readonly outcome: ReportOutcome;
  /** Where the stream stands, with the batch in it if it was accepted. */
  readonly nextSeq: number;
  /** Leading items of the batch that are stored already. */
  readonly skip: number;
  readonly streamId: number | null;
  readonly fence: Fence | null;
}

export interface StoredSegment {
  readonly seq: number;
  readonly n: number;
  readonly data: Buffer;
}

export interface NewSegment {
  readonly streamId: number;
  readonly seq: number;
  readonly n: number;
  readonly data: Buffer;
}

/** The statements of one kind of stream; names are constants of ours, never a user's. */
export interface StreamStatements {
  readonly kind: 'metric' | 'log';
  readonly fence: string;
  readonly lock: string;
  readonly open: string;
  readonly overlap: string;
  readonly insert: string;
  readonly advance: string;
}

// What was deleted fences like a newer attempt.
// What was stored of an ended trial and has expired is not begun anew.
const fence = (kind: 'metric' | 'log', expiredAt: string) => `/* ${kind}.fence */
SELECT b.i::int AS i, t.experiment_id AS "experimentId", t.stop_reason AS "stopReason",
  e.search->'objective'->>'metric' AS objective,
  (t.contact_at IS NULL OR t.contact_at < clock_timestamp() - interval '1 second') AS "contactDue"
FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS b(trial_id, attempt, epoch, i)
JOIN trial_lease l ON l.trial_id = b.trial_id AND l.attempt = b.attempt AND (b.epoch IS NULL OR l.epoch = b.epoch)
JOIN trial t ON t.id = l.trial_id AND (t.${expiredAt} IS NULL OR t.state = 'RUNNING')
JOIN experiment e ON e.id = t.experiment_id AND e.project_id = t.project_id
JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL
ORDER BY b.i FOR SHARE OF l`;

// A trial that is locked right now is being written by a verb of its own: contact can wait, ingest must not.
const CONTACT = `/* stream.contact */
UPDATE trial SET contact_at = clock_timestamp()
WHERE id IN (SELECT id FROM trial WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)`;

const COUNT_DROPPED = `/* stream.dropped */
WITH held AS MATERIALIZED (
  SELECT t.id, b.n FROM unnest($1::uuid[], $2::float8[]) AS b(trial_id, n) JOIN trial t ON t.id = b.trial_id
  ORDER BY t.id FOR NO KEY UPDATE OF t)
UPDATE trial t SET dropped = t.dropped + held.n FROM held WHERE t.id = held.id`;

/** Statements for the points of trials. What was compacted comes as chunks: rows with a key. */
export const METRIC_STREAMS: StreamStatements = {
  ...statements('metric', 'stream', ', experiment_id', ', b.experiment_id'),
  // When it moved is for followers who have a transaction for a cursor (queries/touched-trials.ts).
  advance: `/* metric.advance */
UPDATE metric_stream s SET next_seq = b.next_seq, moved_tx = here.tx, moved_block = here.block
FROM unnest($1::bigint[], $2::bigint[]) AS b(stream_id, next_seq),
  (SELECT pg_current_xact_id() AS tx, pg_current_xact_id()::text::bigint >> ${MOVED_BLOCK_BITS} AS block) here
WHERE s.id = b.stream_id`,
  overlap: `/* metric.overlap */
WITH b AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS b(stream_id, first, beyond, i))
SELECT b.i::int AS i, NULL::int AS "keyId", g.seq, g.n, NULL::bytea AS clock, g.data
FROM b JOIN metric_segment g ON g.stream_id = b.stream_id AND g.seq > b.first - ${LONGEST_SEGMENT} AND g.seq < b.beyond AND g.seq + g.n > b.first
UNION ALL
SELECT b.i::int, c.key_id, c.first_seq, c.n, coalesce(c.clock, t.clock), c.data
FROM b JOIN metric_chunk c ON c.stream_id = b.stream_id AND c.last_seq >= b.first AND c.first_seq < b.beyond
LEFT JOIN metric_chunk t ON t.stream_id = c.stream_id AND t.key_id = c.clock_key AND t.no = c.no
ORDER BY 1, 3`,
};
/** Statements for their log lines. */
export const LOG_STREAMS: StreamStatements = statements('log', 'name', '', '');

function statements(kind: 'metric' | 'log', name: string, extraColumn: string, extraValue: string): StreamStatements {
  return {
    kind,
    fence: fence(kind, kind === 'metric' ? 'points_expired_at' : 'logs_expired_at'),
    lock: `/* ${kind}.lock */
SELECT b.i::int AS i, s.id, s.next_seq AS "nextSeq"
FROM unnest($1::uuid[], $2::int[], $3::text[]) WITH ORDINALITY AS b(trial_id, attempt, name, i)
JOIN ${kind}_stream s ON s.trial_id = b.trial_id AND s.attempt = b.attempt AND s.${name} = b.name
ORDER BY b.i FOR NO KEY UPDATE OF s`,
    open: `/* ${kind}.open */
INSERT INTO ${kind}_stream (project_id, trial_id, attempt, ${name}${extraColumn})
SELECT b.project_id, b.trial_id, b.attempt, b.name${extraValue}
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::uuid[]) WITH ORDINALITY AS b(project_id, trial_id, attempt, name, experiment_id, i)
ORDER BY b.i
ON CONFLICT DO NOTHING`,
    overlap: `/* ${kind}.overlap */
SELECT b.i::int AS i, g.seq, g.n, g.data
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS b(stream_id, first, beyond, i)
JOIN ${kind}_segment g ON g.stream_id = b.stream_id AND g.seq > b.first - ${LONGEST_SEGMENT} AND g.seq < b.beyond AND g.seq + g.n > b.first
ORDER BY b.i, g.seq`,
    insert: `/* ${kind}.insert */
INSERT INTO ${kind}_segment (stream_id, seq, n, data)
SELECT b.stream_id, b.seq, b.n, substr($6::bytea, b.start, b.length)
FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[]) AS b(stream_id, seq, n, start, length)`,
    advance: `/* ${kind}.advance */
UPDATE ${kind}_stream s SET next_seq = b.next_seq
FROM unnest($1::bigint[], $2::bigint[]) AS b(stream_id, next_seq) WHERE s.id = b.stream_id`,
  };
}

/**
 * Judges each batch alone; the leases and streams of all of them stay locked until the transaction ends. No two batches
 * may be of one stream, and they come sorted by (trial, attempt, stream). `sameContent` compares a batch's leading items
 * with the stored segments that cover them.
 */
export async function judgeBatches<Stored extends StoredSegment>(
  client: pg.ClientBase,
  sql: StreamStatements,
  batches: readonly StreamBatch[],
  sameContent: (index: number, stored: readonly Stored[]) => boolean,
): Promise<Judged[]> {
  const [fences, known] = await Promise.all([
    readFences(client, sql, batches),
    lockStreams(
      client,
      sql,
      batches,
      batches.map((_, i) => i),
    ),
  ]);
  const streams = await openStreams(client, sql, batches, fences, known);
  const stored = await readOverlaps<Stored>(client, sql, batches, streams);

  return batches.map((batch, i): Judged => {
    const fence = fences[i] ?? null;
    const stream = streams[i];
    const next = stream?.nextSeq ?? 0;
    const base = { nextSeq: next, skip: 0, streamId: stream?.id ?? null, fence };
    if (fence === null) return { ...base, outcome: 'FENCED' };
    if (batch.seq > next) return { ...base, outcome: 'GAP' };
    if (batch.seq < next && !sameContent(i, stored[i] ?? [])) return { ...base, outcome: 'CONFLICT' };
    const skip = Math.min(next - batch.seq, batch.n);
    return { ...base, outcome: 'ACCEPTED', skip, nextSeq: Math.max(next, batch.seq + batch.n) };
  });
}

/** Sends segments to be stored and their streams, which the caller has locked, to be advanced. */
export function writeSegments(
  client: pg.ClientBase,
  sql: StreamStatements,
  segments: readonly NewSegment[],
): Promise<unknown>[] {
  if (segments.length === 0) return [];
  const lengths = segments.map(({ data }) => data.length);
  const starts: number[] = [];
  let start = 1; // substr counts from 1
  for (const length of lengths) {
    starts.push(start);
    start += length;
  }
  const ids = numberArray(segments.map(({ streamId }) => streamId));
  const seqs = numberArray(segments.map(({ seq }) => seq));
  const counts = numberArray(segments.map(({ n }) => n));
  const bytes = Buffer.concat(segments.map(({ data }) => data));
  const places = [numberArray(starts), numberArray(lengths)];
  return [
    run(client, `${sql.kind}.insert`, sql.insert, [ids, seqs, counts, ...places, bytes]),
    run(client, `${sql.kind}.advance`, sql.advance, [ids, numberArray(segments.map(({ seq, n }) => seq + n))]),
  ];
}

/** Sends word that trials were heard from, and counts what their SDKs had to give up. */
export function touchTrials(
  client: pg.ClientBase,
  due: readonly TrialId[],
  dropped: ReadonlyMap<TrialId, number>,
): Promise<unknown>[] {
  const writes: Promise<unknown>[] = [];
  if (due.length > 0) writes.push(run(client, 'stream.contact', CONTACT, [idArray([...new Set(due)])]));
  if (dropped.size > 0) {
    const counts = [idArray([...dropped.keys()]), numberArray([...dropped.values()])];
    writes.push(run(client, 'stream.dropped', COUNT_DROPPED, counts));
  }
  return writes;
}

/** Runs a statement that stays prepared on its connection under `name`. */
export async function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const reply = await client.query<Row>({ name, text, values });
  return reply.rows;
}

async function readFences(
  client: pg.ClientBase,
  sql: StreamStatements,
  batches: readonly StreamBatch[],
): Promise<(Fence | undefined)[]> {
  const fences: (Fence | undefined)[] = batches.map(() => undefined);
  const rows = await run<Fence & { i: number }>(client, `${sql.kind}.fence`, sql.fence, [
    idArray(batches.map(({ trialId }) => trialId)),
    numberArray(batches.map(({ attempt }) => attempt)),
    numberArray(batches.map(({ epoch }) => epoch)),
  ]);
  for (const row of rows) fences[row.i - 1] = row;
  return fences;
}

interface LockedStream {
  readonly id: number;
  readonly nextSeq: number;
}

/** The streams of the batches at `indices`, locked in this order; undefined where there is none yet. */
async function lockStreams(
  client: pg.ClientBase,
  sql: StreamStatements,
  batches: readonly StreamBatch[],
  indices: readonly number[],
): Promise<(LockedStream | undefined)[]> {
  const streams: (LockedStream | undefined)[] = batches.map(() => undefined);
  const asked = indices.map((i) => batches[i] as StreamBatch);
  const rows = await run<{ i: number; id: number; nextSeq: number }>(client, `${sql.kind}.lock`, sql.lock, [
    idArray(asked.map(({ trialId }) => trialId)),
    numberArray(asked.map(({ attempt }) => attempt)),
    asked.map(({ stream }) => stream),
  ]);
  for (const { i, id, nextSeq } of rows) streams[indices[i - 1] as number] = { id, nextSeq };
  return streams;
}

/** `known` with the streams that are new: opened by the first batch of a writer who is not fenced, and locked. */
async function openStreams(
  client: pg.ClientBase,
  sql: StreamStatements,
  batches: readonly StreamBatch[],
  fences: readonly (Fence | undefined)[],
  known: readonly (LockedStream | undefined)[],
): Promise<(LockedStream | undefined)[]> {
  const missing = batches.flatMap(({ seq }, i) =>
    known[i] === undefined && fences[i] !== undefined && seq === 0 ? [i] : [],
  );
  if (missing.length === 0) return [...known];
  const opened = missing.map((i) => ({ ...(batches[i] as StreamBatch), fence: fences[i] as Fence }));
  const opening = run(client, `${sql.kind}.open`, sql.open, [
    idArray(opened.map(({ projectId }) => projectId)),
    idArray(opened.map(({ trialId }) => trialId)),
    numberArray(opened.map(({ attempt }) => attempt)),
    opened.map(({ stream }) => stream),
    idArray(opened.map(({ fence }) => fence.experimentId)),
  ]);
  const [, fresh] = await Promise.all([opening, lockStreams(client, sql, batches, missing)]);
  return known.map((stream, i) => stream ?? fresh[i]);
}

async function readOverlaps<Stored extends StoredSegment>(
  client: pg.ClientBase,
  sql: StreamStatements,
  batches: readonly StreamBatch[],
  streams: readonly (LockedStream | undefined)[],
): Promise<Stored[][]> {
  const stored: Stored[][] = batches.map(() => []);
  const asked = batches.flatMap((batch, i) => {
    const stream = streams[i];
    return stream !== undefined && batch.seq < stream.nextSeq
      ? [{ i, id: stream.id, first: batch.seq, beyond: batch.seq + batch.n }]
      : [];
  });
  if (asked.length === 0) return stored;
  const rows = await run<Stored & { i: number }>(client, `${sql.kind}.overlap`, sql.overlap, [
    numberArray(asked.map(({ id }) => id)),
    numberArray(asked.map(({ first }) => first)),
    numberArray(asked.map(({ beyond }) => beyond)),
  ]);
  for (const row of rows) stored[asked[row.i - 1]?.i as number]?.push(row);
  return stored;
}

/** The log store in Postgres: a log of compressed segments, written by group commit over the same streams as metrics. */

import type { TrialId } from '../../domain/ids.js';
import type { LogStream } from '../../domain/training-job.js';
import type { Database, Sql } from '../database.js';
import { idArray } from '../streams/arrays.js';
import { GroupCommit } from '../streams/group-commit.js';
import { encodePositions } from '../streams/positions.js';
import { StoreGeneration } from '../streams/store-generation.js';
import {
  judgeBatches,
  LOG_STREAMS,
  type NewSegment,
  type StoredSegment,
  type StreamBatch,
  touchTrials,
  writeSegments,
} from '../streams/stream-log.js';
import { ingestTransaction, type Sent, togetherOrAlone } from '../streams/transaction.js';
import { decodeLines, encodeLines, sliceLines } from './log-codec.js';
import type { LogAppendResult, LogLines, LogPage, LogQuery, LogStore } from './log-store.js';
import { findStream, type StreamEnd, seqAfter, VISIBLE } from './log-stream.js';
import { searchLog } from './search-log.js';

/** Text that a page may hold before it ends early. */
const PAGE_BYTES = 4 * 1024 * 1024;
const SEGMENTS_PER_READ = 32;

interface EncodedBatch extends StreamBatch {
  readonly content: LogLines;
  readonly data: Buffer;
}

/** The log store over the tables `log_*`. Close it before the database. */
export function createLogStore(database: Database): LogStore {
  const { read, ingest } = database;
  const generation = new StoreGeneration(read);
  const writer = new GroupCommit<EncodedBatch, LogAppendResult>({
    write: (batches) =>
      writeSorted(batches, (group) => ingestTransaction(ingest, (client) => writeLogs(client, group))),
    keyOf: keyOfStream,
    weightOf: ({ data }) => data.length,
    maxInFlight: 1,
    gatherMs: 2,
    maxGroupItems: 128,
    maxGroupWeight: 4 * 1024 * 1024,
    maxWaitingItems: 2_048,
    maxWaitingWeight: 64 * 1024 * 1024,
  });

  return {
    append: async (batch) => {
      const { projectId, trialId, attempt, epoch, stream, seq, lines, sources, times } = batch;
      const content = { lines, sources, times };
      const data = await encodeLines(content);
      return writer.add({ projectId, trialId, attempt, epoch, stream, seq, n: lines.length, content, data });
    },
    readPage: async (query) => readPage(read, await generation.read(), query),
    search: async (query) => searchLog(read, await generation.read(), query),
    readStreams: (trialIds) => readStreams(read, trialIds),
    close: () => writer.close(),
  };
}

function keyOfStream({ trialId, attempt, stream }: StreamBatch): string {
  return `${trialId}/${String(attempt).padStart(10, '0')}/${stream}`;
}

async function writeSorted(
  batches: readonly EncodedBatch[],
  write: (sorted: readonly EncodedBatch[]) => Promise<LogAppendResult[]>,
) {
  const order = batches
    .map((_, i) => i)
    .sort((a, b) => (keyOfStream(batches[a] as EncodedBatch) < keyOfStream(batches[b] as EncodedBatch) ? -1 : 1));
  const outcomes = await togetherOrAlone(
    order.map((i) => batches[i] as EncodedBatch),
    write,
  );
  return batches.map((_, i) => outcomes[order.indexOf(i)] as (typeof outcomes)[number]);
}

async function writeLogs(
  client: Parameters<typeof judgeBatches>[0],
  batches: readonly EncodedBatch[],
): Promise<Sent<LogAppendResult[]>> {
  const judged = await judgeBatches(client, LOG_STREAMS, batches, (i, stored) =>
    sameLines(batches[i] as EncodedBatch, stored),
  );
  const segments: NewSegment[] = [];
  const due: TrialId[] = [];
  for (const [i, { outcome, skip, streamId, fence }] of judged.entries()) {
    const batch = batches[i] as EncodedBatch; // one verdict per batch
    if (outcome !== 'ACCEPTED' || streamId === null) continue;
    if (fence?.contactDue === true) due.push(batch.trialId);
    if (skip === batch.n) continue;
    const data = skip === 0 ? batch.data : await encodeLines(sliceLines(batch.content, skip, batch.n));
    segments.push({ streamId, seq: batch.seq + skip, n: batch.n - skip, data });
  }
  const writes = [...writeSegments(client, LOG_STREAMS, segments), ...touchTrials(client, due, new Map())];
  const result = judged.map(({ outcome, nextSeq, fence }) => ({
    outcome,
    nextSeq,
    experimentId: fence?.experimentId ?? null,
    stopReason: fence?.stopReason ?? null,
  }));
  return { result, writes };
}

function sameLines(batch: EncodedBatch, stored: readonly StoredSegment[]): boolean {
  return stored.every((segment) => {
    const theirs = decodeLines(segment.data);
    const from = Math.max(batch.seq, segment.seq);
    const to = Math.min(batch.seq + batch.n, segment.seq + segment.n);
    for (let seq = from; seq < to; seq++) {
      const [own, other] = [seq - batch.seq, seq - segment.seq];
      if (batch.content.lines[own] !== theirs.lines[other] || batch.content.sources[own] !== theirs.sources[other])
        return false;
      if (!Object.is(batch.content.times[own], theirs.times[other])) return false;
    }
    return true;
  });
}

async function readPage(sql: Sql, generation: string, query: LogQuery): Promise<LogPage> {
  const stream = await findStream(sql, query);
  const start = startOf(query, generation, stream);
  if (stream === undefined) return pageOf(emptyLines(), encodePositions('log', generation, new Map()), 0, false);

  if (stream.expired) {
    const cursor = encodePositions('log', generation, new Map([[stream.id, stream.nextSeq]]));
    return pageOf(emptyLines(), cursor, stream.nextSeq, false);
  }
  const end = Math.min(stream.nextSeq, start + query.first);
  const parts: LogLines[] = [];
  let at = start;
  let bytes = 0;
  while (at < end && bytes < PAGE_BYTES) {
    const rows = await sql.query<StoredSegment>(
      `/* log.segments */ SELECT seq, n, data FROM log_segment
WHERE stream_id = $1 AND seq > $2 - 10000 AND seq < $3 AND seq + n > $2 ORDER BY seq LIMIT ${SEGMENTS_PER_READ}`,
      [stream.id, at, end],
    );
    if (rows.length === 0) break;
    for (const { seq, n, data } of rows) {
      if (bytes >= PAGE_BYTES) break;
      const part = sliceLines(decodeLines(data), Math.max(0, at - seq), Math.min(n, end - seq));
      parts.push(part);
      bytes += part.lines.reduce((sum, line) => sum + line.length, 0);
      at = Math.min(end, seq + n);
    }
  }
  return pageOf(
    joined(parts),
    encodePositions('log', generation, new Map([[stream.id, at]])),
    start,
    at < stream.nextSeq,
  );
}

function startOf({ after, tail }: LogQuery, generation: string, stream: StreamEnd | undefined): number {
  if (after === null && tail !== null) return Math.max(0, (stream?.nextSeq ?? 0) - tail);
  return seqAfter(after, generation, stream);
}

async function readStreams(sql: Sql, trialIds: readonly TrialId[]): Promise<(readonly LogStream[])[]> {
  const rows = await sql.query<LogStream>(
    `/* log.streams */ SELECT trial_id AS "trialId", attempt, name, next_seq AS "nextSeq" FROM log_stream s
WHERE trial_id = ANY($1::uuid[]) AND ${VISIBLE} ORDER BY attempt, name`,
    [idArray(trialIds)],
  );
  const byTrial = new Map<TrialId, LogStream[]>(trialIds.map((id) => [id, []]));
  for (const row of rows) byTrial.get(row.trialId)?.push(row);
  return trialIds.map((id) => byTrial.get(id) ?? []);
}

function pageOf(content: LogLines, cursor: string, firstSeq: number, hasMore: boolean): LogPage {
  return { ...content, cursor, firstSeq, hasMore };
}

function emptyLines(): LogLines {
  return { lines: [], sources: [], times: new Float64Array(0) };
}

function joined(parts: readonly LogLines[]): LogLines {
  const times = new Float64Array(parts.reduce((sum, part) => sum + part.times.length, 0));
  let at = 0;
  for (const part of parts) {
    times.set(part.times, at);
    at += part.times.length;
  }
  return { lines: parts.flatMap(({ lines }) => lines), sources: parts.flatMap(({ sources }) => sources), times };
}

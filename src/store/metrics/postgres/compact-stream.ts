/**
 * Moves the oldest segments of one stream into chunks. All is read and encoded first, without a lock; then one short
 * transaction takes the stream's first segment, which only one compactor can hold and none can hold twice, writes the
 * chunks and their roll-ups and deletes the segments. Whatever fails, the points are in the log or in chunks, never in both or in neither.
 */
import type { Database, Sql } from '../../database.js';
import { numberArray } from '../../streams/arrays.js';
import { CHUNK_POINTS, type ChunkColumns, decodeChunk, encodeClock, encodeData, slice } from './chunk-codec.js';
import { highest, lowest } from './extremes.js';
import { type FreshChunks, growRollups, writeRollups } from './grow-rollups.js';
import { decodeSegment } from './segment-codec.js';

/** Points of a stream that one transaction moves: some 200 ms of encoding, most of it in zlib's threads. */
const POINTS_AT_ONCE = 200_000;
/** How many other chunks are looked at for equal steps and times. */
const LIKELY_TWINS = 4;

/** A stream whose segment at `first` is its oldest. */
export interface DueStream {
  readonly id: number;
  readonly first: number;
  /** Segments younger than this stay in the log. */
  readonly tailMs: number;
  /** Whether its attempt has ended: what comes late is welcome, but little will. */
  readonly isOver: boolean;
}

const SEGMENTS = `/* metric.compact.read */
SELECT seq, n, data FROM (
  SELECT seq, n, data, bool_and(at <= clock_timestamp() - $3 * interval '1 millisecond') OVER (ORDER BY seq) AS old
  FROM metric_segment WHERE stream_id = $1 AND seq >= $2 AND seq < $2 + ${POINTS_AT_ONCE}) g
WHERE old ORDER BY seq`;

const LAST_CHUNKS = `/* metric.compact.last */
SELECT c.key_id AS "keyId", c.no, c.n, c.clock, c.data FROM unnest($2::int[]) AS b(key_id)
CROSS JOIN LATERAL (SELECT key_id, no, n, CASE WHEN n < ${CHUNK_POINTS} THEN clock END AS clock,
    CASE WHEN n < ${CHUNK_POINTS} THEN data END AS data
  FROM metric_chunk WHERE stream_id = $1 AND key_id = b.key_id ORDER BY no DESC LIMIT 1) c`;

// The stream is locked against its deletion first, in the order in which a deletion takes them.
const TAKE = `/* metric.compact.take */
SELECT g.seq FROM metric_stream s JOIN metric_segment g ON g.stream_id = s.id AND g.seq = $2
WHERE s.id = $1 FOR KEY SHARE OF s SKIP LOCKED FOR UPDATE OF g SKIP LOCKED`;

// Once a chunk is full its times are final; before, a release that knows no times may let it grow. Its first point stays.
const WRITE_CHUNKS = `/* metric.compact.write */
INSERT INTO metric_chunk (stream_id, key_id, no, n, clock_key, first_seq, last_seq, lo_step, hi_step, lo_time, hi_time, first_time, clock, data)
SELECT $1, * FROM unnest($2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::float8[], $9::float8[],
  $10::float8[], $11::float8[], $12::float8[], $13::bytea[], $14::bytea[])
ON CONFLICT (stream_id, key_id, no) DO UPDATE SET n = excluded.n, clock_key = excluded.clock_key, last_seq = excluded.last_seq,
  lo_step = excluded.lo_step, hi_step = excluded.hi_step, lo_time = excluded.lo_time, hi_time = excluded.hi_time,
  first_time = excluded.first_time, clock = excluded.clock, data = excluded.data`;

const DROP_SEGMENTS = `/* metric.compact.drop */
WITH gone AS (DELETE FROM metric_segment WHERE stream_id = $1 AND seq >= $2 AND seq < $3 RETURNING n)
SELECT coalesce(sum(n), 0)::int AS n FROM gone`;

const STILL_THERE = `/* metric.compact.still-there */ SELECT 1 FROM metric_segment WHERE stream_id = $1 AND seq = $2`;

/** Points that were moved: 0 when another compactor was first, or the stream is being emptied. */
export async function compactStream(database: Database, stream: DueStream): Promise<number> {
  try {
    return await move(database, stream);
  } catch (error) {
    // A stream that is deleted or expires while it is read loses its oldest segment first, and then looks torn.
    if ((await database.read.query(STILL_THERE, [stream.id, stream.first])).length > 0) throw error;
    return 0;
  }
}

async function move(database: Database, stream: DueStream): Promise<number> {
  const log = await readLog(database.read, stream);
  if (log.end === stream.first) return 0;
  const chunks: NewChunk[] = [];
  const twins = new Twins();
  const last = await database.read.query<LastChunk>(LAST_CHUNKS, [stream.id, numberArray([...log.keys.keys()])]);
  const lastByKey = new Map(last.map((chunk) => [chunk.keyId, chunk]));
  const full: FreshChunks[] = [];
  for (const [keyId, fresh] of log.keys) {
    const { firstNo, columns } = await afterLast(fresh, lastByKey.get(keyId));
    const parts = cut(columns);
    for (const [i, part] of parts.entries()) chunks.push(await encodeChunk(keyId, firstNo + i, part, twins));
    full.push({ keyId, first: firstNo, columns: parts.filter(isFull) });
  }
  const isLastRound = log.end < stream.first + POINTS_AT_ONCE; // else more may follow, and each would write them again
  const rollups = await growRollups(database.read, stream.id, full, { eager: stream.isOver && isLastRound });

  const moved = log.end - stream.first;
  return database.transaction(async (tx) => {
    const [taken] = await tx.query(TAKE, [stream.id, stream.first]);
    if (taken === undefined) return 0;
    await writeChunks(tx, stream.id, chunks);
    await writeRollups(tx, stream.id, rollups);
    const [dropped] = await tx.query<{ n: number }>(DROP_SEGMENTS, [stream.id, stream.first, log.end]);
    if (dropped?.n !== moved) throw new Error(`stream ${stream.id}: ${moved} points were read, ${dropped?.n} dropped`);
    return moved;
  });
}

interface LastChunk {
  readonly keyId: number;
  readonly no: number;
  readonly n: number;
  /** Null when the chunk is full. */
  readonly clock: Buffer | null;
  readonly data: Buffer | null;
}

interface NewChunk {
  readonly keyId: number;
  readonly no: number;
  readonly columns: ChunkColumns;
  readonly clockKey: number | null;
  readonly clock: Buffer | null;
  readonly data: Buffer;
}

/** Points per key in order of seq, up to the seq where what was read ends. */
async function readLog(
  sql: Sql,
  { id, first, tailMs }: DueStream,
): Promise<{ end: number; keys: Map<number, ChunkColumns> }> {
  const rows = await sql.query<{ seq: number; n: number; data: Buffer }>(SEGMENTS, [id, first, tailMs]);
  const runs = new Map<number, ChunkColumns[]>();
  let end = first;
  for (const { seq, n, data } of rows) {
    if (seq !== end) throw new Error(`stream ${id} has no segment at ${end}, the next is at ${seq}`);
    for (const { keyId, steps, times, values } of decodeSegment(data, null)) {
      const seqs = Float64Array.from(steps, (_, i) => end + i);
      const own = runs.get(keyId);
      if (own === undefined) runs.set(keyId, [{ seqs, steps, times, values }]);
      else own.push({ seqs, steps, times, values });
      end += steps.length;
    }
    if (end !== seq + n) throw new Error(`stream ${id} has a segment at ${seq} that does not hold ${n} points`);
  }
  return { end, keys: new Map([...runs].map(([keyId, own]) => [keyId, joined(own)])) };
}

/** The points that follow the last full chunk: those of a chunk that is not full come again with the new ones. */
async function afterLast(
  fresh: ChunkColumns,
  last: LastChunk | undefined,
): Promise<{ firstNo: number; columns: ChunkColumns }> {
  if (last === undefined) return { firstNo: 0, columns: fresh };
  const { clock, data } = last;
  if (clock === null || data === null) return { firstNo: last.no + 1, columns: fresh };
  return { firstNo: last.no, columns: joined([await decodeChunk({ ...last, clock, data }), fresh]) };
}

/** All but the last have the length of a full chunk. */
function cut(columns: ChunkColumns): ChunkColumns[] {
  const n = columns.seqs.length;
  return Array.from({ length: Math.ceil(n / CHUNK_POINTS) }, (_, i) =>
    slice(columns, i * CHUNK_POINTS, Math.min(n, (i + 1) * CHUNK_POINTS)),
  );
}

async function encodeChunk(keyId: number, no: number, columns: ChunkColumns, twins: Twins): Promise<NewChunk> {
  const clockKey = isFull(columns) ? twins.find(keyId, no, columns) : null;
  const [clock, data] = await Promise.all([clockKey === null ? encodeClock(columns) : null, encodeData(columns)]);
  return { keyId, no, columns, clockKey, clock, data };
}

function isFull({ seqs }: ChunkColumns): boolean {
  return seqs.length === CHUNK_POINTS;
}

/** Full chunks of this round by number, to find one with the same steps and times. */
class Twins {
  private readonly byNo = new Map<number, { keyId: number; columns: ChunkColumns }[]>();

  /** The key whose chunk of this number has equal bits; else null, and this one may serve the next. */
  find(keyId: number, no: number, columns: ChunkColumns): number | null {
    const others = this.byNo.get(no) ?? [];
    this.byNo.set(no, others);
    const twin = others.find(
      (other) => sameBytes(other.columns.times, columns.times) && sameBytes(other.columns.steps, columns.steps),
    );
    if (twin === undefined && others.unshift({ keyId, columns }) > LIKELY_TWINS) others.pop();
    return twin?.keyId ?? null;
  }
}

async function writeChunks(tx: Sql, streamId: number, chunks: readonly NewChunk[]): Promise<void> {
  const of = (pick: (chunk: NewChunk) => number | null) => numberArray(chunks.map(pick));
  await tx.query(WRITE_CHUNKS, [
    streamId,
    of(({ keyId }) => keyId),
    of(({ no }) => no),
    of(({ columns }) => columns.seqs.length),
    of(({ clockKey }) => clockKey),
    of(({ columns }) => columns.seqs[0] as number),
    of(({ columns }) => columns.seqs.at(-1) as number),
    of(({ columns }) => lowest(columns.steps)),
    of(({ columns }) => highest(columns.steps)),
    of(({ columns }) => (isFull(columns) ? lowest(columns.times) : null)),
    of(({ columns }) => (isFull(columns) ? highest(columns.times) : null)),
    of(({ no, columns }) => (no === 0 ? (columns.times[0] as number) : null)),
    chunks.map(({ clock }) => clock),
    chunks.map(({ data }) => data),
  ]);
}

function joined(runs: readonly ChunkColumns[]): ChunkColumns {
  const n = runs.reduce((sum, { seqs }) => sum + seqs.length, 0);
  const all = {
    seqs: new Float64Array(n),
    steps: new Float64Array(n),
    times: new Float64Array(n),
    values: new Float64Array(n),
  };
  let at = 0;
  for (const run of runs) {
    all.seqs.set(run.seqs, at);
    all.steps.set(run.steps, at);
    all.times.set(run.times, at);
    all.values.set(run.values, at);
    at += run.seqs.length;
  }
  return all;
}

function sameBytes(a: Float64Array, b: Float64Array): boolean {
  const bytes = (column: Float64Array) => Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return bytes(a).equals(bytes(b));
}

/**
 * Which roll-ups grow when a stream got new chunks. A roll-up lags behind its chunks until they are a quarter more, so
 * that a slow series does not have its roll-up written again for every chunk; readers decode what it lacks.
 */
import type { Sql } from '../../database.js';
import { numberArray } from '../../streams/arrays.js';
import { CHUNK_POINTS, type ChunkColumns, decodeChunk } from './chunk-codec.js';
import { decodeLevel, growRollup, ROLLUP_CHUNKS, type Rollup, type RollupBase } from './rollup.js';
import { decodeSpans } from './time-spans.js';

const FEWEST_NEW_CHUNKS = 2;

/** Whether a row of metric_rollup lacks what readers need: a release before wrote it, or let it grow. */
export const IS_STALE = '(r.lo_time IS NULL OR cardinality(r.ends) = cardinality(r.counts))';

const LAST_ROLLUPS = `/* metric.rollup.last */
SELECT l.* FROM unnest($2::int[]) AS b(key_id)
CROSS JOIN LATERAL (SELECT key_id AS "keyId", no, chunks, lo_step AS "loStep", hi_step AS "hiStep", lo_time AS "loTime", hi_time AS "hiTime",
    width, counts[1] AS count, ${IS_STALE} AS "isStale",
    CASE WHEN chunks < ${ROLLUP_CHUNKS} AND NOT ${IS_STALE} THEN substr(data, 1, ends[1]) END AS finest,
    CASE WHEN chunks < ${ROLLUP_CHUNKS} AND NOT ${IS_STALE} THEN substr(data, ends[cardinality(counts)] + 1) END AS spans
  FROM metric_rollup r WHERE stream_id = $1 AND key_id = b.key_id ORDER BY no DESC LIMIT 1) l`;

const FULL_CHUNKS = `/* metric.rollup.chunks */
SELECT c.key_id AS "keyId", c.n, coalesce(c.clock, t.clock) AS clock, c.data FROM metric_chunk c
LEFT JOIN metric_chunk t ON t.stream_id = c.stream_id AND t.key_id = c.clock_key AND t.no = c.no
WHERE c.stream_id = $1 AND c.key_id = $2 AND c.no >= $3 AND c.no < $4 ORDER BY c.no`;

const WRITE = `/* metric.rollup.write */
INSERT INTO metric_rollup (stream_id, key_id, no, chunks, lo_step, hi_step, lo_time, hi_time, width, counts, ends, data)
SELECT $1, key_id, no, chunks, lo_step, hi_step, lo_time, hi_time, width, counts::int[], ends::int[], data
FROM unnest($2::int[], $3::int[], $4::int[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::text[], $11::text[], $12::bytea[])
  AS b(key_id, no, chunks, lo_step, hi_step, lo_time, hi_time, width, counts, ends, data)
ON CONFLICT (stream_id, key_id, no) DO UPDATE SET chunks = excluded.chunks, lo_step = excluded.lo_step, hi_step = excluded.hi_step,
  lo_time = excluded.lo_time, hi_time = excluded.hi_time, width = excluded.width, counts = excluded.counts, ends = excluded.ends,
  data = excluded.data`;

/** The full chunks that a key got: those from number `first` on. */
export interface FreshChunks {
  readonly keyId: number;
  readonly first: number;
  readonly columns: readonly ChunkColumns[];
}

export interface KeyRollup {
  readonly keyId: number;
  readonly rollup: Rollup;
}

/** The roll-ups to write. An `eager` one leaves no full chunk out: for streams that are over. */
export async function growRollups(
  sql: Sql,
  streamId: number,
  keys: readonly FreshChunks[],
  { eager }: { readonly eager: boolean },
): Promise<KeyRollup[]> {
  const rows = await sql.query<LastRollup>(LAST_ROLLUPS, [streamId, numberArray(keys.map(({ keyId }) => keyId))]);
  const last = new Map(rows.map((row) => [row.keyId, row]));
  const grown: KeyRollup[] = [];
  for (const { keyId, first, columns } of keys) {
    const row = last.get(keyId);
    let at = row === undefined ? 0 : ROLLUP_CHUNKS * row.no + (row.isStale ? 0 : row.chunks);
    const end = first + columns.length;
    while (at < end) {
      const no = Math.floor(at / ROLLUP_CHUNKS);
      const have = at - ROLLUP_CHUNKS * no;
      const to = Math.min(end, ROLLUP_CHUNKS * (no + 1));
      const isWorthIt = to - at >= Math.max(FEWEST_NEW_CHUNKS, have / 4) || to === ROLLUP_CHUNKS * (no + 1);
      if (!isWorthIt && !eager) break;
      const older = at < first ? await readFullChunks(sql, streamId, keyId, at, Math.min(to, first)) : [];
      const newer = columns.slice(Math.max(0, at - first), Math.max(0, to - first));
      const base = have > 0 && row !== undefined ? await baseOf(row) : null;
      grown.push({ keyId, rollup: await growRollup(no, base, [...older, ...newer]) });
      at = to;
    }
  }
  return grown;
}

export async function writeRollups(tx: Sql, streamId: number, rollups: readonly KeyRollup[]): Promise<void> {
  if (rollups.length === 0) return;
  const of = (pick: (rollup: Rollup) => number) => numberArray(rollups.map(({ rollup }) => pick(rollup)));
  await tx.query(WRITE, [
    streamId,
    numberArray(rollups.map(({ keyId }) => keyId)),
    of(({ no }) => no),
    of(({ chunks }) => chunks),
    of(({ loStep }) => loStep),
    of(({ hiStep }) => hiStep),
    of(({ loTime }) => loTime),
    of(({ hiTime }) => hiTime),
    of(({ width }) => width),
    rollups.map(({ rollup }) => numberArray(rollup.counts)),
    rollups.map(({ rollup }) => numberArray(rollup.ends)),
    rollups.map(({ rollup }) => rollup.data),
  ]);
}

interface LastRollup extends Omit<RollupBase, 'finest' | 'spans'> {
  readonly keyId: number;
  readonly width: number;
  readonly count: number;
  readonly isStale: boolean;
  readonly finest: Buffer | null;
  readonly spans: Buffer | null;
}

async function baseOf({ finest, spans, ...row }: LastRollup): Promise<RollupBase | null> {
  if (finest === null || spans === null) return null;
  return {
    ...row,
    finest: await decodeLevel(finest, row.count, row.width),
    spans: await decodeSpans(spans, row.count, row),
  };
}

/** The full chunks `[from, to)` of a key that are stored already. */
export async function readFullChunks(
  sql: Sql,
  streamId: number,
  keyId: number,
  from: number,
  to: number,
): Promise<ChunkColumns[]> {
  interface Row {
    readonly keyId: number;
    readonly n: number;
    readonly clock: Buffer;
    readonly data: Buffer;
  }
  const rows = await sql.query<Row>(FULL_CHUNKS, [streamId, keyId, from, to]);
  const isWhole = rows.length === to - from && rows.every(({ n }) => n === CHUNK_POINTS);
  if (!isWhole) throw new Error(`stream ${streamId}: chunks ${from} to ${to} of key ${keyId} are not all full`);
  const chunks: ChunkColumns[] = [];
  for (const row of rows) chunks.push(await decodeChunk(row));
  return chunks;
}

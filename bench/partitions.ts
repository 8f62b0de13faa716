/**
 * Whether chunks and roll-ups should lie in 16 hash partitions: the same load on both layouts, side by side in one run.
 * Writers store segments and compact them, all the time; then charts are read, trials deleted and tables vacuumed.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/store/embedded.js';
import { finish, latency, quantile, rate } from './support/result.js';

const POINTS = Number(process.env.POINTS ?? 5e7);
const KEYS = 4;
const CHUNK_POINTS = 2048;
const CHUNK_BYTES = 20_000;
const CHUNKS_PER_KEY = 6;
const SEGMENT_BYTES = 29_000;
const SEGMENTS = 49; // of 1,000 points
const STREAM_POINTS = KEYS * CHUNKS_PER_KEY * CHUNK_POINTS;
const STREAMS = Math.ceil(POINTS / STREAM_POINTS);
const WRITERS = 4;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const STORED = 'points stored and compacted';

const directory = await mkdtemp(join(tmpdir(), 'trialgraph-bench-'));
await chmod(directory, 0o755);
const postgres = await startEmbeddedPostgres({ directory, log: () => undefined });
const pool = new pg.Pool({ connectionString: postgres.url, max: WRITERS + 1 });
const bytes = (n: number): Buffer => randomBytes(n);
const figures = { plain: new Map<string, number[]>(), hashed: new Map<string, number[]>() };
try {
  // The first round finds new files and the next ones old: it does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [layout, partitions] of [
      ['plain', 0],
      ['hashed', 16],
    ] as const) {
      await makeTables(partitions);
      const found = { ...(await write()), ...(await read()), ...(await remove()) };
      console.error(layout, found);
      if (round === 0) continue;
      for (const [name, figure] of Object.entries(found)) {
        const known = figures[layout].get(name) ?? [];
        figures[layout].set(name, [...known, figure]);
      }
    }
  }
} finally {
  await pool.end();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}
const rival = '16 hash partitions';
finish(
  [...figures.plain].map(([name, own]) => {
    const [figure, other] = [quantile(own, 0.5), quantile(figures.hashed.get(name) ?? [], 0.5)];
    return name === STORED ? rate(name, figure, 'points/s', rival, other) : latency(name, figure, rival, other);
  }),
);

async function makeTables(partitions: number): Promise<void> {
  const suffix = partitions > 0 ? 'PARTITION BY HASH (stream_id)' : '';
  await pool.query(`DROP TABLE IF EXISTS chunk, rollup, segment, stream;
    CREATE TABLE stream (id bigint PRIMARY KEY, next_seq bigint NOT NULL);
    CREATE TABLE segment (stream_id bigint NOT NULL REFERENCES stream, seq bigint NOT NULL, n integer NOT NULL,
      at timestamptz NOT NULL DEFAULT now(), data bytea NOT NULL, PRIMARY KEY (stream_id, seq));
    CREATE TABLE chunk (stream_id bigint NOT NULL REFERENCES stream, key_id integer NOT NULL, no integer NOT NULL, n integer NOT NULL,
      first_seq bigint NOT NULL, last_seq bigint NOT NULL, data bytea NOT NULL, PRIMARY KEY (stream_id, key_id, no)) ${suffix};
    CREATE INDEX ON chunk (stream_id, last_seq, first_seq);
    CREATE TABLE rollup (stream_id bigint NOT NULL REFERENCES stream, key_id integer NOT NULL, no integer NOT NULL,
      data bytea NOT NULL, PRIMARY KEY (stream_id, key_id, no)) ${suffix};
    ALTER TABLE segment ALTER COLUMN data SET STORAGE EXTERNAL;
    ALTER TABLE chunk ALTER COLUMN data SET STORAGE EXTERNAL;
    ALTER TABLE rollup ALTER COLUMN data SET STORAGE EXTERNAL;`);
  for (let i = 0; i < partitions; i++)
    await pool.query(`CREATE TABLE chunk_${i} PARTITION OF chunk FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${i});
      CREATE TABLE rollup_${i} PARTITION OF rollup FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${i});`);
}

/** Points a second: streams are filled and compacted by several writers. */
async function write(): Promise<Record<string, number>> {
  let next = 0;
  const startedMs = performance.now();
  const writer = async (): Promise<void> => {
    const client = await pool.connect();
    while (next < STREAMS) await fill(client, ++next);
    client.release();
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return { [STORED]: POINTS / ((performance.now() - startedMs) / 1000) };
}

async function fill(client: pg.PoolClient, id: number): Promise<void> {
  await client.query('INSERT INTO stream VALUES ($1, 0)', [id]);
  const data = bytes(SEGMENT_BYTES);
  for (let i = 0; i < SEGMENTS; i += 7) {
    const seqs = Array.from({ length: 7 }, (_, j) => (i + j) * 1000);
    await client.query(
      'INSERT INTO segment (stream_id, seq, n, data) SELECT $1, s, 1000, $3 FROM unnest($2::bigint[]) s',
      [id, seqs, data],
    );
  }
  await client.query('BEGIN');
  for (let key = 0; key < KEYS; key++) {
    const blobs = Array.from({ length: CHUNKS_PER_KEY }, () => bytes(CHUNK_BYTES));
    await client.query(
      `INSERT INTO chunk SELECT $1::bigint, $2::int, b.no::int - 1, 2048, b.no * 8192, b.no * 8192 + 8191, b.data FROM unnest($3::bytea[]) WITH ORDINALITY b(data, no)`,
      [id, key, blobs],
    );
    await client.query('INSERT INTO rollup VALUES ($1, $2, 0, $3)', [id, key, bytes(CHUNK_BYTES)]);
  }
  await client.query('DELETE FROM segment WHERE stream_id = $1', [id]);
  await client.query('COMMIT');
}

/** Charts of one trial and of a hundred: one key's roll-ups, as the overview reads them, and chunks of a window. */
async function read(): Promise<Record<string, number>> {
  const some = (n: number): number[] => Array.from({ length: n }, () => 1 + Math.floor(Math.random() * STREAMS));
  const overview = `SELECT r.stream_id, r.data FROM unnest($1::bigint[]) b(id) JOIN rollup r ON r.stream_id = b.id AND r.key_id = 1`;
  const zoom = `SELECT c.data FROM unnest($1::bigint[]) b(id) JOIN chunk c ON c.stream_id = b.id AND c.last_seq >= 16384 AND c.first_seq < 24576`;
  return {
    'overview of one series': await median(300, () => pool.query({ name: 'o', text: overview, values: [some(1)] })),
    'overview of 100 series': await median(60, () => pool.query({ name: 'o', text: overview, values: [some(100)] })),
    'window of one trial': await median(300, () => pool.query({ name: 'z', text: zoom, values: [some(1)] })),
  };
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const ms: number[] = [];
  for (let i = 0; i < times; i++) {
    const startedMs = performance.now();
    await work();
    ms.push(performance.now() - startedMs);
  }
  return quantile(ms, 0.5);
}

/** Deletes every tenth stream as the purge does, then vacuums. */
async function remove(): Promise<Record<string, number>> {
  const ids = Array.from({ length: Math.floor(STREAMS / 10) }, (_, i) => 1 + i * 10);
  const deletes = ['rollup', 'chunk'].map(
    (name) =>
      `DELETE FROM ${name} WHERE stream_id = $1 AND (key_id, no) IN (SELECT key_id, no FROM ${name} WHERE stream_id = $1 ORDER BY key_id, no LIMIT 500)`,
  );
  const startedMs = performance.now();
  for (const id of ids) for (const text of deletes) await pool.query(text, [id]);
  const perTrial = (performance.now() - startedMs) / ids.length;
  const begunMs = performance.now();
  await pool.query('VACUUM chunk');
  return { 'delete a trial': perTrial, 'vacuum of the chunks': performance.now() - begunMs };
}

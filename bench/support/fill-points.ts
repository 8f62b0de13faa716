/**
 * A store with many points in it: one series, and a hundred that share as many points. The long one and the first of the
 * hundred are written through the API, as an SDK writes, and moved by the compactor of the product; the others are copies of
 * the first, made by SQL: the same bytes under other streams.
 */
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { Columns, Shape } from './columns.js';
import { compactAll } from './compact.js';
import { type BenchServer, type BenchTrial, finishTrials, startTrials } from './server.js';
import { GraphqlWriter } from './writers.js';

const CROWD = 100;
const BATCH = 10_000;
/** Points that the log holds at most: then they are compacted, as a server does all the time. */
const SLICE = 5_000_000;

export interface Filled {
  /** Points in the store. */
  readonly points: number;
  readonly long: BenchTrial;
  readonly crowd: readonly BenchTrial[];
  readonly crowdSteps: number;
}

/** Stores `n` points in one series of "loss" and `n` more in a hundred, with irregular clocks and noise; all trials end. */
export async function fillPoints(server: BenchServer, sql: pg.Client, n: number): Promise<Filled> {
  const startedMs = performance.now();
  const { trials } = await startTrials(server, `filled-${n}`, CROWD + 1);
  const [long, first, ...copies] = trials as [BenchTrial, BenchTrial, ...BenchTrial[]];
  const crowdSteps = n / CROWD;
  await write(server, long, n);
  await write(server, first, crowdSteps);
  await finishTrials(server, trials);
  await compacted(server, sql);
  const writtenMs = performance.now();
  await copy(sql, first, copies);
  await sql.query('VACUUM ANALYZE metric_stream, metric_segment, metric_chunk, metric_rollup, metric_summary');
  await sql.query('CHECKPOINT');
  const seconds = (ms: number) => Math.round(ms / 1_000);
  console.error(
    `${n + crowdSteps} points written and compacted in ${seconds(writtenMs - startedMs)} s, copied to ${2 * n} in ${seconds(performance.now() - writtenMs)} s`,
  );
  return { points: 2 * n, long, crowd: [first, ...copies], crowdSteps };
}

/** The server compacts too: until it is through with what it took, the log is not empty. */
async function compacted(server: BenchServer, sql: pg.Client): Promise<void> {
  for (;;) {
    await compactAll(server.databaseUrl);
    const { rows } = await sql.query('SELECT 1 FROM metric_segment LIMIT 1');
    if (rows.length === 0) return;
    await setTimeout(200);
  }
}

async function write(server: BenchServer, trial: BenchTrial, steps: number): Promise<void> {
  const shape = { points: Math.min(BATCH, steps), metrics: 1 };
  const writer = new GraphqlWriter(server.url, trial, shape, noise(steps));
  let compacted = 0;
  while (writer.acknowledged < steps) {
    await writer.write();
    // Not the last ones: those wait for the end of the trial, with which its roll-ups are completed.
    if (writer.acknowledged - compacted < SLICE || writer.acknowledged === steps) continue;
    compacted = writer.acknowledged;
    await compactAll(server.databaseUrl);
  }
  writer.close();
}

/** Steps take 50 to 200 ms; the loss falls and shakes. */
function noise(steps: number): (shape: Shape, from: number) => readonly Columns[] {
  let time = 1_764_000_000;
  return ({ points }, from) => {
    const own = Float64Array.from({ length: points }, (_, i) => from + i);
    const times = own.map(() => {
      time += 0.05 + 0.15 * Math.random() ** 2;
      return time;
    });
    return [
      { key: 'loss', steps: own, times, values: own.map((step) => Math.exp(-step / steps) + 0.1 * Math.random()) },
    ];
  };
}

async function copy(sql: pg.Client, from: BenchTrial, to: readonly BenchTrial[]): Promise<void> {
  const ids = [from.id, to.map(({ id }) => id)];
  for (const table of ['metric_stream', 'metric_summary']) {
    const columns = await columnsBut(sql, table, ['id', 'trial_id']);
    await sql.query(
      `INSERT INTO ${table} (trial_id, ${columns}) SELECT b.id, ${columns} FROM ${table}, unnest($2::uuid[]) b(id) WHERE trial_id = $1`,
      ids,
    );
  }
  for (const table of ['metric_chunk', 'metric_rollup']) {
    const columns = await columnsBut(sql, table, ['stream_id']);
    await sql.query(
      `INSERT INTO ${table} (stream_id, ${columns}) SELECT s.id, ${columns} FROM unnest($2::uuid[]) b(id)
      JOIN metric_stream s ON s.trial_id = b.id JOIN ${table} c ON c.stream_id IN (SELECT id FROM metric_stream WHERE trial_id = $1)
      ORDER BY s.id, c.key_id, c.no`,
      ids,
    );
  }
}

async function columnsBut(sql: pg.Client, table: string, others: readonly string[]): Promise<string> {
  const { rows } = await sql.query<{ names: string }>(
    `SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2::text[])`,
    [table, others],
  );
  return rows[0]?.names ?? '';
}

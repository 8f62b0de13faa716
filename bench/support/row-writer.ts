/** The rival by raw SQL: the same points as rows with the primary key that makes a retry safe, one commit per batch. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { columnsOf, literal, type Shape } from './columns.js';
import type { Writer } from './writers.js';

const TABLE = `CREATE TABLE bench_point (trial_id uuid NOT NULL, seq bigint NOT NULL, key_id integer NOT NULL, step bigint NOT NULL,
time float8 NOT NULL, value float8 NOT NULL, PRIMARY KEY (trial_id, seq))`;
const INSERT = `INSERT INTO bench_point (trial_id, seq, key_id, step, time, value)
SELECT $1, $2 + i - 1, key_id, step, time, value
FROM unnest($3::int[], $4::bigint[], $5::float8[], $6::float8[]) WITH ORDINALITY AS p(key_id, step, time, value, i)`;

/** Connections to a database that has the table now. */
export async function openRows(url: string, connections: number): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => undefined); // the cluster goes before the pool when a run fails
  await pool.query(TABLE);
  return pool;
}

export class RowWriter implements Writer {
  private seq = 0;
  private step = 0;
  private readonly trialId = randomUUID();
  private readonly pool: pg.Pool;
  private readonly shape: Shape;

  constructor(pool: pg.Pool, shape: Shape) {
    this.pool = pool;
    this.shape = shape;
  }

  async write(): Promise<number> {
    const { points, metrics } = this.shape;
    const columns = columnsOf(this.shape, this.step);
    const values = [
      this.trialId,
      this.seq,
      literal(columns.flatMap(({ steps }, key) => Array.from(steps, () => key))),
      literal(columns.flatMap(({ steps }) => [...steps])),
      literal(columns.flatMap(({ times }) => [...times])),
      literal(columns.flatMap((own) => [...own.values])),
    ];
    await this.pool.query({ name: 'bench.insert', text: INSERT, values });
    this.seq += points;
    this.step += points / metrics;
    return points;
  }
}

/** The rival of charts: points as rows with a covering index, reduced by `GROUP BY width_bucket`. */
import type pg from 'pg';

const BUCKETS = 1_000;
const TABLE = `CREATE TABLE bench_row (series integer NOT NULL, step float8 NOT NULL, time float8 NOT NULL, value float8 NOT NULL)`;
const INSERT = `INSERT INTO bench_row SELECT $1 + s, i, 1764000000 + i / 10.0, exp(-i / $3::float8) + 0.1 * random()
FROM generate_series(0, $2 - 1) s, generate_series(0, $3 - 1) i`;
const GROUP_BY = `SELECT series, width_bucket(step, 0, $3::float8, ${BUCKETS}) AS bucket, count(*), min(value), max(value), avg(value), max(step)
FROM bench_row WHERE series >= $1 AND series < $1 + $2 AND step >= 0 AND step < $3 GROUP BY 1, 2 ORDER BY 1, 2`;

export interface ChartRows {
  readonly bytesPerPoint: number;
  /** Of the series of all rows. */
  long(): Promise<void>;
  /** Of the hundred series. */
  crowd(): Promise<void>;
  drop(): Promise<void>;
}

/** One series of `n` steps and a hundred that share as many. */
export async function makeChartRows(sql: pg.Client, n: number): Promise<ChartRows> {
  await sql.query(TABLE);
  await sql.query(INSERT, [0, 1, n]);
  await sql.query(INSERT, [1, 100, n / 100]);
  await sql.query('CREATE INDEX ON bench_row (series, step) INCLUDE (value)');
  await sql.query('VACUUM ANALYZE bench_row');
  const { rows } = await sql.query<{ bytes: number }>(`SELECT pg_total_relation_size('bench_row')::float8 AS bytes`);
  const read = async (first: number, series: number, steps: number) => {
    const answer = await sql.query(GROUP_BY, [first, series, steps]);
    const fewest = series * Math.min(BUCKETS, steps);
    if (answer.rows.length < fewest) throw new Error(`the rival gave ${answer.rows.length} rows instead of ${fewest}`);
  };
  return {
    bytesPerPoint: (rows[0]?.bytes ?? Number.NaN) / (2 * n),
    long: () => read(0, 1, n),
    crowd: () => read(1, 100, n / 100),
    drop: async () => {
      await sql.query('DROP TABLE bench_row');
    },
  };
}

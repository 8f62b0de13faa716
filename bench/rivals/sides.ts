/** What every comparison with MLflow is given: both servers, and how long to measure. */
import pg from 'pg';
import type { BenchServer } from '../support/server.js';
import type { MlflowServer } from './servers.js';

export interface Sides {
  readonly ours: BenchServer;
  readonly mlflow: MlflowServer;
  /** As results name it. */
  readonly rival: string;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Runs the work with a connection to the database. */
export async function withSql<Result>(url: string, work: (sql: pg.Client) => Promise<Result>): Promise<Result> {
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** The one number that the statement gives. */
export async function numberOf(url: string, statement: string, values: readonly unknown[] = []): Promise<number> {
  return await withSql(url, async (sql) => {
    const { rows } = await sql.query<{ n: string }>(statement, [...values]);
    return Number(rows[0]?.n);
  });
}

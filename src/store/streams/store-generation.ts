/** Which life of the database this is: changes when a standby is promoted or a dump restored, as cursors must notice. */
import type { Sql } from '../database.js';

const REMEMBER_MS = 5_000;

const GENERATION = `/* stream.generation */
SELECT to_hex((SELECT system_identifier FROM pg_control_system()) # hashtextextended(current_database(), 0)) AS identifier,
  substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline`;

/** Asks at most every five seconds. */
export class StoreGeneration {
  private readonly sql: Sql;
  private known: { readonly text: string; readonly at: number } | null = null;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** A text of at most 16 bytes. */
  async read(): Promise<string> {
    const now = performance.now();
    if (this.known !== null && now - this.known.at < REMEMBER_MS) return this.known.text;
    const [row] = await this.sql.query<{ identifier: string; timeline: string }>(GENERATION);
    const text =
      `${Number.parseInt(row?.timeline ?? '0', 16).toString(36)}.${(row?.identifier ?? '').slice(0, 12)}`.slice(0, 16);
    this.known = { text, at: now };
    return text;
  }
}

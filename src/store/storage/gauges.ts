/** What can be known of the room that data has: the file systems it lies on, or a budget for a database elsewhere. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../database.js';
import type { Gauge } from './storage-guard.js';

const MIB = 2 ** 20;
/** Of the volume, but no more than 2 GiB, and no less than four segments of write-ahead log. */
const LOW_SHARE = 0.05;
const LOW_MOST = 2048 * MIB;
const LOW_LEAST = 64 * MIB;
/** Ingest comes back with a quarter more, not with the first byte: else it would flap. */
const HYSTERESIS = 1.25;

interface Volume {
  readonly bsize: number;
  readonly blocks: number;
  /** What an account without privileges may still use. */
  readonly bavail: number;
}

export interface VolumeOptions {
  readonly what: string;
  readonly path: string;
  /** Low watermark in bytes; null: 5 % of the volume, between 64 MiB and 2 GiB. */
  readonly minFreeBytes: number | null;
  /** For tests. */
  readonly statfs?: (path: string) => Promise<Volume>;
}

/** Free space of the file system under `path`. */
export function volumeGauge({ what, path, minFreeBytes, statfs: measure = statfs }: VolumeOptions): Gauge {
  return async () => {
    const { bsize, blocks, bavail } = await measure(path);
    const share = Math.min(LOW_MOST, Math.max(LOW_LEAST, bsize * blocks * LOW_SHARE));
    const lowBytes = minFreeBytes ?? share;
    return { what, freeBytes: bsize * bavail, lowBytes, highBytes: lowBytes * HYSTERESIS };
  };
}

/**
 * The volumes of a Postgres on this machine: its data, and its write-ahead log where that lies elsewhere. Needs the
 * right to read `data_directory`, which the owner of an embedded cluster has.
 */
export async function clusterGauges(sql: Sql, minFreeBytes: number | null): Promise<Gauge[]> {
  const [row] = await sql.query<{ directory: string }>(
    `/* storage.data-directory */ SELECT current_setting('data_directory') AS directory`,
  );
  if (row === undefined) return [];
  return [
    volumeGauge({ what: 'the disk of the database', path: row.directory, minFreeBytes }),
    volumeGauge({ what: "the disk of the database's log", path: join(row.directory, 'pg_wal'), minFreeBytes }),
  ];
}

/**
 * What is left of a budget for a Postgres elsewhere: the size of our database and, where we may know it, of the
 * write-ahead log, which a replica that went away makes grow. The database shrinks by VACUUM FULL only, so that room comes back by that
 * or by a larger budget.
 */
export function budgetGauge(sql: Sql, maxBytes: number): Gauge {
  let mayReadLog: boolean | null = null;
  return async () => {
    mayReadLog ??= await canReadLog(sql);
    const [row] = await sql.query<{ used: number }>(
      `/* storage.database-size */ SELECT (pg_database_size(current_database())
        ${mayReadLog ? '+ (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())' : ''})::float8 AS used`,
    );
    const lowBytes = maxBytes * LOW_SHARE;
    const freeBytes = maxBytes - (row?.used ?? 0);
    return { what: "the database's budget", freeBytes, lowBytes, highBytes: lowBytes * HYSTERESIS };
  };
}

async function canReadLog(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ may: boolean }>(
    `/* storage.may-read-log */ SELECT has_function_privilege('pg_ls_waldir()', 'execute') AS may`,
  );
  return row?.may === true;
}

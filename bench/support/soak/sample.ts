/** One look at everything that could grow: the server's process, its Postgres, its tables and its folder. Linux only. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { residentMiB } from '../../../test/support/process-figures.js';
import { treePids } from '../cpu.js';
import type { BenchServer } from '../server.js';

/** By name of the quantity. */
export type Sample = Readonly<Record<string, number>>;

/** Tables whose rows are counted: they are small as long as nothing leaks. */
const COUNTED = [
  'api_key',
  'artifact',
  'change',
  'client_request',
  'event',
  'experiment',
  'log_segment',
  'log_stream',
  'metric_chunk',
  'metric_key',
  'metric_segment',
  'metric_stream',
  'metric_summary',
  'project',
  'runner',
  'session',
  'training_job',
  'trial',
  'trial_lease',
];
const MIB = 1_048_576;

const ROWS = `SELECT ${COUNTED.map((table) => `(SELECT count(*) FROM ${table})::int AS ${table}`).join(', ')},
  (SELECT count(DISTINCT trial_id) FROM training_job)::int AS "training_job by trial"`;
const TABLES = `SELECT relname AS name, n_dead_tup::float8 AS dead, pg_total_relation_size(relid)::float8 AS bytes
FROM pg_stat_user_tables WHERE schemaname = 'public'`;
const CLUSTER = `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())::int AS connections,
  (SELECT sum(size) FROM pg_ls_waldir())::float8 AS wal, (SELECT count(*) FROM pg_ls_tmpdir())::int AS temporary`;

/** What every sample has; `isDeep` also asks the server to collect its garbage and say what is left. */
export async function takeSample(server: BenchServer, sql: pg.Client, isDeep: boolean): Promise<Sample> {
  const [rows] = (await sql.query<Record<string, number>>(ROWS)).rows;
  const tables = (await sql.query<{ name: string; dead: number; bytes: number }>(TABLES)).rows;
  const [cluster] = (await sql.query<{ connections: number; wal: number; temporary: number }>(CLUSTER)).rows;
  const sample: Record<string, number> = {
    'resident memory': residentMiB(server.pid),
    'Postgres memory': treePids(server.postgresPid).reduce((sum, pid) => sum + privateMiB(pid), 0),
    'file descriptors': countOf(`/proc/${server.pid}/fd`),
    connections: cluster?.connections ?? Number.NaN,
    WAL: (cluster?.wal ?? Number.NaN) / MIB,
    files: filesUnder(server.dataDirectory) + (cluster?.temporary ?? Number.NaN),
    'dead rows': tables.reduce((sum, { dead }) => sum + dead, 0),
    disk: tables.reduce((sum, { bytes }) => sum + bytes, 0) / MIB,
  };
  for (const [table, n] of Object.entries(rows ?? {})) sample[`rows of ${table}`] = n;
  for (const { name, dead, bytes } of tables) {
    sample[`dead rows of ${name}`] = dead;
    sample[`disk of ${name}`] = bytes / MIB;
  }
  if (isDeep) {
    const { heapUsed, external, resources } = await probe(server);
    sample.heap = (heapUsed + external) / MIB;
    sample['active resources'] = Object.values(resources).reduce((sum, n) => sum + n, 0);
    for (const [kind, n] of Object.entries(resources)) sample[`active ${kind}`] = n;
  }
  return sample;
}

interface Probed {
  readonly heapUsed: number;
  readonly external: number;
  readonly resources: Readonly<Record<string, number>>;
}

/** What `probe.mjs` says in the server. */
async function probe({ child }: BenchServer): Promise<Probed> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(30_000) });
  child.send('look');
  return ((await answered) as [Probed])[0];
}

/** Without shared buffers, which fill up to their size and are bounded by it. */
function privateMiB(pid: number): number {
  try {
    return Number(/^Pss_Anon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return 0; // it has just ended
  }
}

function countOf(folder: string): number {
  return readdirSync(folder).length;
}

function filesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

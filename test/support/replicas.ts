/**
 * Two Postgres clusters on loopback, the second a streaming standby of the first, made by the backup functions of SQL.
 * The log passes through a gate, so that a test decides what the standby has when the primary dies.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Binaries, prepareBinaries } from '../../src/store/embedded/binaries.js';
import { type Cluster, OWNER, prepareCluster } from '../../src/store/embedded/cluster.js';
import { type Launched, launchServer } from '../../src/store/embedded/launch.js';
import { proveServer, urlOf } from '../../src/store/embedded/login.js';
import { choosePlace, dataOf, handOver } from '../../src/store/embedded/place.js';
import { freePort } from './free-port.js';
import { Gate } from './gate.js';
import { until } from './until.js';

const STANDBY = 'standby';
/** Nobody pulls the plug, so that they need not wait for the disk. */
const SETTINGS = { fsync: 'off', wal_keep_size: '512MB' };
/** What a copy of a running cluster must not have. */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts'];

export interface Replicas {
  /** Where a server should connect: whichever cluster is primary. */
  readonly url: string;
  /** The first row of a statement, asked of the cluster that is primary. */
  ask<Row extends object>(sql: string): Promise<Row>;
  /** Resolves when the standby has applied all that is committed. */
  caughtUp(): Promise<void>;
  /** From now on the standby gets no log. */
  holdLog(): void;
  /** `kill -9` of the primary, for good. Connections go to the standby, which still refuses to write. */
  killPrimary(): Promise<void>;
  promote(): Promise<void>;
  stop(): Promise<void>;
}

interface Node {
  readonly cluster: Cluster;
  readonly binaries: Binaries;
  readonly port: number;
  readonly launched: Launched;
}

/** With `isSynchronous` a commit waits until the standby has it. */
export async function startReplicas(
  directory: string,
  { isSynchronous }: { isSynchronous: boolean },
): Promise<Replicas> {
  const primary = await startFirst(join(directory, 'first'));
  const log = new Gate(primary.port);
  const standby = await startStandby(primary, join(directory, 'second'), await log.start());
  if (isSynchronous) {
    await query(primary, `ALTER SYSTEM SET synchronous_standby_names = '${STANDBY}'`);
    await query(primary, 'SELECT pg_reload_conf()');
  }
  const front = new Gate(primary.port);
  const url = urlOf(primary.cluster, await front.start());
  let current = primary;
  return {
    url,
    ask: (sql) => query(current, sql),
    caughtUp: async () => {
      const { lsn } = await query<{ lsn: string }>(primary, 'SELECT pg_current_wal_lsn() AS lsn');
      const sql = `SELECT pg_last_wal_replay_lsn() >= '${lsn}'::pg_lsn AS done`;
      await until(async () => (await query<{ done: boolean }>(standby, sql)).done);
    },
    holdLog: () => log.hold(),
    killPrimary: async () => {
      primary.launched.child.kill('SIGKILL');
      await primary.launched.ended;
      await log.stop();
      front.point(standby.port);
    },
    promote: async () => {
      await query(standby, 'SELECT pg_promote()');
      current = standby;
    },
    stop: async () => {
      await front.stop();
      if (current === primary) await log.stop();
      await Promise.all([standby, primary].map(stopNode));
    },
  };
}

async function startFirst(directory: string): Promise<Node> {
  const place = choosePlace(directory, () => undefined);
  const binaries = prepareBinaries(place, undefined);
  return start(await prepareCluster(place, binaries, () => undefined), binaries);
}

/** Copies the folder of the running primary, and follows its log by way of `logPort`. */
async function startStandby(primary: Node, directory: string, logPort: number): Promise<Node> {
  const place = choosePlace(directory, () => undefined);
  const data = dataOf(place.home);
  const backup = new pg.Client({ connectionString: urlOf(primary.cluster, primary.port) });
  await backup.connect(); // the backup ends with its session
  await backup.query("SELECT pg_backup_start('standby', fast => true)");
  await promisify(execFile)('cp', ['-a', primary.cluster.data, data]);
  const { rows } = await backup.query<{ labelfile: string }>(
    'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
  );
  await backup.end();
  for (const name of NOT_COPIED) await rm(join(data, name), { force: true });
  for (const name of await readdir(join(data, 'pg_wal'))) await rm(join(data, 'pg_wal', name), { recursive: true });
  for (const name of ['archive_status', 'summaries']) await makeFolder(join(data, 'pg_wal', name), place.account);
  const { password } = primary.cluster;
  const source = `host=127.0.0.1 port=${logPort} user=${OWNER} password=${password} application_name=${STANDBY}`;
  await makeFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`, place.account);
  await makeFile(join(data, 'backup_label'), rows[0]?.labelfile ?? '', place.account);
  await makeFile(join(data, 'standby.signal'), '', place.account);
  return start({ home: place.home, data, password, account: place.account }, primary.binaries);
}

async function start(cluster: Cluster, binaries: Binaries): Promise<Node> {
  const port = await freePort();
  const launched = await launchServer(cluster, binaries, port, SETTINGS);
  let isOver = false;
  void launched.ended.then(() => {
    isOver = true;
  });
  await until(async () => {
    if (isOver) throw new Error(`Postgres does not start: ${launched.said()}`);
    return (await proveServer(cluster, port)) === launched.pid;
  });
  return { cluster, binaries, port, launched };
}

async function stopNode({ launched: { child, ended } }: Node): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await ended;
}

async function query<Row extends object>({ cluster, port }: Node, sql: string): Promise<Row> {
  const client = new pg.Client({ connectionString: urlOf(cluster, port) });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows[0] as Row; // every statement here gives a row
  } finally {
    await client.end();
  }
}

type Account = Parameters<typeof handOver>[1];

async function makeFolder(path: string, account: Account): Promise<void> {
  await mkdir(path);
  handOver(path, account);
}

async function makeFile(path: string, text: string, account: Account): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  handOver(path, account);
}

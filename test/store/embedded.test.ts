import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded.js';

interface Host {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pid: number;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const OXC = '@oxc-node/core/register';
const isRoot = process.getuid?.() === 0;
const canBecomeNobody = isRoot && process.platform === 'linux' && worldCanEnter(import.meta.dirname);

let directory: string;
let lines: string[];
let servers: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(() => {
  directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'trialgraph-embedded-')));
  chmodSync(directory, 0o755);
  lines = [];
  servers = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  // A killed host leaves its server: take it over, then stop it.
  if (servers.length === 0 && existsSync(path.join(directory, 'data', 'postmaster.pid'))) await start();
  for (const server of servers) await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the embedded Postgres', () => {
  it('keeps its data, its address and nothing running over a stop and a second start', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 41 AS value');
    await first.stop();
    const aliveAfterStop = isAlive(first.pid);

    const second = await start();

    expect(aliveAfterStop).toBe(false);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 41 }]);
  });

  it('keeps durability on and its password to itself', async () => {
    const server = await start();

    expect(await query(server.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(path.join(directory, 'data', 'trialgraph.password')).mode & 0o777).toBe(0o600);
  });

  it('starts again on the same port, with every acknowledged row, when the server is killed', async () => {
    const server = await start();
    await query(server.url, 'CREATE TABLE kept (value int)');
    await query(server.url, 'INSERT INTO kept VALUES (42)');
    const before = server.pid;

    process.kill(before, 'SIGKILL');

    await vi.waitFor(
      async () => expect(await query(server.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]),
      15_000,
    );
    await vi.waitFor(() => expect(server.pid).not.toBe(before), 5000);
    expect(lines.join('\n')).toContain('ended unexpectedly');
  });

  it('attaches to the server that a killed process left, brings it back when it dies, and stops it', async () => {
    const host = await startHost();
    await query(host.url, 'CREATE TABLE kept AS SELECT 43 AS value');
    await kill(host.child);

    const server = await start();
    const attachedTo = server.pid;
    process.kill(server.pid, 'SIGKILL');
    await vi.waitFor(() => expect(server.pid).not.toBe(attachedTo), 15_000);
    const rows = await query(server.url, 'SELECT value FROM kept');
    await server.stop();

    expect(attachedTo).toBe(host.pid);
    expect(server.url).toBe(host.url);
    expect(rows).toEqual([{ value: 43 }]);
    expect(isAlive(server.pid)).toBe(false);
  });

  it('starts anew when both the process and its server were killed', async () => {
    const host = await startHost();
    await query(host.url, 'CREATE TABLE kept AS SELECT 44 AS value');
    process.kill(host.child.pid ?? 0, 'SIGKILL');
    process.kill(host.pid, 'SIGKILL');
    await once(host.child, 'exit');

    const server = await start();

    expect(await query(server.url, 'SELECT value FROM kept')).toEqual([{ value: 44 }]);
  });

  it('makes one server for users that start at once, and leaves it to the last one', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    if (one === undefined || two === undefined) throw new Error('both start');

    await one.stop();
    const answer = await query(two.url, 'SELECT 1 AS one');
    await two.stop();

    expect(one.pid).toBe(two.pid);
    expect(answer).toEqual([{ one: 1 }]);
    expect(isAlive(two.pid)).toBe(false);
  });

  it('never signals a stranger whose process id stands in a stale postmaster.pid', async () => {
    await (await start()).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    children.push(stranger);
    await once(stranger, 'spawn');
    writeFileSync(
      path.join(directory, 'data', 'postmaster.pid'),
      `${stranger.pid}\n${directory}/data\n1\n1\n\n127.0.0.1\n1 1\nready\n`,
    );

    const server = await start();
    await server.stop();

    expect(lines.join('\n')).toContain(`process ${stranger.pid} is not the database server`);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('says what the server says when it cannot start', async () => {
    const failing = start({ shared_buffers: 'plenty' });

    await expect(failing).rejects.toThrow(/does not start:.*shared_buffers/);
  });

  it('refuses a data folder that is not ours', async () => {
    mkdirSync(path.join(directory, 'data'));

    await expect(start()).rejects.toThrow(/is not a database of Trialgraph/);
  });

  it.skipIf(!isRoot)('moves a cluster that the unprivileged account cannot reach, and finds it again', async () => {
    chmodSync(directory, 0o700);

    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 45 AS value');
    await first.stop();
    const second = await start();
    const rows = await query(second.url, 'SELECT value FROM kept');
    await second.stop();
    const home = readFileSync(path.join(directory, 'moved-to'), 'utf8').trim();
    rmSync(home, { recursive: true, force: true });

    expect(rows).toEqual([{ value: 45 }]);
    expect(lines.filter((line) => line.includes(`is kept in ${home}`))).toHaveLength(1);
  });

  it.skipIf(!canBecomeNobody)('runs in place as an ordinary user', async () => {
    const NOBODY = 65_534;
    const home = path.join(directory, 'of-nobody');
    mkdirSync(home);
    chmodSync(directory, 0o777);
    chmodSync(home, 0o777);

    const host = await startHost(path.join(home, 'postgres'), NOBODY);
    const rows = await query(host.url, 'SELECT 1 AS one');
    host.child.kill('SIGTERM');
    await once(host.child, 'exit');

    expect(rows).toEqual([{ one: 1 }]);
    expect(statSync(path.join(home, 'postgres', 'data')).uid).toBe(NOBODY);
    expect(isAlive(host.pid)).toBe(false);
  });
});

async function start(settings: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, log: (line) => lines.push(line), settings });
  servers.push(server);
  return server;
}

async function startHost(where = directory, uid?: number): Promise<Host> {
  const script = path.join(import.meta.dirname, 'embedded-host.ts');
  const child = spawn(process.execPath, ['--import', OXC, script, where], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, ...(JSON.parse(line) as { url: string; pid: number }) };
  }
  throw new Error(`the host ended: ${errors}`);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function worldCanEnter(folder: string): boolean {
  const parent = path.dirname(folder);
  return (statSync(folder).mode & 1) === 1 && (parent === folder || worldCanEnter(parent));
}

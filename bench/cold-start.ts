/**
 * From the start of the process to its first right answer, which asks the database: with the tables there, and on an empty
 * database, where migrations run and the first keys are made. Postgres runs already; files are in the page cache. Beside a
 * bare node process with graphql and pg, whose answer asks the database too. Starts of all three alternate (`--starts`).
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/store/embedded.js';
import { freePort } from '../test/support/free-port.js';
import { BARE, spawnBare } from './support/bare.js';
import { firstAnswer } from './support/first-answer.js';
import { finish, latency } from './support/result.js';
import { clientOf, spawnServer, stopped } from './support/server.js';

const { values: flags } = parseArgs({ options: { starts: { type: 'string', default: '9' } } });

const root = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
chmodSync(root, 0o755);
const postgres = await startEmbeddedPostgres({ directory: path.join(root, 'postgres'), log: () => undefined });
const sql = new pg.Client({ connectionString: postgres.url });
const [empty, warm, bare]: [number[], number[], number[]] = [[], [], []];
try {
  await sql.connect();
  for (let start = -1; start < Number(flags.starts); start++) {
    const [directory, databaseUrl] = await freshDatabase(start + 1);
    const taken = [
      await startOurs(directory, databaseUrl),
      await startOurs(directory, databaseUrl),
      await startBare(databaseUrl),
    ] as const;
    await sql.query(`DROP DATABASE ${nameOf(start + 1)} WITH (FORCE)`);
    console.error(taken.map((ms) => `${Math.round(ms)} ms`).join(', '));
    if (start < 0) continue; // it reads the files of all from disk
    empty.push(taken[0]);
    warm.push(taken[1]);
    bare.push(taken[2]);
  }
} finally {
  await sql.end();
  await postgres.stop();
  rmSync(root, { recursive: true, force: true });
}
finish([
  latency('cold start, warm database', warm, BARE, bare),
  latency('cold start, empty database', empty, BARE, bare),
]);

function nameOf(start: number): string {
  return `start_${start}`;
}

/** A folder for a server, and the URL of its database. */
async function freshDatabase(start: number): Promise<readonly [string, string]> {
  await sql.query(`CREATE DATABASE ${nameOf(start)}`);
  const url = new URL(postgres.url);
  url.pathname = `/${nameOf(start)}`;
  return [mkdtempSync(path.join(root, 'server-')), url.href];
}

async function startOurs(directory: string, databaseUrl: string): Promise<number> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const child = spawnServer({ directory, databaseUrl, port });
  const ms = await firstAnswer({ child, url }, startedMs, async () => {
    const { data } = await post(url, '{ viewer { organization { id } } }', clientOf(directory).apiKey);
    return typeof data?.viewer?.organization.id === 'string';
  });
  await stopped(child);
  return ms;
}

async function startBare(databaseUrl: string): Promise<number> {
  const port = await freePort();
  const startedMs = performance.now();
  const { child, url } = spawnBare(port, databaseUrl);
  const ms = await firstAnswer(
    { child, url },
    startedMs,
    async () => (await post(url, '{ ok }', '')).data?.ok === true,
  );
  await stopped(child);
  return ms;
}

interface Answer {
  readonly data?: { readonly ok?: boolean; readonly viewer?: { readonly organization: { readonly id: string } } };
}

async function post(url: string, query: string, token: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return (await response.json()) as Answer;
}

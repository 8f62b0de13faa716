/**
 * A server's process started until its first right answer, first on an empty database, then on its tables; both sides
 * in turn on one cluster. Ours answers a GraphQL question with a key, MLflow which experiments there are.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { latency, type Result } from '../support/result.js';
import type { Python } from './python.js';
import { type Cluster, firstAnswer, freePort, spawnMlflow, startCluster, stop } from './servers.js';
import { withSql } from './sides.js';

const ENTRY = path.resolve(import.meta.dirname, '../../dist/src/cli/trialgraph.js');

export async function compareColdStart(python: Python, rounds: number): Promise<Result[]> {
  const cluster = await startCluster();
  const { url } = cluster.postgres;
  try {
    await withSql(url, async (sql) => {
      await sql.query('CREATE DATABASE mlflow');
    });
    const rivalUrl = url.replace(/[^/]*$/, 'mlflow');
    const [own, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      own.push(await startOurs(cluster));
      theirs.push(await startTheirs(cluster, python, rivalUrl));
    }
    const rival = python.title('MLflow');
    return [
      latency('rivals, cold start, empty database', own.slice(0, 1), rival, theirs.slice(0, 1)),
      latency('rivals, cold start, tables there', own.slice(1), rival, theirs.slice(1)),
    ];
  } finally {
    await cluster.close();
  }
}

async function startOurs({ directory, postgres }: Cluster): Promise<number> {
  const port = await freePort();
  const data = path.join(directory, 'data');
  const child = spawn(process.execPath, [ENTRY, 'server'], {
    cwd: directory,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TRIALGRAPH_DATA_DIR: data,
      TRIALGRAPH_PORT: String(port),
      DATABASE_URL: postgres.url,
    },
    stdio: 'ignore',
    detached: true,
  });
  return await answered(child, async () => {
    // The key is written by the first start, before it listens.
    const { apiKey } = JSON.parse(readFileSync(path.join(data, 'client.json'), 'utf8')) as { apiKey: string };
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query: '{ projects(first: 10) { nodes { id name } } }' }),
    });
    const text = await response.clone().text();
    if (text.includes('"errors"')) throw new Error(text); // not yet
    return response;
  });
}

async function startTheirs({ directory }: Cluster, python: Python, databaseUrl: string): Promise<number> {
  const port = await freePort();
  const child = spawnMlflow(python, databaseUrl, port, directory);
  return await answered(child, () =>
    fetch(`http://127.0.0.1:${port}/api/2.0/mlflow/experiments/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ max_results: 10 }),
    }),
  );
}

async function answered(child: ChildProcess, question: () => Promise<Response>): Promise<number> {
  try {
    return await firstAnswer(child, question);
  } finally {
    await stop(child);
  }
}

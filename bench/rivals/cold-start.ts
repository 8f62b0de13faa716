/**
 * A server's process started until its first right answer, first on an empty database, then on its tables; both sides
 * in turn on one cluster. Ours answers a GraphQL question with a key, MLflow which experiments there are.
 */
import { freePort } from '../../test/support/free-port.js';
import { firstAnswer } from '../support/first-answer.js';
import { latency, type Result } from '../support/result.js';
import { clientOf, spawnServer, stopped } from '../support/server.js';
import type { Python } from './python.js';
import { type Cluster, spawnMlflow, startCluster, stop } from './servers.js';
import { withSql } from './sides.js';

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
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const child = spawnServer({ directory, databaseUrl: postgres.url, port });
  try {
    return await firstAnswer({ child, url }, startedMs, async () => {
      const { apiKey } = clientOf(directory); // written by the first start, before it listens
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ query: '{ projects(first: 10) { nodes { id name } } }' }),
      });
      const text = await response.text();
      return response.ok && !text.includes('"errors"');
    });
  } finally {
    await stopped(child);
  }
}

async function startTheirs({ directory }: Cluster, python: Python, databaseUrl: string): Promise<number> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const child = spawnMlflow(python, databaseUrl, port, directory);
  try {
    return await firstAnswer({ child, url }, startedMs, async () => {
      const response = await fetch(`${url}/api/2.0/mlflow/experiments/search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ max_results: 10 }),
      });
      await response.arrayBuffer();
      return response.ok;
    });
  } finally {
    await stop(child);
  }
}

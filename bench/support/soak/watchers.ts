/** People who look on for a while: subscriptions that begin, are cut, go on from their cursor, and end, some without a word. */
import { once } from 'node:events';
import WebSocket from 'ws';
import {
  ExperimentChangedDocument,
  JobLogDocument,
  MetricsReportedDocument,
  TrialsChangedDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { Client } from '../../../sdk/typescript/node-client.js';
import { type Ground, lifeOf, pick } from './ground.js';
import type { Queue } from './runners.js';

type Kind = 'points of trials' | 'points of an experiment' | 'trials' | 'jobs' | 'log' | 'vanishing';

const KINDS: readonly (readonly [number, Kind])[] = [
  [3, 'points of trials'],
  [1, 'points of an experiment'],
  [3, 'trials'],
  [2, 'jobs'],
  [2, 'log'],
  [2, 'vanishing'],
];
const LONGEST_MS = 15_000;

/** One watcher from its coming to its going. */
export async function watchOnce(ground: Ground, queue: Queue, experimentIds: readonly string[]): Promise<void> {
  const { random, server, unreliableUrl } = ground;
  const kind = pick(random, KINDS);
  const over = lifeOf(ground, LONGEST_MS * (0.05 + random()));
  const trialIds = [...ground.ledger.living.values()].filter((entry) => entry.endedMs === null).map(({ id }) => id);
  const some = trialIds.slice(0, 1 + Math.floor(random() * 10));
  const experimentId = experimentIds[Math.floor(random() * experimentIds.length)] as string;
  if (kind === 'vanishing') return vanish(ground, some);
  const client = new Client({ url: unreliableUrl, apiKey: server.apiKey });
  const options = { signal: over };
  const goOn = (last: { readonly cursor?: string | null } | undefined) => ({ after: last?.cursor ?? null });
  try {
    if (kind === 'points of trials' && some.length > 0)
      await drain(
        client.subscribe(
          MetricsReportedDocument,
          (last) => ({ trialIds: some, ...goOn(last?.metricsReported) }),
          options,
        ),
      );
    if (kind === 'points of an experiment')
      await drain(
        client.subscribe(
          MetricsReportedDocument,
          (last) => ({ experimentId, keys: ['stream-0/metric-0'], ...goOn(last?.metricsReported) }),
          options,
        ),
      );
    if (kind === 'trials') {
      const where = random() < 0.5 ? 'metrics.`stream-0/metric-0`.last > 0' : 'params.layers = 1 AND duration < 60';
      await drain(client.subscribe(TrialsChangedDocument, { experimentId, where }, options));
    }
    if (kind === 'jobs')
      await drain(
        client.subscribe(
          ExperimentChangedDocument,
          (last) => ({ id: queue.experimentId, ...goOn(last?.experimentChanged) }),
          options,
        ),
      );
    const [jobId] = queue.jobIds;
    if (kind === 'log' && jobId !== undefined)
      await drain(client.subscribe(JobLogDocument, (last) => ({ jobId, ...goOn(last?.jobLog) }), options));
  } finally {
    await client.close();
  }
}

async function drain(results: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of results);
}

/** Subscribes and is gone, as a laptop that is shut. */
async function vanish({ random, server }: Ground, trialIds: readonly string[]): Promise<void> {
  if (trialIds.length === 0) return;
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  const answered = () => Promise.race([once(socket, 'message'), closed]); // a busy server may close instead
  await Promise.race([once(socket, 'open'), closed]);
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.apiKey}` } }));
  await answered();
  const query = MetricsReportedDocument.toString();
  for (const id of ['1', '2'])
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { trialIds } } }));
  await answered();
  await new Promise((done) => setTimeout(done, 2_000 * random()));
  socket.terminate();
}

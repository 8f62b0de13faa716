import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { uploadArtifact } from '../../sdk/typescript/artifact.js';
import { Client, type ClientOptions } from '../../sdk/typescript/client.js';
import {
  FinishTrialDocument,
  MetricsReportedDocument,
  type MetricsReportedSubscription,
  TrialIdentityDocument,
} from '../../sdk/typescript/generated/operations.js';
import type { ConnectionState } from '../../sdk/typescript/sockets.js';
import { FakeServer } from './fake-server.js';
import { until } from './support.js';

let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await server.start();
});

afterEach(() => server.stop());

const FINISH = { input: { trialId: 't', attempt: 1, state: 'COMPLETED' } } as const;

test('a request gives the data of the operation', async () => {
  const { trial } = await aClient().request(TrialIdentityDocument, { id: 't' });

  expect(trial?.number).toBe(3);
});

test('an error of the table becomes the exception of its code, with its data', async () => {
  server.intercept = () => refusal('SPACE_INVALID', { problems: ['lr'] });

  const request = aClient().request(TrialIdentityDocument, { id: 't' });

  await expect(request).rejects.toMatchObject({
    name: 'SpaceInvalidError',
    code: 'SPACE_INVALID',
    data: { problems: ['lr'] },
  });
});

test('an upload that the route refuses for good throws the exception of its code, without trying again', async () => {
  const artifact = { id: 'a', trialId: 't', name: 'a', kind: 'file', fileName: 'package.json', state: 'PENDING' };
  let uploads = 0;
  server.intercept = (body) => {
    if (body.includes('beginArtifact'))
      return {
        status: 200,
        body: JSON.stringify({ data: { beginArtifact: { artifact, uploadPath: '/artifacts/a' } } }),
      };
    uploads += 1;
    return { ...refusal('ARTIFACT_CORRUPT', { expected: 'x' }), status: 422 };
  };

  const upload = uploadArtifact(aClient(), { id: 't', attempt: 1 }, 'package.json', {});

  await expect(upload).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT', data: { expected: 'x' } });
  expect(uploads).toBe(1);
});

test('`never` is not tried again', async () => {
  const requests = countRequests(() => refusal('NOT_FOUND'));

  await expect(aClient().request(TrialIdentityDocument, { id: 't' })).rejects.toThrow();

  expect(requests).toHaveLength(1);
});

test('a mutation whose replies are lost is sent again with the same clientRequestId', async () => {
  const requests = countRequests((count) => (count < 3 ? 'hang up' : null));

  await aClient().request(FinishTrialDocument, FINISH);

  const ids = requests.map((body) => JSON.parse(body).variables.input.clientRequestId);
  expect(new Set(ids).size).toBe(1);
  expect(ids).toHaveLength(3);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('`later` waits as long as the server asks', async () => {
  countRequests((count) => (count === 1 ? refusal('OVERLOADED', { retryAfterSeconds: 0.3 }) : null));
  const begin = performance.now();

  await aClient().request(TrialIdentityDocument, { id: 't' });

  expect(performance.now() - begin).toBeGreaterThan(290);
});

test('INTERNAL is tried three times', async () => {
  const requests = countRequests(() => refusal('INTERNAL'));

  await expect(aClient().request(TrialIdentityDocument, { id: 't' })).rejects.toMatchObject({ code: 'INTERNAL' });

  expect(requests).toHaveLength(3);
});

test('`retry: false` is one attempt', async () => {
  const requests = countRequests(() => 'hang up');

  await expect(aClient().request(TrialIdentityDocument, { id: 't' }, { retry: false })).rejects.toMatchObject({
    code: 'NETWORK',
  });

  expect(requests).toHaveLength(1);
});

test('an aborted request ends at once, also between attempts', async () => {
  countRequests(() => refusal('OVERLOADED', { retryAfterSeconds: 20 }));

  const request = aClient().request(TrialIdentityDocument, { id: 't' }, { signal: AbortSignal.timeout(100) });

  await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a subscription that loses its connection again and again has no gap and no duplicate', async () => {
  const client = aClient();
  const received: string[] = [];
  const states = new Set<ConnectionState>();
  client.onConnection((state) => states.add(state));
  const variables = (last: MetricsReportedSubscription | null) => ({
    experimentId: 'e',
    after: last?.metricsReported.cursor ?? null,
  });
  const reading = (async () => {
    for await (const { metricsReported } of client.subscribe(MetricsReportedDocument, variables)) {
      received.push(metricsReported.cursor);
      if (received.length === 60) return;
    }
  })();

  for (let part = 1; part <= 4; part++) {
    for (let at = 0; at < 15; at++) server.deltas.push({ cursor: String(server.deltas.length + 1), series: [] });
    await until(() => received.length >= part * 15 - 5, 15_000);
    await server.stop();
    await server.start();
  }
  await reading;
  await client.close();

  expect(received).toEqual(Array.from({ length: 60 }, (_, at) => String(at + 1)));
  expect(server.subscribedAfter.length).toBeGreaterThan(1);
  expect([...states]).toEqual(expect.arrayContaining(['connecting', 'connected', 'disconnected']));
}, 40_000);

test('a subscription ends when its signal aborts, and leaving the loop unsubscribes', async () => {
  const client = aClient();
  const ending = new AbortController();
  const variables = { experimentId: 'e', after: null };
  const reading = (async () => {
    for await (const _ of client.subscribe(MetricsReportedDocument, variables, { signal: ending.signal }))
      throw new Error('unexpected');
  })();
  await until(() => client.connectionState === 'connected');

  ending.abort();

  await reading;
  expect(client.connectionState).toBe('idle');
});

test('a refused subscription throws the exception of its code', async () => {
  const client = aClient();
  const wrong = { toString: () => 'subscription { nothing }' };

  const first = client.subscribe(wrong, {})[Symbol.asyncIterator]().next();

  await expect(first).rejects.toThrow();
  await client.close();
});

function aClient(options: Partial<ClientOptions> = {}): Client {
  return new Client({ url: server.url, apiKey: 'k', retry: { baseMs: 10, maxMs: 50 }, ...options });
}

/** Bodies of the requests so far; `answer` sees how many there were. */
function countRequests(answer: (count: number) => ReturnType<FakeServer['intercept']>): string[] {
  const requests: string[] = [];
  server.intercept = (body) => answer(requests.push(body));
  return requests;
}

function refusal(code: string, data: Record<string, unknown> = {}) {
  return {
    status: 200,
    body: JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code, ...data } }] }),
  };
}

test('a request that is never answered ends at its limit, and at once when its signal aborts', async () => {
  const { url, close } = await aSilentServer();
  const client = new Client({ url });
  const leaving = new AbortController();
  const ask = (options: object) =>
    client.request(TrialIdentityDocument, { id: 't' }, { retry: false, signal: leaving.signal, ...options });

  await expect(ask({ timeoutSeconds: 0.2 })).rejects.toMatchObject({ name: 'NetworkError' });
  const left = ask({ timeoutSeconds: 1_000 });
  setTimeout(() => leaving.abort(), 50);
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });

  close();
});

test('closing is quiet although the connection that is being made is lost', async () => {
  const { url, sockets, close } = await aSilentServer();
  const client = new Client({ url, webSocket: WebSocket });
  const results = client.subscribe(MetricsReportedDocument, { trialIds: ['t'] }).next();
  await until(() => sockets.length > 0);

  const closing = client.close();
  for (const socket of sockets) socket.destroy();

  await expect(closing).resolves.toBeUndefined();
  expect((await results).done).toBe(true);
  close();
});

/** Takes connections and says nothing. */
async function aSilentServer() {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  };
  return { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, sockets, close };
}

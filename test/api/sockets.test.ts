import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { SOCKET_LIMITS } from '../../src/api/sockets.js';
import { type Api, login, newKey, openApi, openSignedSocket, openSocket, post } from './server.js';

const REPORT = 'mutation($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq } }';
const FOLLOW =
  'subscription($id: ID!, $after: String) { metricsReported(trialIds: [$id], after: $after) { cursor series { key steps values } } }';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('who may connect', () => {
  test('a key in connection_init', async () => {
    const socket = await openSignedSocket(api.url, api.keys.viewer);
    socket.close();
  });

  test('no credential closes with 4401', async () => {
    const socket = openSocket(api.url);
    socket.send({ type: 'connection_init' });

    expect(await socket.closed).toBe(4401);
  });

  test('a bad key closes with 4401', async () => {
    const socket = openSocket(api.url);
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer tg_usr_nonsense' } });

    expect(await socket.closed).toBe(4401);
  });

  test('a subscription before connection_init closes with 4401', async () => {
    const socket = openSocket(api.url);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });

    expect(await socket.closed).toBe(4401);
  });

  test('a foreign Origin or Host is refused in the upgrade', async () => {
    expect(await openSocket(api.url, { origin: 'http://evil.example' }).closed).toBe(421);
    expect(await openSocket(api.url, { origin: 'null' }).closed).toBe(421);
    expect(await openSocket(api.url, { host: 'evil.example' }).closed).toBe(421);
  });

  test('a login is good for our own pages only', async () => {
    const cookie = await login(api);
    const ours = openSocket(api.url, { cookie, origin: api.url });
    ours.send({ type: 'connection_init' });
    const nobodys = openSocket(api.url, { cookie });
    nobodys.send({ type: 'connection_init' });

    expect((await ours.next()).type).toBe('connection_ack');
    expect(await nobodys.closed).toBe(4403);
    ours.close();
  });

  test('other paths have no WebSocket', async () => {
    expect(await openSocket(`${api.url}/elsewhere`).closed).toBe(404);
  });
});

describe('what may be asked', () => {
  test.each([
    'query { viewer { kind } }',
    'mutation { createProject(input: { name: "by-socket" }) { id } }',
    '{ __schema { types { name } } }',
  ])('no query and no mutation: %s', async (query) => {
    const socket = await openSignedSocket(api.url, api.keys.admin);
    socket.send({ type: 'subscribe', id: 'a', payload: { query } });

    expect(await socket.closed).toBe(4400);
    const { data } = await post(api.url, api.keys.admin, '{ project(name: "by-socket") { id } }');
    expect(data).toEqual({ project: null });
  });

  test('a message of more than 256 KiB closes the connection', async () => {
    const socket = await openSignedSocket(api.url, api.keys.admin);
    socket.send({ type: 'ping', payload: { filler: 'x'.repeat(SOCKET_LIMITS.messageBytes) } });

    expect(await socket.closed).toBe(1009);
  });

  test('at most 50 subscriptions on one connection', async () => {
    const socket = await openSignedSocket(api.url, api.keys.admin);
    for (let i = 0; i <= SOCKET_LIMITS.subscriptions; i += 1)
      socket.send({ type: 'subscribe', id: `s${i}`, payload: { query: FOLLOW, variables: { id: api.trialId } } });

    for (;;) {
      const message = await socket.next();
      if (message.type !== 'error') continue;
      expect([message.id, message.payload[0].extensions.code]).toEqual([
        `s${SOCKET_LIMITS.subscriptions}`,
        'LIMIT_EXCEEDED',
      ]);
      break;
    }
    socket.close();
  });

  test('a runner key and a foreign trial are refused with the codes of HTTP', async () => {
    const runner = await openSignedSocket(api.url, api.keys.runner);
    runner.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });
    expect((await runner.next()).payload[0].extensions.code).toBe('FORBIDDEN');
    runner.close();

    const admin = await openSignedSocket(api.url, api.keys.admin);
    admin.send({
      type: 'subscribe',
      id: 'b',
      payload: { query: FOLLOW, variables: { id: '01890000-0000-7000-8000-000000000000' } },
    });
    const message = await admin.next();
    const errors = message.type === 'error' ? message.payload : message.payload.errors;
    expect(errors[0].extensions).toMatchObject({ code: 'NOT_FOUND', retry: 'never' });
    admin.send({ type: 'subscribe', id: 'c', payload: { query: FOLLOW, variables: { id: 7.5 } } });
    admin.close();
  });
});

describe('live data', () => {
  test('a point that is reported arrives, once, and the cursor goes on after it', async () => {
    const report = async (seq: number, values: number[]) => {
      const steps = values.map((_, i) => seq + i);
      const series = [{ key: 'loss', steps, times: steps, values }];
      const answer = await post(api.url, api.keys.trial, REPORT, {
        input: { trialId: api.trialId, attempt: 1, stream: 's', seq, series },
      });
      expect(answer.data.reportMetrics.outcome).toBe('ACCEPTED');
    };
    const socket = await openSignedSocket(api.url, api.keys.viewer);
    await report(0, [3, 2]);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });

    const first = await nextPoints(socket);
    expect(first.values).toEqual([3, 2]);
    await report(2, [1]);
    expect((await nextPoints(socket)).values).toEqual([1]);

    socket.send({ type: 'complete', id: 'a' });
    socket.send({
      type: 'subscribe',
      id: 'b',
      payload: { query: FOLLOW, variables: { id: api.trialId, after: first.cursor } },
    });
    expect((await nextPoints(socket)).values).toEqual([1]);
    socket.close();
  });

  test('a reply that is shared by many is what each of them asked for', async () => {
    const query =
      'subscription($id: ID!, $short: Boolean!) { metricsReported(trialIds: [$id]) { cursor series { key values @skip(if: $short) } } }';
    const plain = FOLLOW.replaceAll('values', 'last: values');
    const asked = [
      { query, variables: { id: api.trialId, short: true } },
      { query, variables: { id: api.trialId, short: false } },
      { query: FOLLOW, variables: { id: api.trialId } },
      { query: plain, variables: { id: api.trialId } },
      { query: plain, variables: { id: api.trialId } },
    ];

    const columns = asked.map(async (payload) => {
      const socket = await openSignedSocket(api.url, api.keys.viewer);
      socket.send({ type: 'subscribe', id: 'a', payload });
      const { series } = (await socket.next()).payload.data.metricsReported;
      socket.close();
      return Object.keys(series[0]);
    });

    expect(await Promise.all(columns)).toEqual([
      ['key'],
      ['key', 'values'],
      ['key', 'steps', 'values'],
      ['key', 'steps', 'last'],
      ['key', 'steps', 'last'],
    ]);
  });

  test('each delta shows the counts of its own moment, not of the first one', async () => {
    const socket = await openSignedSocket(api.url, api.keys.viewer);
    const query =
      'subscription($id: ID!) { experimentChanged(id: $id) { cursor trials { id state } experiment { counts { waiting total } } } }';
    socket.send({ type: 'subscribe', id: 'a', payload: { query, variables: { id: api.experimentId } } });
    const first = (await socket.next()).payload.data.experimentChanged;

    await post(api.url, api.keys.admin, 'mutation($input: CreateTrialInput!) { createTrial(input: $input) { id } }', {
      input: { experimentId: api.experimentId, params: {} },
    });

    let last = first;
    while (last.trials.length === 0) last = (await socket.next()).payload.data.experimentChanged;
    expect(last.experiment.counts.total).toBe(first.experiment.counts.total + 1);
    socket.close();
  });

  test('a client that leaves ends its follower at once', async () => {
    const subscribe = api.world.deps.wakeups.subscribe;
    let open = 0;
    const { wakeups } = api.world.deps;
    wakeups.subscribe = (topics) => {
      open += 1;
      const inner = subscribe.call(wakeups, topics);
      return {
        count: 0,
        wait: (ms, signal) => inner.wait(ms, signal),
        close: () => {
          open -= 1;
          inner.close();
        },
      };
    };
    const socket = await openSignedSocket(api.url, api.keys.viewer);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });
    await socket.next();
    expect(open).toBeGreaterThan(0);

    socket.send({ type: 'complete', id: 'a' });
    await until(() => open === 0, 500);
    socket.send({ type: 'subscribe', id: 'b', payload: { query: FOLLOW, variables: { id: api.trialId } } });
    await socket.next();
    socket.close();
    await until(() => open === 0, 500);
    wakeups.subscribe = subscribe;
  });

  test('a key that is revoked is cut off within 5 s, also when nothing happens', async () => {
    const secret = await newKey(api.world, 'SERVICE', 'viewer');
    const socket = await openSignedSocket(api.url, secret);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });
    await socket.next();
    const { data } = await post(api.url, api.keys.admin, '{ apiKeys(first: 200) { nodes { id } } }');
    const id = data.apiKeys.nodes.find((key: { id: string }) => key.id.replaceAll('-', '') === secret.split('_')[2]).id;
    const startedAt = performance.now();

    await post(api.url, api.keys.admin, 'mutation($id: ID!) { revokeApiKey(id: $id) { id } }', { id });

    expect(await socket.closed).toBe(4401);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('a login that ends takes its sockets with it', async () => {
    const cookie = await login(api);
    const socket = openSocket(api.url, { cookie, origin: api.url });
    socket.send({ type: 'connection_init' });
    await socket.next();

    await fetch(`${api.url}/logout`, { method: 'POST', headers: { cookie, origin: api.url }, redirect: 'manual' });

    expect(await socket.closed).toBe(4401);
  });
});

describe('a fault of ours', () => {
  test('is told to who listens, and logged, whatever it looks like', async () => {
    const fault = Object.assign(new Error('EIO: our disk is broken'), { syscall: 'write' });
    const waits = holdWaits();
    const socket = await openSignedSocket(api.url, api.keys.viewer);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: api.trialId } } });
    await until(() => waits.held() > 0, 5_000);

    waits.fail(fault);
    let message = await socket.next();
    while (message.type === 'next') message = await socket.next();

    expect([message.type, message.payload[0].extensions.code]).toEqual(['error', 'INTERNAL']);
    expect(api.world.logged.filter((line) => line.includes(fault.message))).toHaveLength(1);
    socket.close();
    waits.restore();
  });

  test('is not logged when the connection is going: nobody is there to be told', async () => {
    const waits = holdWaits();
    const tcp = nextServerSocket();
    const peer = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(peer, 'open');
    peer.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${api.keys.viewer}` } }));
    await once(peer, 'message');
    const payload = { query: FOLLOW, variables: { id: api.trialId } };
    peer.send(JSON.stringify({ type: 'subscribe', id: 'a', payload }));
    await until(() => waits.held() > 0, 5_000);

    // It says goodbye, but does not hear ours: the server's socket is neither open nor closed.
    const isEnded = once(await tcp, 'finish');
    peer.pause();
    peer.close();
    await isEnded;
    waits.fail(new Error('nobody should read this'));
    await until(() => waits.held() === 0, 5_000);
    await post(api.url, api.keys.viewer, '{ viewer { __typename } }');

    expect(api.world.logged.filter((line) => line.includes('nobody should read this'))).toEqual([]);
    peer.terminate();
    waits.restore();
  });

  /** Holds the waits of the followers that come, until they are made to fail. */
  function holdWaits() {
    const { wakeups } = api.world.deps;
    const { subscribe } = wakeups;
    const fails: ((error: Error) => void)[] = [];
    let open = 0;
    wakeups.subscribe = (topics) => {
      const inner = subscribe.call(wakeups, topics);
      open += 1;
      return {
        count: 0,
        wait: () => new Promise((_, reject) => fails.push(reject)),
        close: () => {
          open -= 1;
          inner.close();
        },
      };
    };
    return {
      /** Followers that wait and have not ended. */
      held: () => (fails.length === 0 ? 0 : open),
      fail: (error: Error) => {
        for (const fail of fails) fail(error);
      },
      restore: () => {
        wakeups.subscribe = subscribe;
      },
    };
  }

  /** The server's end of the next connection to anything in this process. */
  function nextServerSocket(): Promise<Socket> {
    return new Promise((resolve) => {
      const take = (message: unknown): void => {
        unsubscribe('net.server.socket', take);
        resolve((message as { socket: Socket }).socket);
      };
      subscribe('net.server.socket', take);
    });
  }
});

test('a server that stops sends its clients away with 1012 and ends their followers', async () => {
  const other = await openApi();
  const socket = await openSignedSocket(other.url, other.keys.viewer);
  socket.send({ type: 'subscribe', id: 'a', payload: { query: FOLLOW, variables: { id: other.trialId } } });
  await socket.next();
  const startedAt = performance.now();

  await other.close();

  expect(await socket.closed).toBe(1012);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

async function nextPoints(socket: {
  next(): Promise<{ payload: { data: { metricsReported: { cursor: string; series: { values: string }[] } } } }>;
}) {
  for (;;) {
    const { cursor, series } = (await socket.next()).payload.data.metricsReported;
    if (series.length > 0) return { cursor, values: series.flatMap(({ values }) => floats(values)) };
  }
}

function floats(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
}

async function until(isTrue: () => boolean, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`it did not come true within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

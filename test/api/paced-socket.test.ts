/** Real sockets, with a client that answers pings only when told to. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { PacedSocket, WINDOW_BYTES } from '../../src/api/paced-socket.js';
import { sendShared } from '../../src/api/shared-bytes.js';

const LARGE = 'x'.repeat(200_000);

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', WebSocket: PacedSocket });
  await once(server, 'listening');
});
afterAll(async () => {
  for (const client of server.clients) client.terminate();
  server.close();
  await once(server, 'close');
});

describe('a message is done', () => {
  test('when it is written, as long as little is under way', async () => {
    const { near } = await connect();

    await sent(near, 'small');
  });

  test('when its reader answers, if it is large', async () => {
    const { near, far, pings, messages } = await connect();

    const state = track(sent(near, LARGE));
    await messages(1);
    const [mark] = await pings(1);
    await roundTrip(near, far);
    expect(state.isDone).toBe(false);

    far.pong(mark);
    await state.promise;
  });

  test('when an answer to a later ping says so', async () => {
    const { near, far, pings } = await connect();

    const state = track(sent(near, LARGE));
    near.ping();
    const [, later] = await pings(2);
    far.pong(later);

    await state.promise;
  });

  test('never for an answer to what was not asked', async () => {
    const { near, far, messages } = await connect();

    const state = track(sent(near, LARGE));
    await messages(1);
    for (const mark of ['', 'nonsense', '1e12', '-1', 'NaN']) far.pong(mark);
    await roundTrip(near, far);

    expect(state.isDone).toBe(false);
    far.terminate();
    await state.promise; // nobody waits for a reader who left
  });
});

test('the window counts bytes, not letters', async () => {
  const { near, far, messages } = await connect();

  const state = track(sent(near, 'é'.repeat(0.6 * WINDOW_BYTES)));
  await messages(1);
  await roundTrip(near, far);

  expect(state.isDone).toBe(false);
});

describe('a peer with 50 subscriptions that stops reading', () => {
  const SUBSCRIPTIONS = 50;
  const reply = { data: { value: 'x'.repeat(320_000) } };
  const FRAMES_AND_HANDSHAKE = 1_000;

  const stall = async () => {
    const pair = await connect();
    pair.far.pause();
    const states = Array.from({ length: SUBSCRIPTIONS }, (_, i) => [
      track(sendShared(pair.near, `${i}`, reply)),
      track(sent(pair.near, `{"id":"${i}","type":"complete"}`)),
    ]).flat();
    return { ...pair, states };
  };

  test('is written the window and one message', async () => {
    const { tcp } = await stall();

    expect(tcp.bytesWritten).toBeGreaterThan(WINDOW_BYTES);
    expect(tcp.bytesWritten).toBeLessThan(WINDOW_BYTES + JSON.stringify(reply).length + FRAMES_AND_HANDSHAKE);
  });

  test('is asked once, and gets all in order when it reads on', async () => {
    const { near, far, states, pings, messages } = await stall();
    far.resume();
    const [mark] = await pings(1);
    await roundTrip(near, far);
    expect((await pings(1)).length).toBe(1);
    expect((await messages(1)).length).toBe(1);

    far.on('ping', (later: Buffer) => far.pong(later));
    far.pong(mark);
    await Promise.all(states.map(({ promise }) => promise));

    const order = (await messages(2 * SUBSCRIPTIONS)).map((text) => {
      const { id, type } = JSON.parse(text);
      return `${type} ${id}`;
    });
    expect(order).toEqual(Array.from({ length: SUBSCRIPTIONS }, (_, i) => [`next ${i}`, `complete ${i}`]).flat());
  });

  test('keeps nobody waiting when it leaves, and gets nothing more', async () => {
    const { near, far, tcp, states } = await stall();
    const { bytesWritten } = tcp;

    far.terminate();
    await Promise.all(states.map(({ promise }) => promise));
    await sendShared(near, 'late', reply);
    await sent(near, 'late');

    expect(tcp.bytesWritten).toBe(bytesWritten);
  });
});

describe('a shared reply', () => {
  test.each(['small', LARGE])('reads the same, with an id of its own', async (value) => {
    const reply = { data: { value: `${value} "é"` } };
    const { near, far, messages } = await connect();
    far.on('ping', (mark: Buffer) => far.pong(mark));

    await sendShared(near, 'one', reply);
    await sendShared(near, 'an "odd" one', reply);

    expect((await messages(2)).map((text) => JSON.parse(text))).toEqual([
      { id: 'one', type: 'next', payload: reply },
      { id: 'an "odd" one', type: 'next', payload: reply },
    ]);
  });
});

interface Pair {
  readonly near: PacedSocket;
  readonly far: WebSocket;
  /** Below `near`. */
  readonly tcp: IncomingMessage['socket'];
  /** The marks of the first pings, when so many have come. */
  pings(count: number): Promise<Buffer[]>;
  messages(count: number): Promise<string[]>;
}

async function connect(): Promise<Pair> {
  const address = server.address() as AddressInfo;
  const far = new WebSocket(`ws://127.0.0.1:${address.port}`, { autoPong: false });
  const [[near, { socket: tcp }]] = await Promise.all([once(server, 'connection'), once(far, 'open')]);
  const pings: Buffer[] = [];
  const messages: string[] = [];
  far.on('ping', (mark: Buffer) => pings.push(mark));
  far.on('message', (data) => messages.push(String(data)));
  const collect = async <Item>(event: string, items: Item[], count: number): Promise<Item[]> => {
    while (items.length < count) await once(far, event);
    return items;
  };
  return {
    near,
    far,
    tcp,
    pings: (count) => collect('ping', pings, count),
    messages: (count) => collect('message', messages, count),
  };
}

function sent(socket: PacedSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}

function track(promise: Promise<void>): { readonly promise: Promise<void>; isDone: boolean } {
  const state = { promise, isDone: false };
  void promise.then(() => {
    state.isDone = true;
  });
  return state;
}

/** What the client had sent before has been heard, and what the server did of it is done. */
async function roundTrip(near: PacedSocket, far: WebSocket): Promise<void> {
  const heard = once(near, 'message');
  far.send('are you there?');
  await heard;
}

import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Wakeups } from '../../src/store/changes.js';
import { openWakeups } from '../../src/store/wakeups.js';
import { cloneTemplate, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
const opened: Wakeups[] = [];
const logged: string[] = [];

beforeAll(async () => {
  database = await cloneTemplate();
});

afterEach(async () => {
  for (const wakeups of opened.splice(0)) await wakeups.close();
});

afterAll(async () => {
  await database.drop();
});

async function open(): Promise<Wakeups> {
  const wakeups = await openWakeups({ url: database.url, log: (line) => logged.push(line) });
  opened.push(wakeups);
  return wakeups;
}

const NEVER = new AbortController().signal;
const LONG = 15_000;

/** How long a wait took, to tell a wake-up from a timeout. */
async function timed(wait: Promise<void>): Promise<number> {
  const begun = performance.now();
  await wait;
  return performance.now() - begun;
}

async function asAdministrator(text: string, parameters: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(text, parameters);
  await client.end();
  return rows;
}

const SEVER = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trialgraph-wakeups' AND datname = current_database()`;

describe('wake-ups', () => {
  it('reach a waiter of the same process', async () => {
    const wakeups = await open();
    const waiting = timed(wakeups.wait(['a'], LONG, NEVER));

    wakeups.notify('a');

    expect(await waiting).toBeLessThan(LONG / 2);
  });

  it('reach a waiter on another server', async () => {
    const [here, there] = [await open(), await open()];
    const waiting = timed(there.wait(['x', 'a'], LONG, NEVER));

    here.notify('a');

    expect(await waiting).toBeLessThan(LONG / 2);
  });

  it('do not reach waiters of other topics', async () => {
    const [here, there] = [await open(), await open()];
    const waits = [here, there].map((wakeups) => timed(wakeups.wait(['b'], 300, NEVER)));

    here.notify('a');

    for (const took of await Promise.all(waits)) expect(took).toBeGreaterThan(250);
  });

  it('are not lost between reading and waiting', async () => {
    const wakeups = await open();
    const subscription = wakeups.subscribe(['a']);

    wakeups.notify('a');
    const first = await timed(subscription.wait(LONG, NEVER));
    const second = await timed(subscription.wait(100, NEVER));

    expect(first).toBeLessThan(LONG / 2);
    expect(second).toBeGreaterThan(90);
    subscription.close();
  });

  it('that are lost cost the timeout and no more', async () => {
    const wakeups = await open();

    const took = await timed(wakeups.wait(['a'], 120, NEVER));

    expect(took).toBeGreaterThan(110);
    expect(took).toBeLessThan(LONG / 2);
  });

  it('end a wait when it is aborted, at once when it was before', async () => {
    const wakeups = await open();
    const aborter = new AbortController();
    const waiting = timed(wakeups.wait(['a'], LONG, aborter.signal));

    aborter.abort();

    expect(await waiting).toBeLessThan(LONG / 2);
    expect(await timed(wakeups.wait(['a'], LONG, aborter.signal))).toBeLessThan(LONG / 2);
  });

  it('are gathered: a thousand notifies are few messages', async () => {
    const here = await open();
    const listener = new pg.Client({ connectionString: database.url });
    await listener.connect();
    const payloads: string[] = [];
    listener.on('notification', (message) => payloads.push(message.payload ?? ''));
    await listener.query('LISTEN trialgraph_wakeup');

    for (let i = 0; i < 1000; i++) here.notify(`topic:${i % 500}:00000000-0000-7000-8000-000000000000`);
    await here.close();
    // NOTIFY is delivered before the answer to a later query of the listener.
    await listener.query('SELECT 1');
    await listener.end();

    const heard = payloads.flatMap((payload) => (JSON.parse(payload) as string[]).slice(1));
    expect(new Set(heard).size).toBe(500);
    expect(heard).toHaveLength(500);
    expect(payloads.length).toBeLessThan(10);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8000);
  });

  it('wake everybody after the connection was lost, and work again', async () => {
    const [here, there] = [await open(), await open()];
    const waiting = there.wait(['a'], LONG, NEVER);

    await asAdministrator(SEVER);
    const reconnected = await timed(waiting);
    // The notifying side reconnects by itself too: it may lose hints until then, never later ones.
    const heard = timed(there.wait(['b'], LONG, NEVER));
    const repeat = setInterval(() => here.notify('b'), 50);
    const took = await heard;
    clearInterval(repeat);

    expect(reconnected).toBeLessThan(LONG / 2);
    expect(took).toBeLessThan(LONG / 2);
    expect(logged.some((line) => line.includes('listening again'))).toBe(true);
  });

  it('work within the process while there is no server to connect to', async () => {
    const wakeups = await openWakeups({ url: 'postgres://nobody@127.0.0.1:1/nothing', log: () => undefined });
    opened.push(wakeups);
    const waiting = timed(wakeups.wait(['a'], LONG, NEVER));

    wakeups.notify('a');

    expect(await waiting).toBeLessThan(LONG / 2);
  });

  it('take no notice of messages that are not ours', async () => {
    const wakeups = await open();
    const waiting = timed(wakeups.wait(['a'], 300, NEVER));

    for (const payload of ['', 'a', '{"a":1}', '[1,2,null]'])
      await asAdministrator(`SELECT pg_notify('trialgraph_wakeup', $1)`, [payload]);

    expect(await waiting).toBeGreaterThan(250);
  });

  it('let go of all waiters when they are closed', async () => {
    const wakeups = await open();
    const waiting = timed(wakeups.wait(['a'], LONG, NEVER));

    await wakeups.close();

    expect(await waiting).toBeLessThan(LONG / 2);
  });
});

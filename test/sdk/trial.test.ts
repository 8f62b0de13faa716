import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { init } from '../../sdk/typescript/index.js';
import { isSent } from '../../sdk/typescript/sent-spools.js';
import { Spool } from '../../sdk/typescript/spool.js';
import { syncSpool } from '../../sdk/typescript/spool-sync.js';
import { FakeServer } from './fake-server.js';
import { aFolder, runScript, until } from './support.js';

let server: FakeServer;
let folder: string;

beforeEach(async () => {
  server = new FakeServer();
  folder = aFolder();
  await server.start();
});

afterEach(() => server.stop());

test('every number that was logged arrives, bit for bit, and the trial is told', async () => {
  const trial = await start();
  const values = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, 0.1 + 0.2];

  values.forEach((value, step) => {
    trial.log({ loss: value }, { step });
  });
  await trial.tell(0.5);

  const arrived = server.points.map(({ value }) => value);
  expect(arrived.every((value, at) => Object.is(value, values[at])) && arrived.length === values.length).toBe(true);
  expect(server.finished).toMatchObject([{ state: 'COMPLETED', value: 0.5 }]);
  expect(Spool.list(folder).map((name) => isSent(folder, name))).toEqual([true]);
});

test('what is not a number is counted and never thrown; booleans, bigints and boxed numbers are', async () => {
  const trial = await start();

  trial.log({ text: 'x', nothing: undefined, yes: true, big: 7n, boxed: Object(3), '': 1 });
  await trial.finish();

  expect(server.points.map(({ key, value }) => [key, value])).toEqual([
    ['yes', 1],
    ['big', 7],
    ['boxed', 3],
  ]);
});

test('steps count by themselves and go on from a given one', async () => {
  const trial = await start();

  trial.log({ a: 1 });
  trial.log({ a: 1 });
  trial.log({ a: 1 }, { step: 10 });
  trial.log({ a: 1 });
  trial.log({ a: 1 }, { step: 1.5 });
  await trial.finish();

  expect(server.points.map(({ step }) => step)).toEqual([0, 1, 10, 11, 12]);
});

test('proposed values win over defaults', async () => {
  server.params = { lr: 0.5 };

  const trial = await start({ params: { lr: 0.1, layers: 2 } });
  await trial.finish();

  expect(trial.params).toEqual({ lr: 0.5, layers: 2 });
});

test.each([
  ['PRUNER', 'PRUNED'],
  ['USER', 'STOPPED'],
])('a stop by %s ends the trial as %s, with its reason', async (stopReason, state) => {
  server.stopReason = stopReason;
  server.verdict = { stop: true, reason: 'worse than the median' };
  const trial = await start();

  trial.log({ loss: 1 });
  await until(() => trial.shouldStop);
  const verdict = trial.report(2);
  await trial.finish();

  expect(verdict).toEqual({ stop: true, pause: false, reason: 'worse than the median' });
  expect(server.finished).toMatchObject([{ state }]);
});

test('a verdict to pause ends the trial as PAUSED, once the loop has looked at it', async () => {
  server.verdict = { stop: true, pause: true, reason: 'waits at rung 3' };
  const trial = await start();
  trial.log({ loss: 1 });
  await until(() => trial.shouldPause);
  const verdict = trial.report(2);
  await trial.finish();

  expect(verdict).toEqual({ stop: true, pause: true, reason: 'waits at rung 3' });
  expect(server.finished).toMatchObject([{ state: 'PAUSED' }]);
});

test('a stop that follows a verdict to pause wins, and one that nobody looked at is none', async () => {
  server.verdict = { stop: true, pause: true, reason: 'waits at rung 3' };
  const [stopped, deaf] = [await start(), await start()];
  deaf.log({ loss: 1 });
  await deaf.finish();
  stopped.log({ loss: 1 });
  await until(() => stopped.shouldPause);
  server.verdict = { stop: true, reason: 'enough' };
  stopped.log({ loss: 2 });
  await until(() => stopped.shouldStop && !stopped.shouldPause);
  await stopped.finish();

  expect(stopped.stopReason).toBe('enough');
  expect(server.finished).toMatchObject([{ state: 'COMPLETED' }, { state: 'PRUNED' }]);
});

test('while the server is away training goes on; afterwards everything arrives once', async () => {
  const trial = await start();
  trial.log({ loss: 0 });
  await until(() => server.points.length === 1);

  await server.stop();
  for (let step = 1; step < 2000; step++) trial.log({ loss: step });
  await new Promise((resolve) => setTimeout(resolve, 600));
  await server.start();
  await trial.finish();

  expect(server.points.map(({ value }) => value)).toEqual(Array.from({ length: 2000 }, (_, at) => at));
});

test('replies that are lost do not store a point twice', async () => {
  let requests = 0;
  const trial = await start();
  server.intercept = (body) => {
    if (!body.includes('reportMetrics') || ++requests % 2 === 0) return null;
    const { variables } = JSON.parse(body) as { variables: { input: Parameters<FakeServer['report']>[0] } };
    server.report(variables.input);
    return 'hang up';
  };

  for (let step = 0; step < 5000; step++) trial.log({ loss: step });
  await trial.finish();

  expect(requests).toBeGreaterThan(4);
  expect(server.points.map(({ value }) => value)).toEqual(Array.from({ length: 5000 }, (_, at) => at));
});

test('a server that never comes back leaves the spool, and the sync sends it', async () => {
  const warnings: string[] = [];
  const before = console.warn;
  console.warn = (text: string) => warnings.push(text);
  const trial = await start({ quiet: false });
  await server.stop();
  trial.log({ loss: 1 });

  await trial.finish({ limitSeconds: 0.3 });
  console.warn = before;
  await server.start();
  const result = await syncSpool(folder, { url: server.url, apiKey: 'k' });

  expect(warnings.join()).toContain('1 points are not sent');
  expect(result).toEqual({ spools: 1, points: 1, refused: 0, offered: 0 });
  expect(server.points).toHaveLength(1);
  expect(server.finished).toMatchObject([{ state: 'COMPLETED' }]);
});

test('offline, the trial is started, filled and ended by the sync, whatever is repeated', async () => {
  const trial = await start({ mode: 'offline', params: { lr: 1 } });
  trial.log({ loss: 3 });
  await trial.finish();
  expect(server.reports).toBe(0);

  await syncSpool(folder, { url: server.url, apiKey: 'k' });
  await syncSpool(folder, { url: server.url, apiKey: 'k' });

  expect(server.started).toMatchObject([{ params: { lr: 1 }, project: 'p', experiment: 'e' }]);
  expect(server.points).toMatchObject([{ key: 'loss', value: 3 }]);
  expect(server.finished).toHaveLength(1);
});

test('a server that cannot be reached at the start makes the trial an offline one', async () => {
  const { url } = server;
  await server.stop();

  const trial = await start({ url });
  trial.log({ loss: 1 });
  await trial.finish();
  await server.start();
  await syncSpool(folder, { url: server.url, apiKey: 'k' });

  expect(server.points).toHaveLength(1);
}, 30_000);

test('a sync that is given up keeps the spool and says so', async () => {
  const trial = await start({ mode: 'offline' });
  trial.log({ loss: 3 });
  await trial.finish();
  await server.stop();

  const giveUp = syncSpool(folder, { url: server.url, apiKey: 'k', signal: AbortSignal.timeout(200) });

  await expect(giveUp).rejects.toThrow();
  expect(readdirSync(folder)).toHaveLength(1);
  await server.start();
});

test('disabled, nothing happens', async () => {
  const trial = await start({ mode: 'disabled', params: { lr: 1 } });
  trial.log({ loss: 1 });
  await trial.finish();

  expect(trial.params).toEqual({ lr: 1 });
  expect([server.reports, server.started.length, readdirSync(folder).length]).toEqual([0, 0, 0]);
});

test('points of a process killed without warning are recovered, except for the last second', async () => {
  const child = runScript('test/sdk/fixtures/endless.ts', environment());
  let logged = 0;
  child.stdout?.on('data', (text) => {
    logged = Number(String(text).trim().split('\n').at(-1));
  });
  await until(() => server.points.length > 100, 15_000);
  server.intercept = () => ({ status: 503, body: '' });
  const stored = server.points.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const loggedBefore = logged;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill('SIGKILL');
  await child.ended;
  server.intercept = () => null;

  await syncSpool(folder, { url: server.url, apiKey: 'k' });

  const values = server.points.map(({ value }) => value);
  expect(loggedBefore).toBeGreaterThan(stored);
  expect(values.length).toBeGreaterThanOrEqual(loggedBefore);
  expect(values).toEqual(Array.from({ length: values.length }, (_, at) => at));
}, 30_000);

test('SIGTERM flushes, tells the trial and ends with 143', async () => {
  const child = runScript('test/sdk/fixtures/endless.ts', environment());
  let logged = 0;
  child.stdout?.on('data', (text) => {
    logged = Number(String(text).trim().split('\n').at(-1));
  });
  await until(() => logged > 200, 15_000);

  child.kill('SIGTERM');

  expect(await child.ended).toBe(143);
  expect(server.points.length).toBeGreaterThanOrEqual(logged);
  expect(server.finished).toMatchObject([{ state: 'STOPPED', message: 'ended by SIGTERM' }]);
}, 30_000);

test.each([
  ['nothing', 0, { state: 'COMPLETED' }],
  ['exit', 3, { state: 'FAILED', message: 'the program exited with 3' }],
  ['throw', 1, { state: 'FAILED', message: expect.stringContaining('out of luck') }],
])(
  'a program that ends by %s without finish() still delivers and tells',
  async (ending, code, told) => {
    const child = runScript('test/sdk/fixtures/short.ts', { ...environment(), ENDING: ending });

    expect(await child.ended).toBe(code);
    expect(server.points).toHaveLength(5);
    expect(server.finished).toMatchObject([told]);
  },
  30_000,
);

test('a loop that never yields is recorded and stopped all the same', async () => {
  const child = runScript('test/sdk/fixtures/busy.ts', environment());
  const said = once(child.stdout ?? child, 'data');
  await until(() => server.points.length > 100, 15_000);

  server.verdict = { stop: true, reason: 'enough' };

  expect(String((await said)[0])).toBe('enough\n');
  expect(await child.ended).toBe(0);
}, 30_000);

test('under a runner the params are read, points are flushed, and the outcome is left to the runner', async () => {
  server.params = { lr: 0.25 };
  const leased = { TRIALGRAPH_TRIAL_ID: '0199aaaa-0000-7000-8000-000000000001', TRIALGRAPH_ATTEMPT: '2' };
  const child = runScript('test/sdk/fixtures/short.ts', { ...environment(), ...leased });

  expect(await child.ended).toBe(0);
  expect(server.points).toHaveLength(5);
  expect([...server.streams.keys()][0]).toMatch(/\/2\/sdk-/);
  expect([server.started, server.finished]).toEqual([[], []]);
}, 30_000);

test('what one call of log() costs (reported, not asserted)', async () => {
  const trial = await start();
  const calls = 50_000;
  const begin = performance.now();
  for (let step = 0; step < calls; step++) trial.log({ loss: step }, { step });
  const microseconds = ((performance.now() - begin) * 1000) / calls;
  await trial.finish();

  console.log(`log(): ${microseconds.toFixed(2)} microseconds a call`);
  expect(server.points).toHaveLength(calls);
});

function start(options: Parameters<typeof init>[0] = {}) {
  return init({
    url: server.url,
    apiKey: 'k',
    project: 'p',
    experiment: 'e',
    spoolFolder: folder,
    quiet: true,
    ...options,
  });
}

function environment() {
  return { TRIALGRAPH_URL: server.url, TRIALGRAPH_API_KEY: 'k', TRIALGRAPH_SPOOL_DIR: folder, TRIALGRAPH_QUIET: '1' };
}

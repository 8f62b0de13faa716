/**
 * The other half of the promise: who watches receives every point that is stored, once, whatever breaks; and watchers who
 * stop reading cost neither the server's memory nor the others' time. `LIVE=full` brings 16 writers, 500 subscribers, 20
 * kills and 1,000 stalled subscribers, and is the only one to hold a time against a limit.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeColumn } from '../../sdk/typescript/columns.js';
import {
  ReportMetricsDocument,
  type StartedTrialFieldsFragment,
  StartTrialDocument,
  TrialIdentityDocument,
} from '../../sdk/typescript/generated/operations.js';
import { Client } from '../../sdk/typescript/index.js';
import { WINDOW_BYTES } from '../../src/api/paced-socket.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { Checksum, knownValue } from '../support/known-points.js';
import { forgetPeak, openSockets, peakMiB, residentMiB } from '../support/process-figures.js';
import { RawSubscriber } from '../support/raw-subscriber.js';
import { seededRandom } from '../support/seeded-random.js';
import { readPoints } from '../support/stored-points.js';
import { Watchers } from '../support/watchers.js';
import { Writer } from '../support/writers.js';

const IS_FULL = process.env.LIVE === 'full';
const SEED = Number(process.env.CHAOS_SEED ?? 7);

describe('subscribers who come and go', () => {
  const SIZE = IS_FULL
    ? { writers: 16, processes: 4, subscribers: 125, leaving: 0.02, kills: 20, limitMs: 900_000 }
    : { writers: 4, processes: 1, subscribers: 60, leaving: 0.1, kills: 4, limitMs: 180_000 };
  const EXPECTED = { keys: 4, steps: 1_000 };
  /** Kept back until the last kill. */
  const LAST_SHARE = 0.05;
  const random = seededRandom(SEED);
  let fleet: Fleet;
  let writers: Writer[] = [];
  let watchers: Watchers[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ servers: 2, random });
    const { url, apiKey } = fleet;
    const options = { url, apiKey, keys: EXPECTED.keys, spoolFolder: join(fleet.directory, 'spool') };
    writers = await Promise.all(
      Array.from({ length: SIZE.writers }, (_, i) => Writer.start(i, { ...options, experiment: 'live' })),
    );
    const trialIds = writers.map(({ trialId }) => trialId);
    const watching = { url, apiKey, experiment: 'tests/live', trialIds, ...SIZE, ...EXPECTED };
    watchers = await Promise.all(
      Array.from({ length: SIZE.processes }, (_, i) => Watchers.start({ ...watching, seed: SEED + 1 + i })),
    );
  }, 120_000);
  afterAll(async () => {
    for (const one of [...writers, ...watchers]) one.kill();
    await fleet.close();
  });

  it('receive what is stored, each point once', { timeout: SIZE.limitMs }, async () => {
    const rounds = SIZE.kills * 3;
    let kills = 0;
    for (let round = 1; kills < SIZE.kills && round <= rounds * 3; round++) {
      const share = Math.min(1, round / rounds) * (1 - LAST_SHARE);
      const logging = Promise.all(writers.map((writer) => writer.log(Math.floor(EXPECTED.steps * share))));
      fleet.balancer.cut(random() * 0.3);
      if (round % 3 === 0 && fleet.killServer(kills % 2)) kills += 1;
      await logging;
      await sleep(200 + random() * 600);
    }
    await Promise.all(writers.map((writer) => writer.log(EXPECTED.steps)));
    await Promise.all(writers.map((writer) => writer.finish()));
    const stored = await readStored();
    const received = await Promise.all(watchers.map((one) => one.received(stored.count)));

    const sums = received.flatMap((one) => one.sums);
    const returns = received.reduce((sum, one) => sum + one.returns, 0);
    const { cut } = fleet.balancer.counts;
    console.info(
      `${writers.length} writers, ${kills} kills, ${cut} connections cut, ${sums.length} subscribers came back ${returns} times; stored ${stored}`,
    );
    expect(kills).toBeGreaterThanOrEqual(SIZE.kills);
    expect(cut).toBeGreaterThan(sums.length);
    expect(returns).toBeGreaterThan(sums.length);
    expect(String(stored)).toBe(String(logged()));
    expect(received.flatMap((one) => one.problems)).toEqual([]);
    expect(sums).toHaveLength(SIZE.processes * SIZE.subscribers);
    expect(sums.filter((sum) => sum !== String(stored))).toEqual([]);
  });

  async function readStored(): Promise<Checksum> {
    const client = fleet.client();
    const stored = new Checksum();
    for (const { index, trialId } of writers) {
      for (const [key, step, value] of await readPoints(client, { trialId, ...EXPECTED }))
        stored.add(index, key, step, value);
    }
    await client.close();
    return stored;
  }

  function logged(): Checksum {
    const sum = new Checksum();
    for (const { index } of writers)
      for (let key = 0; key < EXPECTED.keys; key++)
        for (let step = 0; step < EXPECTED.steps; step++) sum.add(index, key, step, knownValue(index, key, step));
    return sum;
  }
});

describe('subscribers who stop reading', () => {
  const SIZE = IS_FULL
    ? { stalled: 1_000, healthy: 5, samples: 240, limitMs: 900_000 }
    : { stalled: 60, healthy: 1, samples: 20, limitMs: 180_000 };
  /** Far more than the buffers of a socket hold. */
  const BACKLOG = 400_000;
  const BATCH = 10_000;
  const FRESH = 10;
  const MAX_GROWTH_MIB = 256;
  /** Of one message: a page of 10,000 points, three columns of base64, and what is around them. */
  const MESSAGE_BYTES = 330_000;
  const MAX_P99_MS = 1_000;
  /** The server cuts off who answers no ping, 12 s to 24 s after the last: another one takes his place before. */
  const STALLED_FOR_SAMPLES = 40;
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({ servers: 1, random: seededRandom(1) });
  }, 120_000);
  afterAll(() => fleet.close());

  it('cost neither memory nor the time of the others', { timeout: SIZE.limitMs }, async () => {
    const client = fleet.client();
    const input = { project: 'tests', experiment: 'stalled', params: {} };
    const { startTrial } = await client.request(StartTrialDocument, { input });
    const reporter = new Reporter(new Client({ url: fleet.url, apiKey: startTrial.token }), startTrial);
    for (let i = 0; i < BACKLOG / BATCH; i++) await reporter.report(BATCH);
    const subscription = { url: fleet.url, apiKey: fleet.apiKey, trialId: startTrial.trial.id };
    const openStalled = () => RawSubscriber.open({ ...subscription, isStalled: true });
    const healthy = await Promise.all(Array.from({ length: SIZE.healthy }, () => RawSubscriber.open(subscription)));
    await Promise.all(healthy.map((one) => one.reached(BACKLOG)));
    const [pid = Number.NaN] = fleet.pids();
    forgetPeak(pid);
    const before = residentMiB(pid);

    const stalled = await Promise.all(Array.from({ length: SIZE.stalled }, openStalled));
    await sleep(2_000);
    const latencies: number[] = [];
    for (let sample = 1; sample <= SIZE.samples; sample++) {
      const sentMs = performance.now();
      await reporter.report(FRESH);
      const reached = await Promise.all(healthy.map((one) => one.reached(BACKLOG + sample * FRESH)));
      latencies.push(...reached.map((atMs) => atMs - sentMs));
      const replaced = stalled.splice(0, Math.ceil(SIZE.stalled / STALLED_FOR_SAMPLES));
      for (const one of replaced) one.close();
      stalled.push(...(await Promise.all(replaced.map(openStalled))));
      await sleep(200);
    }
    const sent = Math.max(...stalled.map(({ port }) => fleet.balancer.received(port)));
    const growth = peakMiB(pid) - before;
    latencies.sort((a, b) => a - b);
    const [p50, p99, most] = [0.5, 0.99, 1].map(
      (share) => latencies[Math.ceil(share * latencies.length) - 1] as number,
    );
    console.info(
      `${stalled.length} stalled: each was sent at most ${sent} bytes; ${before.toFixed(0)} MiB grew by ${growth.toFixed(0)} at its peak; ${latencies.length} samples of ` +
        `${healthy.length} healthy: p50 ${p50?.toFixed(0)} ms, p99 ${p99?.toFixed(0)} ms, max ${most?.toFixed(0)} ms`,
    );

    expect(openSockets(pid)).toBeGreaterThanOrEqual(SIZE.stalled + SIZE.healthy);
    expect(sent).toBeGreaterThan(WINDOW_BYTES);
    expect(sent).toBeLessThan(WINDOW_BYTES + MESSAGE_BYTES);
    for (const one of stalled) expect(one.points).toBeLessThan(BACKLOG);
    expect(growth).toBeLessThan(MAX_GROWTH_MIB);
    expect(latencies).toHaveLength(SIZE.samples * SIZE.healthy);
    if (IS_FULL) expect(p99).toBeLessThan(MAX_P99_MS);
    const [woken] = stalled.slice(-1);
    woken?.resume();
    await woken?.reached(BACKLOG + SIZE.samples * FRESH);
    expect(fleet.pids()).toEqual([pid]);
    const { trial } = await client.request(TrialIdentityDocument, { id: subscription.trialId });
    expect(trial?.id).toBe(subscription.trialId);
    for (const one of [...healthy, ...stalled]) one.close();
    await client.close();
  });
});

class Reporter {
  #seq = 0;
  readonly #client: Client;
  readonly #started: StartedTrialFieldsFragment;

  constructor(client: Client, started: StartedTrialFieldsFragment) {
    this.#client = client;
    this.#started = started;
  }

  async report(points: number): Promise<void> {
    const steps = encodeColumn(Float64Array.from({ length: points }, (_, i) => this.#seq + i));
    const values = encodeColumn(Float64Array.from({ length: points }, Math.random));
    const { trial, attempt } = this.#started;
    const series = [{ key: 'loss', steps, times: steps, values }];
    const input = { trialId: trial.id, attempt, stream: 'test', seq: this.#seq, series };
    await this.#client.request(ReportMetricsDocument, { input });
    this.#seq += points;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

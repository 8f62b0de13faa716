/**
 * The other half of the promise: who watches receives every point once, whatever breaks, and a watcher who stops reading
 * costs neither the server's memory nor the others' time. `LIVE=full` brings 500 subscribers in place of 60.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { encodeColumn } from '../../sdk/typescript/columns.js';
import {
  MetricsReportedDocument,
  ReportMetricsDocument,
  type StartedTrialFieldsFragment,
  StartTrialDocument,
} from '../../sdk/typescript/generated/operations.js';
import { Client, type ExperimentHandle } from '../../sdk/typescript/index.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { knownKey, knownValue } from '../support/known-points.js';
import { seededRandom } from '../support/seeded-random.js';
import { Writer } from '../support/writers.js';

const IS_FULL = process.env.LIVE === 'full';
const SIZE = IS_FULL
  ? { subscribers: 500, kills: 20, stalled: 250, limitMs: 900_000 }
  : { subscribers: 60, kills: 4, stalled: 60, limitMs: 180_000 };
const WRITERS = 3;
const KEYS = 4;
const STEPS = 1_000;
const MAX_GROWTH_MIB = 256;

describe('subscribers who come and go', () => {
  const random = seededRandom(Number(process.env.CHAOS_SEED ?? 7));
  let fleet: Fleet;
  let writers: Writer[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ servers: 2, random });
    const { url, apiKey } = fleet;
    const options = { url, apiKey, experiment: 'live', keys: KEYS, spoolFolder: join(fleet.directory, 'spool') };
    writers = await Promise.all(Array.from({ length: WRITERS }, (_, i) => Writer.start(i, options)));
  }, 120_000);
  afterAll(async () => {
    for (const writer of writers) writer.kill();
    await fleet.close();
  });

  it('receive what is stored, each point once', { timeout: SIZE.limitMs }, async () => {
    const writerOf = new Map(writers.map(({ trialId, index }) => [trialId, index]));
    const subscribers = await Promise.all(
      Array.from(
        { length: SIZE.subscribers },
        async () => new Subscriber(await fleet.client().experiment('tests/live')),
      ),
    );
    const received = Promise.all(subscribers.map((one) => one.receiveAll(writerOf, random)));

    let kills = 0;
    for (let round = 1; round <= SIZE.kills * 3; round++) {
      const share = round / (SIZE.kills * 3);
      const logging = Promise.all(writers.map((writer) => writer.log(Math.floor(STEPS * share))));
      fleet.balancer.cut(random() * 0.3);
      if (round % 3 === 0 && fleet.killServer(kills % 2)) kills += 1;
      await logging;
      await sleep(200 + random() * 600);
    }
    await Promise.all(writers.map((writer) => writer.finish()));
    await received;

    const returns = subscribers.reduce((sum, one) => sum + one.returns, 0);
    console.info(`${kills} kills, ${fleet.balancer.counts.cut} connections cut, ${returns} subscribers came back`);
    expect(kills).toBeGreaterThanOrEqual(SIZE.kills - 1);
    expect(fleet.balancer.counts.cut).toBeGreaterThan(SIZE.subscribers);
    expect(returns).toBeGreaterThan(SIZE.subscribers);
    for (const one of subscribers) expect(one.problems).toEqual([]);
  });

  /** Watches by the SDK; leaves of its own will now and then, and comes back with its cursor. */
  class Subscriber {
    returns = 0;
    readonly problems: string[] = [];
    readonly #experiment: ExperimentHandle;
    readonly #has = new Uint8Array(WRITERS * KEYS * STEPS);
    #missing = WRITERS * KEYS * STEPS;

    constructor(experiment: ExperimentHandle) {
      this.#experiment = experiment;
    }

    async receiveAll(writerOf: ReadonlyMap<string, number>, random: () => number): Promise<void> {
      let after: string | null = null;
      while (this.#missing > 0 && this.problems.length === 0) {
        const leaving = new AbortController();
        for await (const { cursor, series } of this.#experiment.watch({ after, signal: leaving.signal })) {
          for (const { trialId, key, steps, values } of series) {
            const writer = writerOf.get(trialId) ?? Number.NaN;
            const of = Number(key.slice(knownKey(0).length - 1));
            for (const [i, step] of steps.entries()) this.#take(writer, of, step, values[i]);
          }
          after = cursor;
          if (this.#missing === 0 || random() < 0.1) break;
        }
        leaving.abort();
        this.returns += 1;
      }
    }

    #take(writer: number, key: number, step: number, value: number | undefined): void {
      const at = (writer * KEYS + key) * STEPS + step;
      if (!Object.is(value, knownValue(writer, key, step))) this.problems.push(`${writer}/${key}/${step} is ${value}`);
      if (this.#has[at] !== 0) this.problems.push(`${writer}/${key}/${step} came twice or belongs to nobody`);
      this.#has[at] = 1;
      this.#missing -= 1;
    }
  }
});

describe('subscribers who stop reading', () => {
  /** Far more than the buffers of a socket hold. */
  const BACKLOG = 400_000;
  const BATCH = 10_000;
  const FRESH = 20;
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
    const healthy = await openSubscriber(fleet, startTrial.trial.id);
    await until(() => healthy.points === BACKLOG);
    const before = residentMiB(fleet);

    const stalled = await Promise.all(
      Array.from({ length: SIZE.stalled }, () => openSubscriber(fleet, startTrial.trial.id, { isStalled: true })),
    );
    let peak = 0;
    const watching = setInterval(() => {
      peak = Math.max(peak, residentMiB(fleet));
    }, 20);
    await sleep(2_000);
    const latencies: number[] = [];
    for (let i = 1; i <= FRESH; i++) {
      const sentMs = performance.now();
      await reporter.report(10);
      await until(() => healthy.points === BACKLOG + i * 10);
      latencies.push(performance.now() - sentMs);
      await sleep(300);
    }
    clearInterval(watching);
    const growth = peak - before;
    const median = latencies.sort((a, b) => a - b)[FRESH / 2] as number;
    console.info(
      `${SIZE.stalled} stalled: ${before.toFixed(0)} MiB grew by ${growth.toFixed(0)}; healthy p50 ${median.toFixed(0)} ms, max ${latencies.at(-1)?.toFixed(0)} ms`,
    );

    for (const one of stalled) expect(one.points).toBeLessThan(BACKLOG);
    expect(growth).toBeLessThan(MAX_GROWTH_MIB);
    expect(median).toBeLessThan(1_000);
    const [first] = stalled;
    first?.resume();
    await until(() => first?.points === BACKLOG + FRESH * 10 || first?.isClosed === true);
    for (const one of [healthy, ...stalled]) one.close();
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

interface RawSubscriber {
  /** Received so far. */
  readonly points: number;
  readonly isClosed: boolean;
  resume(): void;
  close(): void;
}

/** A subscriber of a trial, from its first point on, whose socket can be left unread. */
async function openSubscriber(
  fleet: Fleet,
  trialId: string,
  { isStalled }: { readonly isStalled: boolean } = { isStalled: false },
): Promise<RawSubscriber> {
  const socket = new WebSocket(`${fleet.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const state = { points: 0, isClosed: false, resume: () => socket.resume(), close: () => socket.terminate() };
  socket.on('close', () => {
    state.isClosed = true;
  });
  socket.on('error', () => undefined);
  const query = MetricsReportedDocument.toString();
  const variables = { trialIds: [trialId] };
  await new Promise<void>((resolve) => {
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${fleet.apiKey}` } })),
    );
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data));
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
        if (isStalled) socket.pause();
        resolve();
      }
      for (const { steps } of payload?.data?.metricsReported.series ?? [])
        state.points += Buffer.byteLength(steps, 'base64') / Float64Array.BYTES_PER_ELEMENT;
    });
  });
  return state;
}

function residentMiB(fleet: Fleet): number {
  const status = readFileSync(`/proc/${fleet.pids()[0]}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}

async function until(condition: () => boolean, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not come true in time');
    await sleep(5);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

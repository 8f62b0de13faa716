/**
 * The primary Postgres dies for good and its standby takes over. With asynchronous replication the standby lacks points
 * that were acknowledged: SDKs send them again from their spools, be it by `spool sync` after the trial's end, and
 * watchers learn that they must begin anew. In CI thousands of points; `FAILOVER=full` runs half a million.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CursorExpiredError } from '../../sdk/typescript/errors.js';
import { TrialsDocument } from '../../sdk/typescript/generated/operations.js';
import type { ExperimentHandle } from '../../sdk/typescript/index.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { Checksum, knownKey, knownValue } from '../support/known-points.js';
import { startCli } from '../support/platform.js';
import { type Replicas, startReplicas } from '../support/replicas.js';
import { seededRandom } from '../support/seeded-random.js';
import { readPoints } from '../support/stored-points.js';
import { until } from '../support/until.js';
import { Writer } from '../support/writers.js';

const SIZES = {
  ci: { running: 2, ended: 1, before: 200, lost: 400, after: 600, limitMs: 120_000 },
  full: { running: 10, ended: 2, before: 1_000, lost: 2_000, after: 4_000, limitMs: 600_000 },
} as const;
const SIZE = SIZES[process.env.FAILOVER === 'full' ? 'full' : 'ci'];
const KEYS = 8;
/** Of these, half are logged only when the standby does not hear of them any more. */
const ALL_KEYS = 16;
const REWOUND = /lost \d+ points that it had acknowledged/;

let directory: string;
let replicas: Replicas | undefined;
let fleet: Fleet | undefined;
let writers: Writer[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trialgraph-failover-'));
  await chmod(directory, 0o755); // Postgres runs as another user when we are root
});
afterEach(async () => {
  for (const writer of writers) writer.kill();
  await fleet?.close();
  await replicas?.stop();
  await rm(directory, { recursive: true, force: true });
});

it('an asynchronous standby takes over, and nothing is lost or doubled', { timeout: SIZE.limitMs }, async () => {
  const world = await start({ isSynchronous: false });
  const { running, ended, ledger } = world;
  await ledger.log(writers, SIZE.before, KEYS);
  await world.stored(ledger.points);
  await world.replicas.caughtUp();
  const safe = ledger.points;

  world.replicas.holdLog();
  await ledger.log(writers, SIZE.lost, ALL_KEYS);
  await Promise.all(ended.map((writer) => writer.finish()));
  await world.stored(ledger.points);
  await takeOver(world);
  const lost = ledger.points - (await world.countStored());
  await ledger.log(running, SIZE.after, ALL_KEYS);
  await Promise.all(running.map((writer) => writer.finish()));
  const missing = ledger.points - (await world.countStored());
  await syncSpool(world, 'ended');

  console.info(
    `${lost} of ${ledger.points} acknowledged points lost by the database, ${missing} of trials that had ended`,
  );
  expect(lost).toBe(writers.length * (SIZE.lost - SIZE.before) * ALL_KEYS);
  expect(lost + safe + running.length * (SIZE.after - SIZE.lost) * ALL_KEYS).toBe(ledger.points);
  expect(running.filter(({ warnings }) => REWOUND.test(warnings))).toHaveLength(running.length);
  expect(missing).toBe(ended.length * (SIZE.lost - SIZE.before) * ALL_KEYS);
  await expectExact(world);
  expect(world.watcher.resyncs).toBeGreaterThan(0);
});

it('a synchronous standby takes over, and has all that was acknowledged', { timeout: SIZE.limitMs }, async () => {
  const world = await start({ isSynchronous: true });
  const { running, ended, ledger } = world;
  await ledger.log(writers, SIZE.before, KEYS);
  const logging = ledger.log(writers, SIZE.lost, ALL_KEYS);
  await world.stored(ledger.points / 2); // it dies in the middle of ingest
  await takeOver(world);
  await logging;
  await ledger.log(running, SIZE.after, ALL_KEYS);
  await Promise.all([...running, ...ended].map((writer) => writer.finish()));

  expect(writers.filter(({ warnings }) => REWOUND.test(warnings))).toEqual([]);
  await expectExact(world);
});

interface World {
  readonly replicas: Replicas;
  readonly fleet: Fleet;
  readonly running: readonly Writer[];
  /** They end before the failover, and have a spool folder of their own. */
  readonly ended: readonly Writer[];
  readonly ledger: Ledger;
  readonly watcher: Watcher;
  countStored(): Promise<number>;
  /** Resolves when the primary has so many points. */
  stored(points: number): Promise<void>;
}

async function start({ isSynchronous }: { isSynchronous: boolean }): Promise<World> {
  const pair = await startReplicas(directory, { isSynchronous });
  replicas = pair;
  const servers = await startFleet({ servers: 2, random: seededRandom(7), databaseUrl: pair.url });
  fleet = servers;
  const { url, apiKey } = servers;
  const spoolOf = (i: number) => join(directory, i < SIZE.running ? 'running' : 'ended');
  const options = { url, apiKey, experiment: 'failover', keys: KEYS };
  writers = await Promise.all(
    Array.from({ length: SIZE.running + SIZE.ended }, (_, i) =>
      Writer.start(i, { ...options, spoolFolder: spoolOf(i) }),
    ),
  );
  const watcher = new Watcher(await servers.client().experiment('tests/failover'));
  const countStored = async () =>
    (await pair.ask<{ n: number }>('SELECT coalesce(sum(next_seq), 0)::int AS n FROM metric_stream')).n;
  return {
    replicas: pair,
    fleet: servers,
    running: writers.slice(0, SIZE.running),
    ended: writers.slice(SIZE.running),
    ledger: new Ledger(),
    watcher,
    countStored,
    stored: (points) => until(async () => (await countStored()) >= points),
  };
}

/** The servers meet a standby that does not write yet before it is promoted. */
async function takeOver(world: World): Promise<void> {
  await world.replicas.killPrimary();
  await new Promise((done) => setTimeout(done, 1_000));
  await world.replicas.promote();
}

async function syncSpool({ fleet: { url, apiKey } }: World, folder: string): Promise<void> {
  const environment = { TRIALGRAPH_URL: url, TRIALGRAPH_API_KEY: apiKey };
  const sync = startCli(['spool', 'sync', join(directory, folder)], environment);
  expect(await sync.ended, sync.output()).toBe(0);
}

async function expectExact({ replicas: { ask }, fleet: servers, ledger, watcher }: World): Promise<void> {
  const client = servers.client();
  const stored = new Checksum();
  const distinct = new Set<string>();
  for (const { index, trialId } of writers) {
    for (const [key, step, value] of await readPoints(client, { trialId, keys: ALL_KEYS, steps: SIZE.after })) {
      stored.add(index, key, step, value);
      distinct.add(`${index} ${key} ${step}`);
    }
  }
  await until(() => watcher.points.size >= ledger.points, 20_000).catch(() => undefined);
  await watcher.stop();
  const experiment = await client.experiment('tests/failover');
  const { trials } = await client.request(TrialsDocument, { experimentId: experiment.id, first: 100 });
  await client.close();

  expect(distinct.size).toBe(ledger.points);
  expect(String(stored)).toBe(ledger.checksum());
  expect(
    await ask(`SELECT (SELECT sum(next_seq) FROM metric_stream)::int AS streams,
      (SELECT sum(n) FROM metric_summary)::int AS summaries, (SELECT sum(dropped) FROM trial)::int AS dropped`),
  ).toEqual({ streams: ledger.points, summaries: ledger.points, dropped: 0 });
  expect(trials.nodes.map(({ state }) => state)).toEqual(writers.map(() => 'COMPLETED'));
  expect(watcher.problems).toEqual([]);
  expect(watcher.checksum()).toBe(ledger.checksum());
}

/** What the writers were told to log. */
class Ledger {
  readonly #points = new Checksum();
  readonly #reached = new Map<Writer, number>();

  get points(): number {
    return this.#points.count;
  }

  checksum(): string {
    return String(this.#points);
  }

  async log(some: readonly Writer[], upTo: number, keys: number): Promise<void> {
    for (const writer of some) {
      for (let step = this.#reached.get(writer) ?? 0; step < upTo; step++)
        for (let key = 0; key < keys; key++)
          this.#points.add(writer.index, key, step, knownValue(writer.index, key, step));
      this.#reached.set(writer, upTo);
    }
    await Promise.all(some.map((writer) => writer.log(upTo, keys)));
  }
}

/** Watches by the SDK; begins anew when its cursor is of another life of the database. */
class Watcher {
  resyncs = 0;
  readonly problems: string[] = [];
  readonly points = new Map<string, number>();
  readonly #leaving = new AbortController();
  readonly #watched: Promise<void>;

  constructor(experiment: ExperimentHandle) {
    this.#watched = this.#watch(experiment);
  }

  async stop(): Promise<void> {
    this.#leaving.abort();
    await this.#watched;
  }

  checksum(): string {
    const sum = new Checksum();
    const indexOf = new Map(writers.map(({ trialId, index }) => [trialId, index]));
    for (const [name, value] of this.points) {
      const [trialId = '', key, step] = name.split(' ');
      sum.add(indexOf.get(trialId) ?? -1, Number(key), Number(step), value);
    }
    return String(sum);
  }

  async #watch(experiment: ExperimentHandle): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      try {
        await this.#receive(experiment);
      } catch (error) {
        if (!(error instanceof CursorExpiredError)) {
          this.problems.push(String(error));
          return;
        }
        this.resyncs += 1;
        this.points.clear();
      }
    }
  }

  async #receive(experiment: ExperimentHandle): Promise<void> {
    for await (const { series } of experiment.watch({ signal: this.#leaving.signal })) {
      for (const { trialId, key, steps, values } of series) {
        for (const [i, step] of steps.entries()) {
          const name = `${trialId} ${key.slice(knownKey(0).length - 1)} ${step}`;
          if (this.points.has(name)) this.problems.push(`${name} came twice`);
          this.points.set(name, values[i] as number);
        }
      }
    }
  }
}

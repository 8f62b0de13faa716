/**
 * The promise of the product: a point that was logged is stored once, with the same bits. Two servers behind a balancer
 * that loses, delays and doubles, real SDK processes, `kill -9` of servers and crashes of Postgres all the while. In CI
 * tens of thousands of points; `EXACTLY_ONCE=full` runs a million with a hundred kills.
 */
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.js';
import { Checksum, knownValue } from '../support/known-points.js';
import { seededRandom } from '../support/seeded-random.js';
import { readPoints } from '../support/stored-points.js';
import { Writer } from '../support/writers.js';

const SIZES = {
  ci: { writers: 6, keys: 10, steps: 1_500, kills: 12, crashes: 2, replies: 5, limitMs: 180_000 },
  full: { writers: 10, keys: 10, steps: 10_000, kills: 104, crashes: 10, replies: 100, limitMs: 1_200_000 },
} as const;
const SIZE = SIZES[process.env.EXACTLY_ONCE === 'full' ? 'full' : 'ci'];
const SEED = Number(process.env.CHAOS_SEED ?? 7);
const FAULTS = { loss: 0.12, doubling: 0.25, delayMs: 400 };

const random = seededRandom(SEED);
let fleet: Fleet;
let writers: Writer[] = [];

beforeAll(async () => {
  fleet = await startFleet({ servers: 2, random });
  const { url, apiKey } = fleet;
  const options = { url, apiKey, experiment: 'once', keys: SIZE.keys, spoolFolder: join(fleet.directory, 'spool') };
  writers = await Promise.all(Array.from({ length: SIZE.writers }, (_, i) => Writer.start(i, options)));
}, 120_000);
afterAll(async () => {
  for (const writer of writers) writer.kill();
  await fleet.close();
});

it('stores every point once through kills, crashes, lost and doubled replies', { timeout: SIZE.limitMs }, async () => {
  fleet.balancer.faults = FAULTS;
  const bitten = await torment();
  fleet.balancer.faults = { loss: 0, doubling: 0, delayMs: 0 };
  await Promise.all(writers.map((writer) => writer.finish()));

  const { counts } = fleet.balancer;
  console.info(`faults that bit: ${JSON.stringify({ ...bitten, ...counts })}`);
  expect(bitten.kills).toBeGreaterThanOrEqual(SIZE.kills);
  expect(bitten.crashes).toBeGreaterThanOrEqual(SIZE.crashes);
  expect(counts.lost).toBeGreaterThanOrEqual(SIZE.replies);
  expect(counts.resent).toBeGreaterThan(0);
  expect(counts.doubledAnswered).toBeGreaterThanOrEqual(SIZE.replies);

  const logged = new Checksum();
  const stored = new Checksum();
  const distinct = new Set<string>();
  const client = fleet.client();
  for (const { index, trialId } of writers) {
    for (let key = 0; key < SIZE.keys; key++)
      for (let step = 0; step < SIZE.steps; step++) logged.add(index, key, step, knownValue(index, key, step));
    for (const [key, step, value] of await readPoints(client, { trialId, ...SIZE })) {
      stored.add(index, key, step, value);
      distinct.add(`${index} ${key} ${step}`);
    }
  }
  await client.close();
  expect(logged.count).toBe(SIZE.writers * SIZE.keys * SIZE.steps);
  expect(distinct.size).toBe(logged.count);
  expect(String(stored)).toBe(String(logged));
  expect(await readCounts()).toEqual({ streams: logged.count, summaries: logged.count, dropped: 0 });
});

/**
 * One fault after the other; while each does its work, every writer logs its share of the steps. The last tenth is kept
 * until enough replies were lost and doubled: how many requests there are depends on how busy the machine is.
 */
async function torment(): Promise<{ kills: number; crashes: number }> {
  const bitten = { kills: 0, crashes: 0 };
  const { counts } = fleet.balancer;
  const between = SIZE.kills / SIZE.crashes;
  const isEnough = () =>
    bitten.kills >= SIZE.kills &&
    bitten.crashes >= SIZE.crashes &&
    Math.min(counts.lost, counts.doubledAnswered) >= SIZE.replies;
  const rounds = SIZE.kills + SIZE.crashes;
  for (let round = 1; !isEnough() && round <= rounds * 4; round++) {
    const share = round <= rounds ? (0.9 * round) / rounds : 0.9 + (0.1 * (round - rounds)) / (rounds * 3 + 1);
    const logging = Promise.all(writers.map((writer) => writer.log(Math.floor(SIZE.steps * share))));
    await sleep(random() * 400);
    if (bitten.kills >= bitten.crashes * between + between / 2) {
      const victim = bitten.crashes % 2 === 0 ? 'postmaster' : 'backend';
      if (await fleet.crashPostgres(victim)) bitten.crashes += 1;
    } else if (bitten.kills < SIZE.kills && fleet.killServer(Math.floor(random() * 2))) bitten.kills += 1;
    await logging;
    await sleep(random() * 1_600);
  }
  await Promise.all(writers.map((writer) => writer.log(SIZE.steps)));
  return bitten;
}

/** What the store says of itself. */
async function readCounts(): Promise<object> {
  const client = new pg.Client({ connectionString: fleet.databaseUrl });
  await client.connect();
  const { rows } = await client.query<object>(
    `SELECT (SELECT sum(next_seq) FROM metric_stream)::int AS streams, (SELECT sum(n) FROM metric_summary)::int AS summaries,
  (SELECT sum(dropped) FROM trial)::int AS dropped`,
  );
  await client.end();
  return rows[0] ?? {};
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

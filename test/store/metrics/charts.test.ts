/** What charts are drawn from, beside brute force over the points that were sent: before, while and after they are compacted. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricStore, SeriesPoints, SeriesX } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf } from '../../contract/metric-store.js';
import {
  bucketsOf,
  type ModelQuery,
  originOf,
  type Row,
  seriesOf,
  within,
  xOfBuckets,
  xOfPoints,
} from './chart-model.js';
import { type Ground, type GroundTrial, openGround } from './ground.js';
import { type Point, writerScript } from './writers.js';

const NOW = { tailWindowMs: 0, maxMs: 60_000 };

describe('charts', () => {
  let ground: Ground;
  let store: MetricStore;

  beforeAll(async () => {
    ground = await openGround();
    store = createMetricStore(ground.database);
  });
  afterAll(async () => {
    await store.close();
    await ground.close();
  });

  const axis = fc.constantFrom<SeriesX | null>(
    null,
    { axis: 'TIME' },
    { axis: 'RELATIVE_TIME' },
    ...['a', 'b', 'c', 'none'].map((key) => ({ axis: 'METRIC', key }) as const),
  );
  const view = fc.record({
    keys: fc.constantFrom(['a', 'b', 'c'], ['b'], ['c', 'a']),
    x: axis,
    maxPoints: fc.constantFrom(2, 9, 40, 333, 2_500),
    fromStep: fc.option(fc.integer({ min: -2_000, max: 9_000 })),
    length: fc.option(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 12_000 }))),
    fromTime: fc.option(fc.integer({ min: -1_000, max: 50_000 }).map((at) => 1.7e9 + at)),
    seconds: fc.option(fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 30_000 }))),
  });

  it('equal brute force before, during and after compaction, for any writers and windows', async () => {
    await fc.assert(
      fc.asyncProperty(writerScript, fc.array(view, { minLength: 3, maxLength: 5 }), async (script, views) => {
        const trial = await ground.newTrial();
        const model = new Map<string, Point[]>();
        for (const { writer, points, compact } of script) {
          const { attempt, stream } = writer;
          const own = model.get(`${attempt}/${stream}`) ?? [];
          await ground.database.read.query('UPDATE trial_lease SET attempt = $2 WHERE trial_id = $1', [
            trial.trialId,
            attempt,
          ]);
          await store.append({ ...batchOf({ ...trial, attempt }, own.length, points, stream), epoch: null });
          model.set(`${attempt}/${stream}`, [...own, ...points]);
          const compacting = compact ? store.compact(NOW) : null;
          for (const one of views) await check(store, trial, model, queryOf(one));
          await compacting;
        }
        await store.compact(NOW);
        for (const one of views) await check(store, trial, model, queryOf(one));
      }),
      { numRuns: 25, seed: 7 },
    );
  }, 90_000);

  it('of long series equal brute force from roll-ups, with spikes, repeats and windows', async () => {
    const trial = await ground.newTrial();
    const sent = longSeries(150_000);
    for (let at = 0; at < sent.length; at += 10_000) {
      await store.append(batchOf(trial, at, sent.slice(at, at + 10_000)));
      if (at % 30_000 === 0) await store.compact(NOW);
    }
    const rare = sent
      .filter((_, i) => i % 1_000 === 7)
      .map((point) => ({ ...point, key: 'rare', time: point.time + 1 }));
    await store.append(batchOf(trial, 0, rare, 'rare'));
    const short = sent.slice(60_000, 65_000).map((point) => ({ ...point, key: 'short' }));
    await store.append(batchOf(trial, 0, short, 'short'));
    const late = sent.slice(40_000, 46_000).map((point) => ({ ...point, value: point.value - 100 }));
    await store.append(batchOf(trial, 0, late, 'late'));
    await store.compact(NOW);
    const model = new Map([
      ['1/s', sent],
      ['1/rare', rare],
      ['1/short', short],
      ['1/late', late],
    ]);

    const plain = { keys: ['a'], x: null, fromStep: null, toStep: null, fromTime: null, toTime: null };
    for (const maxPoints of [2, 100, 1_000, 3_000]) {
      for (const [fromStep, toStep] of [
        [null, null],
        [777, null],
        [null, 131_071],
        [5_000, 120_001],
        [40_100, 40_900],
        [60_000, 60_000],
      ] as const) {
        await check(store, trial, model, { ...plain, maxPoints, fromStep, toStep });
      }
      for (const [fromStep, toStep, from, to] of [
        [null, null, 3_000, null],
        [null, null, null, 18_724.5],
        [null, null, 5_000, 5_700],
        [null, null, 700, 21_000],
        [30_000, 140_000, 100, 15_000],
        [null, null, 9_000, 9_000],
      ] as const) {
        const [fromTime, toTime] = [from, to].map((seconds) => (seconds === null ? null : 1.7e9 + seconds)) as [
          number | null,
          number | null,
        ];
        await check(store, trial, model, { ...plain, maxPoints, fromStep, toStep, fromTime, toTime });
      }
    }
    const x = { axis: 'METRIC', key: 'a' } as const;
    for (const maxPoints of [2, 500, 3_000]) {
      await check(store, trial, model, { ...plain, maxPoints, keys: ['rare', 'a'], x });
      await check(store, trial, model, {
        ...plain,
        maxPoints,
        keys: ['rare'],
        x,
        fromStep: 30_000,
        toTime: 1.7e9 + 15_000,
      });
      await check(store, trial, model, { ...plain, maxPoints, x: { axis: 'METRIC', key: 'rare' } });
    }
    // Buckets of two widths have one x.
    for (const key of ['a', 'rare', 'short'])
      await check(store, trial, model, { ...plain, maxPoints: 500, keys: ['a', 'short'], x: { axis: 'METRIC', key } });
    await check(store, trial, model, { ...plain, maxPoints: 10, fromStep: 90_000, x: { axis: 'RELATIVE_TIME' } });
    const rollups = await ground.database.read.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM metric_rollup r JOIN metric_stream s ON s.id = r.stream_id WHERE s.trial_id = $1',
      [trial.trialId],
    );
    expect(rollups[0]?.n).toBeGreaterThanOrEqual(2); // else nothing was read from them
  }, 90_000);
});

/** Strides of one with repeats, a spike and odd values now and then; a clock that goes back now and then. */
function longSeries(n: number): Point[] {
  return Array.from({ length: n }, (_, i) => ({
    key: 'a',
    step: i - (i % 1_000 === 999 ? 500 : 0),
    time: 1.7e9 + i / 7 - (i % 9_973 === 5 ? 300 : 0),
    value: i === 77_777 ? 1e6 : i % 5_003 === 0 ? Number.NaN : Math.sin(i / 500) + ((i * 7_919) % 101) / 1_000,
  }));
}

interface View {
  readonly maxPoints: number;
  readonly fromStep: number | null;
  readonly length: number | null;
  readonly fromTime: number | null;
  readonly seconds: number | null;
  readonly keys: readonly string[];
  readonly x: SeriesX | null;
}

function queryOf({ fromStep, length, fromTime, seconds, ...view }: View): ModelQuery {
  const toStep = length === null ? null : (fromStep ?? 0) + length;
  return { ...view, fromStep, toStep, fromTime, toTime: seconds === null ? null : (fromTime ?? 1.7e9) + seconds };
}

async function check(
  store: MetricStore,
  trial: GroundTrial,
  model: ReadonlyMap<string, readonly Point[]>,
  query: ModelQuery,
): Promise<void> {
  const { series } = await store.readSeries({ scope: { trialIds: [trial.trialId] }, ...query });
  const all = new Map([...seriesOf(model)].map(([name, own]) => [name, within(own, query)]));
  const isSeen = ([name, own]: [string, Point[]]) =>
    own.length > 0 && query.keys.some((key) => name.endsWith(`/${key}`));
  const seen = [...all].filter(isSeen).map(([name]) => name);
  expect(series.map(({ attempt, key }) => `${attempt}/${key}`).sort()).toEqual(seen.sort());
  for (const one of series) {
    const points = all.get(`${one.attempt}/${one.key}`) as Point[];
    const { x } = query;
    const xs = x?.axis === 'METRIC' ? (all.get(`${one.attempt}/${x.key}`) ?? []) : [];
    if (points.length <= query.maxPoints) {
      expect([one.bucketed, one.count, one.first]).toEqual([false, points.length, null]);
      expect([...one.values]).toEqual(points.map(({ value }) => value));
      expect([...one.steps]).toEqual(points.map(({ step }) => step));
      expect([...one.times]).toEqual(points.map(({ time }) => time));
      if (x?.axis === 'METRIC') expect([...(one.x ?? [])]).toEqual(xOfPoints(points, xs));
    } else {
      const { width, rows } = bucketsOf(points, query.maxPoints);
      compare(one, rows);
      if (x?.axis === 'METRIC') expect([...(one.x ?? [])]).toEqual(xOfBuckets(rows, width, xs));
    }
    const origin = x?.axis === 'RELATIVE_TIME' ? originOf(model, one.attempt, query.keys) : null;
    expect(one.origin).toBe(origin);
    if (x === null) expect(one.x).toBe(null);
    else if (x.axis !== 'METRIC') expect(one.x).toEqual(one.times.map((time) => time - (origin ?? 0)));
  }
}

function compare(series: SeriesPoints, rows: readonly Row[]): void {
  expect([series.bucketed, series.steps.length]).toEqual([true, rows.length]);
  expect(series.count).toBe(rows.reduce((sum, { count }) => sum + count, 0));
  rows.forEach((row, i) => {
    const got = {
      step: series.steps[i],
      time: series.times[i],
      value: series.values[i],
      first: series.first?.[i],
      count: series.counts?.[i],
      nonFinite: series.nonFinite?.[i],
    };
    const { place: _, min, max, mean, ...exact } = row;
    for (const [name, wanted] of Object.entries(exact))
      if (!Object.is(got[name as keyof typeof got], wanted)) expect({ row: i, ...got }).toEqual({ row: i, ...exact });
    near(series.min?.[i], min);
    near(series.max?.[i], max);
    near(series.mean?.[i], mean, Math.max(Math.abs(min), Math.abs(max))); // sums are as exact as their largest term
  });
}

function near(got: number | undefined, wanted: number, scale = Math.abs(wanted)): void {
  if (Object.is(got, wanted)) return;
  const isNear = got !== undefined && Math.abs(got - wanted) <= 1e-9 * Math.max(1, scale);
  if (!isNear) expect(got).toBe(wanted);
}

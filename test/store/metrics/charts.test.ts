/** What charts are drawn from, beside brute force over the points that were sent: before, while and after they are compacted. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricStore, SeriesPoints } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf } from '../../contract/metric-store.js';
import { bucketsOf, type ModelWindow, type Row, seriesOf, within } from './chart-model.js';
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

  const view = fc.record({
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
    const late = sent.slice(40_000, 41_500).map((point) => ({ ...point, value: point.value - 100 }));
    await store.append(batchOf(trial, 0, late, 'late'));
    await store.compact(NOW);
    const model = new Map([
      ['1/s', sent],
      ['1/late', late],
    ]);

    for (const maxPoints of [2, 100, 1_000, 3_000]) {
      for (const [fromStep, toStep] of [
        [null, null],
        [777, null],
        [null, 131_071],
        [5_000, 120_001],
        [40_100, 40_900],
        [60_000, 60_000],
      ] as const) {
        await check(store, trial, model, { maxPoints, fromStep, toStep, fromTime: null, toTime: null });
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
        await check(store, trial, model, { maxPoints, fromStep, toStep, fromTime, toTime });
      }
    }
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
}

function queryOf({ maxPoints, fromStep, length, fromTime, seconds }: View): ModelWindow {
  const toStep = length === null ? null : (fromStep ?? 0) + length;
  return { maxPoints, fromStep, toStep, fromTime, toTime: seconds === null ? null : (fromTime ?? 1.7e9) + seconds };
}

async function check(
  store: MetricStore,
  trial: GroundTrial,
  model: ReadonlyMap<string, readonly Point[]>,
  window: ModelWindow,
): Promise<void> {
  const { series } = await store.readSeries({
    scope: { trialIds: [trial.trialId] },
    keys: ['a', 'b', 'c'],
    ...window,
  });
  const all = new Map([...seriesOf(model)].map(([name, own]) => [name, within(own, window)]));
  const seen = [...all].filter(([, own]) => own.length > 0).map(([name]) => name);
  expect(series.map(({ attempt, key }) => `${attempt}/${key}`).sort()).toEqual(seen.sort());
  for (const one of series) {
    const points = all.get(`${one.attempt}/${one.key}`) as Point[];
    if (points.length <= window.maxPoints) {
      expect([one.bucketed, one.count, one.first]).toEqual([false, points.length, null]);
      expect([...one.values]).toEqual(points.map(({ value }) => value));
      expect([...one.steps]).toEqual(points.map(({ step }) => step));
      expect([...one.times]).toEqual(points.map(({ time }) => time));
    } else compare(one, bucketsOf(points, window.maxPoints).rows);
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

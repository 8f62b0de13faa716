/** What charts are drawn from, beside brute force over the points that were sent: before, while and after they are compacted. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricStore, SeriesPoints, SeriesQuery } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf } from '../../contract/metric-store.js';
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
        await check(store, trial, model, { maxPoints, fromStep, toStep });
      }
    }
    const rollups = await ground.database.read.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM metric_rollup r JOIN metric_stream s ON s.id = r.stream_id WHERE s.trial_id = $1',
      [trial.trialId],
    );
    expect(rollups[0]?.n).toBeGreaterThanOrEqual(2); // else nothing was read from them
  }, 90_000);
});

/** Strides of one with repeats, a spike and odd values now and then. */
function longSeries(n: number): Point[] {
  return Array.from({ length: n }, (_, i) => ({
    key: 'a',
    step: i - (i % 1_000 === 999 ? 500 : 0),
    time: 1.7e9 + i / 7,
    value: i === 77_777 ? 1e6 : i % 5_003 === 0 ? Number.NaN : Math.sin(i / 500) + ((i * 7_919) % 101) / 1_000,
  }));
}

type Window = Pick<SeriesQuery, 'maxPoints'> & { readonly fromStep: number | null; readonly toStep: number | null };

function queryOf(view: { maxPoints: number; fromStep: number | null; length: number | null }): Window {
  const { maxPoints, fromStep, length } = view;
  return { maxPoints, fromStep, toStep: length === null ? null : (fromStep ?? 0) + length };
}

async function check(
  store: MetricStore,
  trial: GroundTrial,
  model: ReadonlyMap<string, readonly Point[]>,
  window: Window,
): Promise<void> {
  const { series } = await store.readSeries({
    scope: { trialIds: [trial.trialId] },
    keys: ['a', 'b', 'c'],
    ...window,
  });
  const all = new Map<string, Point[]>();
  for (const [id, own] of model) {
    for (const point of own) {
      if (point.step < (window.fromStep ?? -Infinity) || point.step > (window.toStep ?? Infinity)) continue;
      const name = `${id.split('/')[0]}/${point.key}`;
      if (!all.has(name)) all.set(name, []);
      all.get(name)?.push(point);
    }
  }
  expect(series.map(({ attempt, key }) => `${attempt}/${key}`).sort()).toEqual([...all.keys()].sort());
  for (const one of series) {
    const points = all.get(`${one.attempt}/${one.key}`) as Point[];
    if (points.length <= window.maxPoints) {
      expect([one.bucketed, one.count]).toEqual([false, points.length]);
      expect([...one.values]).toEqual(points.map(({ value }) => value));
      expect([...one.steps]).toEqual(points.map(({ step }) => step));
    } else compare(one, bruteForce(points, window.maxPoints));
  }
}

interface Row {
  step: number;
  time: number;
  value: number;
  count: number;
  nonFinite: number;
  min: number;
  max: number;
  mean: number;
}

/** The finest grid of a power of two with at most `maxPoints` buckets, each computed from its own points. */
function bruteForce(points: readonly Point[], maxPoints: number): Row[] {
  for (let width = 1; ; width *= 2) {
    const places = new Map<number, Point[]>();
    for (const point of points) {
      const place = Math.floor(point.step / width);
      const own = places.get(place);
      if (own === undefined) places.set(place, [point]);
      else own.push(point);
    }
    if (places.size > maxPoints) continue;
    return [...places].sort(([a], [b]) => a - b).map(([, own]) => rowOf(own));
  }
}

function rowOf(own: readonly Point[]): Row {
  const finite = own.filter(({ value }) => Number.isFinite(value));
  const candidates = finite.length > 0 ? finite : own;
  const shown = candidates.reduce((best, point) => (point.step >= best.step ? point : best));
  const values = finite.map(({ value }) => value);
  const { step, time, value } = shown;
  return {
    step,
    time,
    value,
    count: own.length,
    nonFinite: own.length - finite.length,
    min: values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b)),
    max: values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b)),
    mean: values.reduce((a, b) => a + b, 0) / values.length,
  };
}

function compare(series: SeriesPoints, rows: readonly Row[]): void {
  expect([series.bucketed, series.steps.length]).toEqual([true, rows.length]);
  expect(series.count).toBe(rows.reduce((sum, { count }) => sum + count, 0));
  rows.forEach((row, i) => {
    const got = {
      step: series.steps[i],
      time: series.times[i],
      value: series.values[i],
      count: series.counts?.[i],
      nonFinite: series.nonFinite?.[i],
    };
    const { min, max, mean, ...exact } = row;
    if (JSON.stringify(got) !== JSON.stringify(exact)) expect(got).toEqual(exact);
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

/** The court of the metric store: every adapter stands before it. Each case names the rule of the port that it holds. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId, ProjectId, TrialId } from '../../src/domain/ids.js';
import type { MetricSummary, SeriesColumns } from '../../src/domain/metric.js';
import {
  type AppendResult,
  METRIC_LIMITS,
  type MetricBatch,
  type MetricStore,
  type SeriesPoints,
} from '../../src/store/metrics/metric-store.js';

export interface CourtTrial {
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
}

export interface Report {
  readonly attempt: number;
  readonly step: number;
  readonly value: number;
  readonly position: number;
}

/** Of a report that no decision has seen. */
const NOWHERE = 2_147_483_647;

/** What the court needs beside the store: the world that owns trials. */
export interface Court {
  readonly store: MetricStore;
  /** A second store on the same data, as another server has. */
  another(): Promise<MetricStore>;
  newExperiment(options: {
    readonly objective?: string;
  }): Promise<{ projectId: ProjectId; experimentId: ExperimentId }>;
  newTrial(place?: { projectId: ProjectId; experimentId: ExperimentId }): Promise<CourtTrial>;
  raiseEpoch(trialId: TrialId, options: { readonly newAttempt: boolean }): Promise<void>;
  endTrial(trialId: TrialId): Promise<void>;
  reports(trialId: TrialId): Promise<readonly Report[]>;
  /** Gives the trial's reports a position, as a decision does that sees them. */
  placeReports(trialId: TrialId, position: number): Promise<void>;
  dropped(trialId: TrialId): Promise<number>;
  close(): Promise<void>;
}

/** Float64 classes with edges: what bits must survive. */
const SPECIALS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  5e-324,
  -5e-324,
  1.7976931348623157e308,
  -1.7976931348623157e308,
  0.1,
  1 / 3,
];

interface Point {
  readonly key: string;
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

export function metricStoreContract(adapter: string, open: () => Promise<Court>): void {
  describe(`the metric store of ${adapter}`, () => {
    let court: Court;
    let store: MetricStore;

    beforeAll(async () => {
      court = await open();
      store = court.store;
    });
    afterAll(() => court.close());

    it('accepts the batch that is next and advances the stream (1, 2)', async () => {
      const trial = await court.newTrial();

      const first = await store.append(batchOf(trial, 0, points(3)));
      const second = await store.append(batchOf(trial, 3, points(2, 3)));

      expect([first.outcome, first.nextSeq, second.outcome, second.nextSeq]).toEqual(['ACCEPTED', 3, 'ACCEPTED', 5]);
      expect(first.experimentId).toBe(trial.experimentId);
      expect(await everything(store, trial.trialId)).toEqual(bySeries(points(5)));
    });

    it('takes a batch again as if it were new, and stores it once (3)', async () => {
      const trial = await court.newTrial();
      const batch = batchOf(trial, 0, points(4));
      await store.append(batch);

      const again = await store.append(batch);

      expect([again.outcome, again.nextSeq]).toEqual(['ACCEPTED', 4]);
      expect(await everything(store, trial.trialId)).toEqual(bySeries(points(4)));
    });

    it('trims the half of a batch that is stored already (3)', async () => {
      const trial = await court.newTrial();
      const all = points(10, 0, ['a', 'b']);
      await store.append(batchOf(trial, 0, all.slice(0, 7)));

      const answer = await store.append(batchOf(trial, 3, all.slice(3)));

      expect([answer.outcome, answer.nextSeq]).toEqual(['ACCEPTED', 10]);
      expect(await everything(store, trial.trialId)).toEqual(bySeries(all));
    });

    it('refuses other bits at a seq that is taken, and keeps the first (4)', async () => {
      const trial = await court.newTrial();
      const before = points(4);
      await store.append(batchOf(trial, 0, before));
      const variants: Partial<Point>[] = [{ value: -0 }, { step: 77 }, { time: 5 }, { key: 'other' }];

      for (const change of variants) {
        const altered = before.map((point, i) => (i === 0 ? { ...point, ...change } : point));
        const answer = await store.append(batchOf(trial, 0, [...altered, ...points(1, 4)]));
        expect([answer.outcome, answer.nextSeq]).toEqual(['CONFLICT', 4]);
      }

      expect(await everything(store, trial.trialId)).toEqual(bySeries(before));
    });

    it('says which seq it expects when a batch is missing (5)', async () => {
      const trial = await court.newTrial();

      const early = await store.append(batchOf(trial, 5, points(1)));
      await store.append(batchOf(trial, 0, points(2)));
      const later = await store.append(batchOf(trial, 5, points(1)));

      expect([early.outcome, early.nextSeq]).toEqual(['GAP', 0]);
      expect([later.outcome, later.nextSeq]).toEqual(['GAP', 2]);
    });

    it('fences old epochs, old attempts, and writers without an epoch by attempt (6)', async () => {
      const trial = await court.newTrial();
      await store.append(batchOf(trial, 0, points(2)));
      await court.raiseEpoch(trial.trialId, { newAttempt: true });

      const oldToken = await store.append(batchOf(trial, 2, points(1, 2)));
      const oldAttempt = await store.append({ ...batchOf(trial, 2, points(1, 2)), epoch: null });
      const current = await store.append({ ...batchOf(trial, 0, points(1)), epoch: null, attempt: 2 });
      const currentToken = await store.append({ ...batchOf(trial, 1, points(1, 1)), epoch: 2, attempt: 2 });

      expect([oldToken.outcome, oldAttempt.outcome, current.outcome, currentToken.outcome]).toEqual([
        'FENCED',
        'FENCED',
        'ACCEPTED',
        'ACCEPTED',
      ]);
    });

    it('changes nothing when it answers GAP, CONFLICT or FENCED (7)', async () => {
      const place = await court.newExperiment({ objective: 'loss' });
      const trial = await court.newTrial(place);
      await store.append(batchOf(trial, 0, points(4)));
      const look = async () => [
        await everything(store, trial.trialId),
        await store.readSummaries([trial.trialId], null),
        await court.reports(trial.trialId),
        await court.dropped(trial.trialId),
      ];
      const before = await look();

      await store.append({ ...batchOf(trial, 9, points(1)), dropped: 3 });
      await store.append({ ...batchOf(trial, 0, points(5, 100)), dropped: 3 });
      await store.append({ ...batchOf(trial, 4, points(1)), epoch: 7, dropped: 3 });

      expect(await look()).toEqual(before);
    });

    it('welcomes a late batch of an ended trial (8)', async () => {
      const trial = await court.newTrial();
      await court.endTrial(trial.trialId);

      const answer = await store.append(batchOf(trial, 0, points(2)));

      expect(answer.outcome).toBe('ACCEPTED');
    });

    it('judges each of many simultaneous batches alone (9)', async () => {
      const trials = await Promise.all(Array.from({ length: 20 }, () => court.newTrial()));
      const ghost = { ...(trials[0] as CourtTrial), trialId: '00000000-0000-7000-8000-000000000000' as TrialId };

      const answers = await Promise.allSettled([
        ...trials.map((trial, i) => store.append(batchOf(trial, i % 4 === 1 ? 9 : 0, points(5)))),
        store.append(batchOf(ghost, 0, points(1))),
        store.append({ ...batchOf(trials[3] as CourtTrial, 0, points(1)), trialId: 'no uuid' as TrialId }),
        store.append(batchOf(trials[3] as CourtTrial, 0, [{ key: '', step: 0, time: 0, value: 1 }])),
      ]);

      const outcomes = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.outcome : 'refused'));
      expect(outcomes).toEqual([
        ...trials.map((_, i) => (i % 4 === 1 ? 'GAP' : 'ACCEPTED')),
        'FENCED',
        'refused',
        'refused',
      ]);
    });

    it('gives every class of float64 back bit for bit (10)', async () => {
      const anyValue = fc.oneof(fc.constantFrom(...SPECIALS), fc.double());
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyValue, fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
            minLength: 1,
            maxLength: 40,
          }),
          async (rows) => {
            const trial = await court.newTrial();
            const sent = rows.map(([value, step, time]) => ({ key: 'x', step, time, value }));
            await store.append(batchOf(trial, 0, sent));
            const read = await store.readSeries({
              scope: { trialIds: [trial.trialId] },
              keys: ['x'],
              maxPoints: 1_000,
            });
            expect(pointsOf(read.series)).toEqual(sent);
          },
        ),
        { numRuns: 25, seed: 10 },
      );
    });

    it('keeps summaries equal to a scan of the points, however they were cut (11)', async () => {
      const value = fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(...SPECIALS) },
        { weight: 3, arbitrary: fc.integer({ min: -50, max: 50 }) },
      );
      const point = fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        step: fc.integer({ min: -9, max: 99 }),
        time: fc.constant(1),
        value,
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(point, { minLength: 1, maxLength: 60 }),
          fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
          async (sent, cuts) => {
            const trial = await court.newTrial();
            for (const [from, to] of cutsOf(sent.length, cuts))
              await store.append(batchOf(trial, from, sent.slice(from, to)));
            const [summaries] = await store.readSummaries([trial.trialId], null);
            expect(summaries).toEqual(scan(trial.trialId, sent));
          },
        ),
        { numRuns: 30, seed: 11 },
      );
    });

    it('survives sums beyond the end of float64 (11)', async () => {
      const trial = await court.newTrial();
      const huge = [1, 2, 3].map((step) => ({ key: 'x', step, time: 0, value: 1.7e308 }));

      for (const seq of [0, 3, 6]) await store.append(batchOf(trial, seq, huge));

      const [summaries] = await store.readSummaries([trial.trialId], ['x']);
      expect(summaries).toEqual([expect.objectContaining({ count: 9, max: 1.7e308, maxStep: 1, mean: null })]);
    });

    it('gives the summaries of many trials as columns, a row for each (11)', async () => {
      const place = await court.newExperiment({});
      const trials = await Promise.all(Array.from({ length: 5 }, () => court.newTrial(place)));
      const value = (key: string, ...values: number[]) =>
        values.map((one, step) => ({ key, step, time: 0, value: one }));
      const sent = [
        [...value('a', 1, -0), ...value('b', Number.NaN)],
        value('b', 2, Infinity, 5e-324),
        [],
        [...value('B', 0.1), ...value('a', -1e300, Number.NaN)],
        value('a', 1.7e308, 1.7e308, 1.7e308),
      ];
      for (const [i, points] of sent.entries()) {
        if (points.length > 0) await store.append(batchOf(trials[i] as CourtTrial, 0, points));
      }
      const asked = [4, 0, 2, 3, 1].map((i) => (trials[i] as CourtTrial).trialId);

      const columns = await store.readSummaryColumns(asked, null);

      const summaries = await store.readSummaries(asked, null);
      expect(columns.map(({ key }) => key)).toEqual(['B', 'a', 'b']);
      for (const { key, count, ...rest } of columns) {
        const own = summaries.map((some) => some.find((one) => one.key === key));
        expect([...count]).toEqual(own.map((one) => one?.count ?? 0));
        for (const name of ['first', 'last', 'min', 'max', 'mean'] as const)
          expect([key, name, ...rest[name]]).toEqual([key, name, ...own.map((one) => one?.[name] ?? Number.NaN)]);
      }
      expect((await store.readSummaryColumns(asked, ['b', 'absent'])).map(({ key }) => key)).toEqual(['b']);
    });

    it('keeps the last report of the objective per step, until it is seen (12)', async () => {
      const place = await court.newExperiment({ objective: 'loss' });
      const trial = await court.newTrial(place);
      const report = (step: number, value: number, key = 'loss') => ({ key, step, time: 0, value });

      const first = await store.append(
        batchOf(trial, 0, [report(1, 0.5), report(1, 0.4), report(2, Number.NaN), report(1, 9, 'other')]),
      );
      const second = await store.append(batchOf(trial, 4, [report(2, 0.3)]));
      const third = await store.append(batchOf(trial, 5, [report(3, 1, 'other')]));

      expect([first, second, third].map(({ touchesObjective }) => touchesObjective)).toEqual([true, true, false]);
      expect(await court.reports(trial.trialId)).toEqual([
        { attempt: 1, step: 1, value: 0.4, position: NOWHERE },
        { attempt: 1, step: 2, value: 0.3, position: NOWHERE },
      ]);
      await court.placeReports(trial.trialId, 7);
      await store.append(batchOf(trial, 6, [report(2, 0.2), report(3, 0.1)]));
      expect(await court.reports(trial.trialId)).toEqual([
        { attempt: 1, step: 1, value: 0.4, position: 7 },
        { attempt: 1, step: 2, value: 0.3, position: 7 },
        { attempt: 1, step: 3, value: 0.1, position: NOWHERE },
      ]);
    });

    it('counts what an SDK dropped once per batch (13)', async () => {
      const trial = await court.newTrial();
      const batch = { ...batchOf(trial, 0, points(2)), dropped: 5 };

      await store.append(batch);
      await store.append(batch);
      await store.append({ ...batchOf(trial, 2, points(1, 2)), dropped: 1 });

      expect(await court.dropped(trial.trialId)).toBe(6);
    });

    it('ends in the same state for any permutation, duplication and overlap of batches (2 to 5)', async () => {
      const plan = fc.record({
        n: fc.integer({ min: 1, max: 40 }),
        ranges: fc.array(fc.tuple(fc.nat(40), fc.nat(15)), { maxLength: 25 }),
        keys: fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c']),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ n, ranges, keys }) => {
          const trial = await court.newTrial();
          const all = points(n, 0, keys).map((point, i) => ({
            ...point,
            value: i % 5 === 0 ? Number.NaN : i % 7 === 0 ? -0 : point.value,
          }));
          let stored = 0;
          for (const [start, length] of ranges) {
            const from = Math.min(start, n);
            const to = Math.min(n, from + length);
            const answer = await store.append(batchOf(trial, from, all.slice(from, to)));
            expect(answer.outcome).toBe(from > stored ? 'GAP' : 'ACCEPTED');
            stored = from > stored ? stored : Math.max(stored, to);
            expect(answer.nextSeq).toBe(stored);
          }
          await store.append(batchOf(trial, stored, all.slice(stored)));
          expect(await everything(store, trial.trialId)).toEqual(bySeries(all));
          const [summaries] = await store.readSummaries([trial.trialId], null);
          expect(summaries).toEqual(scan(trial.trialId, all));
        }),
        { numRuns: 40, seed: 1 },
      );
    });

    it('stores each point once when two servers are sent the same batches at once (2, 3)', async () => {
      const other = await court.another();
      const place = await court.newExperiment({});
      const trials = await Promise.all(Array.from({ length: 6 }, () => court.newTrial(place)));
      const sent = points(200, 0, ['a', 'b']);

      await Promise.all(trials.flatMap((trial) => [store, other].map((one) => sendAll(one, trial, sent, 7))));

      for (const { trialId } of trials) expect(await everything(store, trialId)).toEqual(bySeries(sent));
      await other.close();
    });

    it('continues from a read in the tail without gap or duplicate, while others write (14, 16)', async () => {
      const place = await court.newExperiment({});
      const trials = await Promise.all(Array.from({ length: 3 }, () => court.newTrial(place)));
      const sent = points(300, 0, ['a', 'b']);
      const writing = Promise.all(trials.map((trial) => sendAll(store, trial, sent, 11)));
      const scope = { experimentId: place.experimentId };

      await sendAll(store, { ...(trials[0] as CourtTrial) }, sent, 50);
      const start = await store.readSeries({ scope, keys: ['a', 'b'], maxPoints: 10_000 });
      const got = [...start.series];
      let cursor = start.cursor;
      let isWritten = false;
      void writing.then(() => {
        isWritten = true;
      });
      for (;;) {
        const last = isWritten;
        const tail = await store.readTail({ scope, keys: ['a', 'b'], after: cursor, limitPoints: 60 });
        got.push(...tail.series);
        cursor = tail.cursor;
        if (last && !tail.more) break;
      }

      for (const { trialId } of trials) {
        expect(bySeries(pointsOf(got.filter((series) => series.trialId === trialId)))).toEqual(bySeries(sent));
      }
    });

    it('reads a tail in parts that its limit bounds (16)', async () => {
      const trial = await court.newTrial();
      await sendAll(store, trial, points(100), 10);
      const scope = { trialIds: [trial.trialId] };

      const part = await store.readTail({ scope, keys: null, after: null, limitPoints: 25 });
      const rest = await store.readTail({ scope, keys: null, after: part.cursor, limitPoints: 1_000 });
      const end = await store.readTail({ scope, keys: null, after: rest.cursor, limitPoints: 1_000 });

      expect([pointsOf(part.series).length, part.more, pointsOf(rest.series).length, rest.more]).toEqual([
        30,
        true,
        70,
        false,
      ]);
      expect([end.moved, end.series.length]).toEqual([false, 0]);
    });

    it('moves the cursor over points of keys that are not asked for (16)', async () => {
      const trial = await court.newTrial();
      await store.append(batchOf(trial, 0, points(4, 0, ['noise'])));
      const scope = { trialIds: [trial.trialId] };

      const none = await store.readTail({ scope, keys: ['loss'], after: null, limitPoints: 100 });
      await store.append(batchOf(trial, 4, points(1, 0, ['loss'])));
      const some = await store.readTail({ scope, keys: ['loss'], after: none.cursor, limitPoints: 100 });

      expect([none.moved, none.series.length]).toEqual([true, 0]);
      expect(pointsOf(some.series)).toHaveLength(1);
    });

    it('buckets a long series without hiding a spike or letting a NaN poison it (15)', async () => {
      const value = fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e9, -1e9) },
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 9 }) },
      );
      const plan = fc.record({
        values: fc.array(value, { minLength: 21, maxLength: 300 }),
        stride: fc.constantFrom(1, 3, 1_000),
        shift: fc.constantFrom(0, -70),
        maxPoints: fc.constantFrom(2, 7, 20),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ values, stride, shift, maxPoints }) => {
          const trial = await court.newTrial();
          const sent = values.map((one, i) => ({ key: 'x', step: (i + shift) * stride, time: i, value: one }));
          await store.append(batchOf(trial, 0, sent));
          const { series } = await store.readSeries({ scope: { trialIds: [trial.trialId] }, keys: ['x'], maxPoints });
          checkBuckets(series[0] as SeriesPoints, sent, maxPoints);
        }),
        { numRuns: 30, seed: 15 },
      );
    });

    it('gives raw points in stored order up to maxPoints (15)', async () => {
      const trial = await court.newTrial();
      const sent = points(50).reverse();
      await store.append(batchOf(trial, 0, sent));
      const read = async (maxPoints: number) =>
        (await store.readSeries({ scope: { trialIds: [trial.trialId] }, keys: ['loss'], maxPoints })).series[0];

      const [raw, bucketed] = [await read(50), await read(49)];

      expect([raw?.bucketed, raw?.min, raw?.count]).toEqual([false, null, 50]);
      expect([...(raw?.steps ?? [])]).toEqual(sent.map(({ step }) => step));
      expect(bucketed?.bucketed).toBe(true);
    });

    it('tells of groups what all of their trials tell, by the newest attempt that has the metric (20)', async () => {
      const place = await court.newExperiment({});
      const trials = await Promise.all(Array.from({ length: 4 }, () => court.newTrial(place)));
      const send = (i: number, attempt: number, key: string, values: readonly number[]) =>
        store.append({
          ...batchOf(
            trials[i] as CourtTrial,
            0,
            values.map((value, step) => ({ key, step, time: 0, value })),
          ),
          attempt,
          epoch: attempt,
        });
      await send(0, 1, 'a', [1, 2, 3, 4]);
      await send(1, 1, 'a', [5, Number.NaN, 9]);
      await send(2, 1, 'a', [100, 100]);
      for (const i of [1, 2]) await court.raiseEpoch((trials[i] as CourtTrial).trialId, { newAttempt: true });
      await send(1, 2, 'b', [0]);
      await send(2, 2, 'a', [7]);
      const ids = trials.map(({ trialId }) => trialId);

      const read = async () =>
        (
          await store.readGroups({
            groups: [ids.slice(0, 2), ids.slice(2)],
            keys: ['a'],
            maxPoints: 2,
            quantiles: [0.25],
          })
        ).map(([columns]) => [
          columns?.width,
          ...[columns?.steps, columns?.members, columns?.mean, columns?.quantiles[0], columns?.lowest].map((column) => [
            ...(column ?? []),
          ]),
        ]);

      const wanted = [
        [2, [0, 2], [2, 2], [3.25, 6.25], [2.375, 4.875], [1, 3]],
        [2, [0], [1], [7], [7], [7]],
      ];
      expect(await read()).toEqual(wanted);
      await store.compact({ tailWindowMs: 0, maxMs: 60_000 });
      expect(await read()).toEqual(wanted);
    });

    it('keeps attempts apart in series and together in summaries', async () => {
      const trial = await court.newTrial();
      await store.append(batchOf(trial, 0, points(3)));
      await court.raiseEpoch(trial.trialId, { newAttempt: true });
      await store.append({ ...batchOf(trial, 0, points(2)), attempt: 2, epoch: 2 });

      const { series } = await store.readSeries({
        scope: { trialIds: [trial.trialId] },
        keys: ['loss'],
        maxPoints: 100,
      });

      expect(series.map(({ attempt, count }) => [attempt, count])).toEqual([
        [1, 3],
        [2, 2],
      ]);
      expect((await store.readSummaries([trial.trialId], null))[0]?.[0]?.count).toBe(5);
    });

    it('names the keys of an experiment once each', async () => {
      const place = await court.newExperiment({});
      for (const keys of [
        ['b', 'a'],
        ['a', 'c'],
      ])
        await store.append(batchOf(await court.newTrial(place), 0, points(4, 0, keys)));
      const empty = await court.newExperiment({});

      expect(await store.readKeys([empty.experimentId, place.experimentId])).toEqual([[], ['a', 'b', 'c']]);
    });

    it('refuses cursors that are not its own (17)', async () => {
      const trial = await court.newTrial();
      const scope = { trialIds: [trial.trialId] };
      await store.append(batchOf(trial, 0, points(3)));
      const { cursor } = await store.readTail({ scope, keys: null, after: null, limitPoints: 10 });
      const bytes = Buffer.from(cursor, 'base64url');
      const altered = (at: number) =>
        Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))).toString('base64url');
      const ahead = Buffer.concat([bytes.subarray(0, -1), Buffer.from([9])]).toString('base64url');

      const read = (after: string) => store.readTail({ scope, keys: null, after, limitPoints: 10 });

      for (const broken of ['', 'x', 'ÿÿÿ', '{}', altered(0), altered(1)])
        await expect(read(broken)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
      for (const old of [altered(4), ahead]) await expect(read(old)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    });

    it('compacts without a reader, a cursor or a sender noticing (18)', async () => {
      const trial = await court.newTrial();
      const scope = { trialIds: [trial.trialId] };
      const all = points(2_500, 0, ['a', 'b', 'a', 'c']).map((point, i) => ({
        ...point,
        value: SPECIALS[i % 37] ?? point.value,
        step: i % 29 === 0 ? -0 : point.step,
      }));
      await sendAll(store, trial, all.slice(0, 2_000), 130);
      const { cursor } = await store.readTail({ scope, keys: null, after: null, limitPoints: 700 });
      const read = async () => [
        await store.readSeries({ scope, keys: ['c', 'a', 'b'], maxPoints: 5_000 }),
        await store.readSeries({ scope, keys: ['a'], maxPoints: 40 }),
        await store.readTail({ scope, keys: ['a', 'b'], after: cursor, limitPoints: 1e6 }),
        await store.readSummaries([trial.trialId], null),
      ];
      const before = await read();

      const { points: moved } = await store.compact({ tailWindowMs: 0, maxMs: 10_000 });

      expect(moved).toBeGreaterThanOrEqual(2_000);
      expect(await read()).toEqual(before);
      expect((await store.append(batchOf(trial, 1_100, all.slice(1_100, 1_900)))).outcome).toBe('ACCEPTED');
      const altered = all.slice(1_100, 1_900).map((point, i) => (i === 150 ? { ...point, value: 7.5 } : point));
      expect((await store.append(batchOf(trial, 1_100, altered))).outcome).toBe('CONFLICT');
      expect((await store.append(batchOf(trial, 1_900, all.slice(1_900)))).nextSeq).toBe(2_500);
      expect(await everything(store, trial.trialId)).toEqual(bySeries(all));
      await store.compact({ tailWindowMs: 0, maxMs: 10_000 });
      expect(await everything(store, trial.trialId)).toEqual(bySeries(all));
    });

    it('leaves what is younger than the tail window in the log (18)', async () => {
      const trial = await court.newTrial();
      await store.compact({ tailWindowMs: 0, maxMs: 10_000 });
      await store.append(batchOf(trial, 0, points(10)));

      const young = await store.compact({ tailWindowMs: 3_600_000, maxMs: 10_000 });
      await court.endTrial(trial.trialId);
      const ended = await store.compact({ tailWindowMs: 3_600_000, maxMs: 10_000 });

      expect([young.points, ended.points]).toEqual([0, 10]);
    });

    it('names the limit and the key when a batch is not acceptable', async () => {
      const trial = await court.newTrial();
      const at = (change: Partial<Point>) => batchOf(trial, 0, [{ ...(points(1)[0] as Point), ...change }]);
      const columns = {
        key: 'loss',
        steps: new Float64Array(2),
        times: new Float64Array(2),
        values: new Float64Array(1),
      };
      const refused: [MetricBatch, string, RegExp][] = [
        [at({ key: '' }), 'INPUT_INVALID', /must not be empty/],
        [at({ key: 'a\nb' }), 'INPUT_INVALID', /control/],
        [at({ key: 'é'.repeat(METRIC_LIMITS.keyBytes / 2 + 1) }), 'LIMIT_EXCEEDED', /256 bytes/],
        [at({ step: 0.5 }), 'INPUT_INVALID', /"loss": step 0.5/],
        [at({ step: 2 ** 53 }), 'INPUT_INVALID', /step/],
        [at({ time: Number.NaN }), 'INPUT_INVALID', /time/],
        [{ ...at({}), series: [columns] }, 'INPUT_INVALID', /differ in length/],
        [batchOf(trial, -1, points(1)), 'INPUT_INVALID', /seq/],
        [{ ...at({}), stream: '' }, 'INPUT_INVALID', /stream/],
        [batchOf(trial, 0, points(METRIC_LIMITS.pointsPerBatch + 1)), 'LIMIT_EXCEEDED', /10000 points/],
      ];

      for (const [batch, code, message] of refused)
        await expect(store.append(batch)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });

      expect((await store.append(at({ key: 'k'.repeat(METRIC_LIMITS.keyBytes) }))).outcome).toBe('ACCEPTED');
      expect((await store.append({ ...batchOf(trial, 1, points(METRIC_LIMITS.pointsPerBatch)) })).outcome).toBe(
        'ACCEPTED',
      );
    });
  });
}

/** Points with exact values, one after the other, keys taken in turn. */
export function points(n: number, from = 0, keys: readonly string[] = ['loss']): Point[] {
  return Array.from({ length: n }, (_, i) => ({
    key: keys[(i + from) % keys.length] as string,
    step: i + from,
    time: 1_700_000_000.25 + i + from,
    value: (i + from) / 8 + 1,
  }));
}

/** A batch whose points are in the order given: neighbours of one key share a series. */
export function batchOf(trial: CourtTrial, seq: number, sent: readonly Point[], stream = 's'): MetricBatch {
  const runs: Point[][] = [];
  for (const point of sent) {
    const run = runs.at(-1);
    if (run?.[0]?.key === point.key) run.push(point);
    else runs.push([point]);
  }
  const series = runs.map(
    (run): SeriesColumns => ({
      key: (run[0] as Point).key,
      steps: Float64Array.from(run, ({ step }) => step),
      times: Float64Array.from(run, ({ time }) => time),
      values: Float64Array.from(run, ({ value }) => value),
    }),
  );
  const { projectId, trialId, attempt, epoch } = trial;
  return { projectId, trialId, attempt, epoch, stream, seq, series, dropped: 0 };
}

/** Sends as an SDK does: in batches, believing the seq that the server expects. */
async function sendAll(store: MetricStore, trial: CourtTrial, sent: readonly Point[], size: number): Promise<void> {
  let seq = 0;
  while (seq < sent.length) {
    const answer: AppendResult = await store.append(batchOf(trial, seq, sent.slice(seq, seq + size)));
    expect(['ACCEPTED', 'GAP']).toContain(answer.outcome);
    seq = answer.nextSeq;
  }
}

export function pointsOf(series: readonly SeriesPoints[]): Point[] {
  return series.flatMap(({ key, steps, times, values }) =>
    [...steps].map((step, i) => ({ key, step, time: times[i] as number, value: values[i] as number })),
  );
}

/** Per key, in order: what a reader sees of points of one stream. */
export function bySeries(all: readonly Point[]): Record<string, Point[]> {
  const series: Record<string, Point[]> = {};
  for (const point of all) {
    const own = series[point.key] ?? [];
    series[point.key] = [...own, point];
  }
  return series;
}

export async function everything(store: MetricStore, trialId: TrialId): Promise<Record<string, Point[]>> {
  const { series } = await store.readTail({
    scope: { trialIds: [trialId] },
    keys: null,
    after: null,
    limitPoints: 1e6,
  });
  return bySeries(pointsOf(series));
}

function scan(trialId: TrialId, sent: readonly Point[]): MetricSummary[] {
  const keys = [...new Set(sent.map(({ key }) => key))].sort();
  return keys.map((key) => {
    const own = sent.filter((point) => point.key === key);
    const finite = own.filter(({ value }) => Number.isFinite(value));
    const best = (better: (a: number, b: number) => boolean) =>
      finite.reduce<Point | null>(
        (kept, point) => (kept === null || better(point.value, kept.value) ? point : kept),
        null,
      );
    const [min, max, last] = [best((a, b) => a < b), best((a, b) => a > b), own.at(-1) as Point];
    const isHuge = finite.some(({ value }) => Math.abs(value) > 1e300);
    const sum = finite.reduce((total, { value }) => total + value, 0);
    return {
      trialId,
      key,
      count: own.length,
      nonFinite: own.length - finite.length,
      first: (own[0] as Point).value,
      last: last.value,
      lastStep: last.step,
      min: min?.value ?? null,
      minStep: min?.step ?? null,
      max: max?.value ?? null,
      maxStep: max?.step ?? null,
      mean: finite.length === 0 || isHuge ? null : (expect.closeTo(sum / finite.length, 9) as number),
    };
  });
}

function* cutsOf(n: number, lengths: readonly number[]): Generator<[number, number]> {
  let at = 0;
  for (let i = 0; at < n; i++) {
    const to = Math.min(n, at + (lengths[i % lengths.length] as number));
    yield [at, to];
    at = to;
  }
}

/** Brute force beside the store: buckets partition the points by step, and each tells the truth about its own. */
function checkBuckets(series: SeriesPoints, sent: readonly Point[], maxPoints: number): void {
  expect(series.bucketed).toBe(true);
  expect(series.count).toBe(sent.length);
  const { steps, values, min, max, counts, nonFinite } = series;
  expect(steps.length).toBeLessThanOrEqual(maxPoints);
  expect(steps.length).toBeGreaterThanOrEqual(Math.min(sent.length, Math.floor(maxPoints / 2)));
  const sorted = [...sent].sort((a, b) => a.step - b.step);
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    const own = sorted.slice(at, at + (counts?.[i] ?? 0));
    at += own.length;
    const finite = own.filter(({ value }) => Number.isFinite(value));
    const shown = (finite.at(-1) ?? own.at(-1)) as Point;
    expect([steps[i], values[i], nonFinite?.[i]]).toEqual([shown.step, shown.value, own.length - finite.length]);
    expect(min?.[i]).toBe(finite.length === 0 ? Number.NaN : Math.min(...finite.map(({ value }) => value)));
    expect(max?.[i]).toBe(finite.length === 0 ? Number.NaN : Math.max(...finite.map(({ value }) => value)));
  }
  expect(at).toBe(sent.length);
}

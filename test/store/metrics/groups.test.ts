/** Groups of trials beside brute force over the points that were sent: before, while and after they are compacted. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import type { GroupsQuery, MetricStore } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf } from '../../contract/metric-store.js';
import { seededRandom } from '../../support/seeded-random.js';
import { type Ground, type GroundTrial, openGround } from './ground.js';
import { checkGroups } from './groups-model.js';
import { type Point, writerScript } from './writers.js';

const NOW = { tailWindowMs: 0, maxMs: 60_000 };
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 1];

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
  maxPoints: fc.constantFrom(2, 9, 40, 333, 2_000),
  fromStep: fc.option(fc.integer({ min: -2_000, max: 9_000 })),
  length: fc.option(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 12_000 }))),
  groups: fc.integer({ min: 1, max: 3 }),
});

describe('groups of trials', () => {
  it('equal brute force before, during and after compaction, for any writers, attempts and windows', async () => {
    const scripts = fc.array(writerScript, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(scripts, fc.array(view, { minLength: 2, maxLength: 4 }), async (all, views) => {
        const trials = await ground.newTrials(all.length + 1); // one has no points
        const model = new Map<string, Map<string, Point[]>>();
        const check = async () => {
          for (const { fromStep, length, maxPoints, groups } of views) {
            const toStep = length === null ? null : (fromStep ?? 0) + length;
            await compare(model, trials, { groups, maxPoints, fromStep, toStep });
          }
        };
        const longest = Math.max(...all.map((script) => script.length));
        for (let turn = 0; turn < longest; turn++) {
          let compacting: Promise<unknown> | null = null;
          for (const [i, script] of all.entries()) {
            const step = script[turn];
            if (step === undefined) continue;
            await write(trials[i] as GroundTrial, model, step.writer, step.points);
            if (step.compact) compacting ??= store.compact(NOW);
          }
          await check();
          await compacting;
        }
        await store.compact(NOW);
        await check();
      }),
      { numRuns: 15, seed: 20 },
    );
  }, 120_000);

  it('equal brute force from roll-ups of several lengths, strides and attempts', async () => {
    const trials = await ground.newTrials(4);
    const model = new Map<string, Map<string, Point[]>>();
    const writers = [
      { n: 140_000, stride: 1, attempt: 1 },
      { n: 70_000, stride: 3, attempt: 1 },
      { n: 900, stride: 150, attempt: 1 },
      { n: 66_000, stride: 1, attempt: 1 },
      { n: 300, stride: 1, attempt: 2 }, // of the last trial: what has roll-ups is not its newest attempt
    ];
    for (const [i, { n, stride, attempt }] of writers.entries()) {
      const trial = trials[Math.min(i, 3)] as GroundTrial;
      const sent = longSeries(n, stride, i);
      for (let at = 0; at < n; at += 10_000) {
        await write(trial, model, { attempt, stream: 's' }, sent.slice(at, at + 10_000));
        if (at % 30_000 === 0 && attempt === 1) await store.compact(NOW);
      }
    }

    for (const maxPoints of [2, 100, 1_000]) {
      for (const [fromStep, toStep] of [
        [null, null],
        [5_000, 120_001],
        [40_100, 40_900],
      ] as const)
        await compare(model, trials, { groups: 2, maxPoints, fromStep, toStep });
    }
    const rollups = await ground.database.read.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM metric_rollup r JOIN metric_stream s ON s.id = r.stream_id WHERE s.trial_id = ANY ($1::uuid[])',
      [trials.map(({ trialId }) => trialId)],
    );
    expect(rollups[0]?.n).toBeGreaterThanOrEqual(3); // else nothing was read from them
  }, 120_000);

  it('equal brute force over 10,000 trials, before, during and after compaction', async () => {
    const trials = await ground.newTrials(10_000);
    const random = seededRandom(5);
    const model = new Map<string, Map<string, Point[]>>();
    const batches = trials.map((trial, i) => {
      const sent = Array.from({ length: 6 + (i % 5) }, (_, k): Point => {
        const isOdd = random() < 0.02;
        return { key: 'a', step: k * (1 + (i % 3)), time: 1.7e9 + k, value: isOdd ? Number.NaN : random() * 10 - 3 };
      });
      model.set(trial.trialId, new Map([['1/s', sent]]));
      return batchOf(trial, 0, sent);
    });
    for (let at = 0; at < batches.length; at += 2_500)
      await Promise.all(batches.slice(at, at + 2_500).map((batch) => store.append(batch)));
    const views = [
      { groups: 1, maxPoints: 500, fromStep: null, toStep: null },
      { groups: 7, maxPoints: 8, fromStep: 1, toStep: 20 },
    ];

    for (const one of views) await compare(model, trials, one);
    const compacting = store.compact({ ...NOW, maxMs: 2_000 });
    for (const one of views) await compare(model, trials, one);
    await compacting;
    for (const one of views) await compare(model, trials, one);
  }, 120_000);

  it('show a single spike of a single trial among many', async () => {
    const trials = await ground.newTrials(20);
    const model = new Map<string, Map<string, Point[]>>();
    for (const [i, trial] of trials.entries()) {
      const sent = Array.from({ length: 1_000 }, (_, step): Point => {
        return { key: 'a', step, time: 1.7e9, value: i === 7 && step === 613 ? 1e6 : 1 };
      });
      await write(trial, model, { attempt: 1, stream: 's' }, sent);
    }

    const [[columns] = []] = await store.readGroups(queryOf(trials, { groups: 1, maxPoints: 10 }, ['a']));

    expect(Math.max(...(columns?.highest ?? []))).toBe(1e6);
    expect(columns?.steps.length).toBeLessThanOrEqual(10);
  });

  it('have no columns for what nobody logged, and none for no trials', async () => {
    const [trial] = await ground.newTrials(1);
    await write(trial as GroundTrial, new Map(), { attempt: 1, stream: 's' }, [
      { key: 'a', step: 0, time: 0, value: Number.NaN },
    ]);

    const got = await store.readGroups({
      groups: [[(trial as GroundTrial).trialId], []],
      keys: ['a', 'absent'],
      maxPoints: 10,
      quantiles: [0.5],
    });

    expect(got.map((own) => own.map(({ key, steps, quantiles }) => [key, steps.length, quantiles.length]))).toEqual([
      [
        ['a', 0, 1],
        ['absent', 0, 1],
      ],
      [
        ['a', 0, 1],
        ['absent', 0, 1],
      ],
    ]);
  });

  it('are refused with the remedy when the question makes no sense or is too large', async () => {
    const [trial] = await ground.newTrials(1);
    const query = queryOf([trial as GroundTrial], { groups: 1, maxPoints: 10 }, ['a']);
    const codeOf = (part: Partial<GroupsQuery>) =>
      store.readGroups({ ...query, ...part }).then(
        () => null,
        (error) => error.code,
      );

    expect(await codeOf({ maxPoints: 1 })).toBe('INPUT_INVALID');
    expect(await codeOf({ maxPoints: 2_001 })).toBe('INPUT_INVALID');
    expect(await codeOf({ fromStep: 5, toStep: 4 })).toBe('INPUT_INVALID');
    expect(await codeOf({ quantiles: [1.01] })).toBe('INPUT_INVALID');
    expect(await codeOf({ quantiles: [Number.NaN] })).toBe('INPUT_INVALID');
    expect(await codeOf({ quantiles: Array(21).fill(0.5) })).toBe('LIMIT_EXCEEDED');
    expect(await codeOf({ groups: Array(51).fill([]) })).toBe('LIMIT_EXCEEDED');
    expect(await codeOf({ groups: [Array(50_001).fill(trial?.trialId)] })).toBe('LIMIT_EXCEEDED');
  });
});

type View = Pick<GroupsQuery, 'maxPoints' | 'fromStep' | 'toStep'> & { readonly groups: number };

function queryOf(trials: readonly GroundTrial[], { groups, ...view }: View, keys: readonly string[]): GroupsQuery {
  const own = Array.from({ length: groups }, (): TrialId[] => []);
  trials.forEach(({ trialId }, i) => {
    own[i % groups]?.push(trialId);
  });
  return { ...view, groups: own, keys, quantiles: QUANTILES };
}

async function compare(
  model: ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>,
  trials: readonly GroundTrial[],
  view: View,
): Promise<void> {
  const query = queryOf(trials, view, ['c', 'a', 'b']);
  checkGroups(model, query, await store.readGroups(query));
}

async function write(
  trial: GroundTrial,
  model: Map<string, Map<string, Point[]>>,
  { attempt, stream }: { readonly attempt: number; readonly stream: string },
  sent: readonly Point[],
): Promise<void> {
  const streams = model.get(trial.trialId) ?? new Map<string, Point[]>();
  model.set(trial.trialId, streams);
  const own = streams.get(`${attempt}/${stream}`) ?? [];
  streams.set(`${attempt}/${stream}`, [...own, ...sent]);
  await ground.database.read.query('UPDATE trial_lease SET attempt = $2 WHERE trial_id = $1', [trial.trialId, attempt]);
  const batch = { ...batchOf({ ...trial, attempt }, own.length, sent, stream), epoch: null };
  expect((await store.append(batch)).outcome).toBe('ACCEPTED');
}

/** Repeats, a spike and odd values now and then. */
function longSeries(n: number, stride: number, seed: number): Point[] {
  return Array.from({ length: n }, (_, i) => ({
    key: 'a',
    step: stride * (i - (i % 1_000 === 999 ? 500 : 0)),
    time: 1.7e9 + i / 7,
    value: i === 777 ? 1e6 : i % 5_003 === 0 ? Number.NaN : Math.sin(i / 500 + seed) + ((i * 7_919) % 101) / 1_000,
  }));
}

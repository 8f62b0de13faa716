/** Compaction beside a model that only remembers: what was sent is what is read, whenever it runs and wherever it dies. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../../src/store/database.js';
import type { MetricStore } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf, type CourtTrial, points, pointsOf } from '../../contract/metric-store.js';
import { type Ground, type GroundTrial, openGround } from './ground.js';
import { type Point, type Writer, writerScript } from './writers.js';

const NOW = { tailWindowMs: 0, maxMs: 60_000 };

describe('compaction', () => {
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

  it('gives the same points in the same order before, during and after, for any writers', async () => {
    await fc.assert(
      fc.asyncProperty(writerScript, async (script) => {
        const trial = await ground.newTrial();
        const model = new Map<string, Point[]>();
        for (const step of script) {
          await write(ground, store, trial, step.writer, step.points, model);
          const reading = readAll(store, trial);
          if (step.compact) await store.compact(NOW);
          expect(await reading).toEqual(expected(model));
        }
        expect(await readAll(store, trial)).toEqual(expected(model));
        await store.compact(NOW);
        expect(await readAll(store, trial)).toEqual(expected(model));
      }),
      { numRuns: 25, seed: 4 },
    );
  }, 90_000);

  it('goes on from every cursor that was ever given', async () => {
    const trial = await ground.newTrial();
    const scope = { trialIds: [trial.trialId] };
    const sent = points(6_000, 0, ['a', 'b', 'b', 'a', 'c']);
    const cursors: { cursor: string; at: number }[] = [];
    for (let at = 0; at < sent.length; at += 500) {
      await store.append(batchOf(trial, at, sent.slice(at, at + 500)));
      const { cursor } = await store.readTail({ scope, keys: null, after: null, limitPoints: 1e6 });
      cursors.push({ cursor, at: at + 500 });
      if (at % 2_000 === 0) await store.compact(NOW);
    }

    await store.compact(NOW);

    for (const { cursor, at } of cursors) {
      const rest = await drain(store, trial, cursor, 777);
      expect(rest).toEqual(byKey(sent.slice(at)));
    }
  });

  for (const end of ['rolled back', 'terminated'] as const) {
    it(`loses nothing when it is ${end} at any statement`, async () => {
      const trial = await ground.newTrial();
      const sent = points(9_000, 0, ['a', 'b']).map((point, i) => ({ ...point, step: i >> 1 }));
      let seq = 0;
      let survived = false;
      for (let at = 0; !survived; at++) {
        for (const to = seq + 900; seq < to; seq += 450) await append(store, trial, seq, sent.slice(seq, seq + 450));
        const before = byKey(sent.slice(0, seq));
        const dying = createMetricStore(failing(ground.database, at, end));
        survived = await dying.compact(NOW).then(
          () => true,
          () => false,
        );
        await dying.close();
        expect(await readByKey(store, trial)).toEqual(before);
        if (at % 3 === 2) await store.compact(NOW);
        expect(await readByKey(store, trial)).toEqual(before);
        expect(at).toBeLessThan(9);
      }
      expect(seq).toBeGreaterThan(3 * 900); // else the fault did not bite
    });
  }

  it('is done once when two servers compact at the same time', async () => {
    const other = createMetricStore(await ground.openAnother());
    const trials = await Promise.all(Array.from({ length: 5 }, () => ground.newTrial()));
    const sent = points(3_000, 0, ['a']);
    const total = async () => {
      const runs = await Promise.all([store, other, store, other].map((one) => one.compact(NOW)));
      return runs.reduce((sum, run) => sum + run.points, 0);
    };
    await store.compact(NOW);

    for (const trial of trials) await append(store, trial, 0, sent.slice(0, 1_500));
    const first = await total();
    for (const trial of trials) await append(store, trial, 1_500, sent.slice(1_500));
    const second = await total();

    expect([first, second]).toEqual([7_500, 7_500]);
    for (const trial of trials) expect(await readByKey(store, trial)).toEqual(byKey(sent));
    await other.close();
  });

  it('goes away with its trial', async () => {
    const trial = await ground.newTrial();
    await append(store, trial, 0, points(3_000));
    await store.compact(NOW);

    await ground.database.read.query('DELETE FROM trial WHERE id = $1', [trial.trialId]);

    const left = await ground.database.read.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM metric_chunk c WHERE NOT EXISTS (SELECT 1 FROM metric_stream s WHERE s.id = c.stream_id)`,
    );
    expect(left).toEqual([{ n: 0 }]);
  });
});

async function write(
  ground: Ground,
  store: MetricStore,
  trial: GroundTrial,
  { attempt, stream }: Writer,
  sent: readonly Point[],
  model: Map<string, Point[]>,
): Promise<void> {
  const id = `${attempt}/${stream}`;
  const own = model.get(id) ?? [];
  model.set(id, own);
  await ground.database.read.query('UPDATE trial_lease SET attempt = $2 WHERE trial_id = $1', [trial.trialId, attempt]);
  const batch = { ...batchOf({ ...trial, attempt }, own.length, sent, stream), epoch: null };
  expect((await store.append(batch)).outcome).toBe('ACCEPTED');
  own.push(...sent);
}

async function append(store: MetricStore, trial: CourtTrial, seq: number, sent: readonly Point[]): Promise<void> {
  expect((await store.append(batchOf(trial, seq, sent))).outcome).toBe('ACCEPTED');
}

/** Points per attempt and key: streams in the order in which they were opened, each in order of seq. */
function expected(model: ReadonlyMap<string, readonly Point[]>): Record<string, Point[]> {
  const all: Record<string, Point[]> = {};
  for (const [id, own] of model) {
    for (const point of own) {
      const series = `${id.split('/')[0]}/${point.key}`;
      all[series] ??= [];
      all[series].push(point);
    }
  }
  return all;
}

async function readAll(store: MetricStore, trial: CourtTrial): Promise<Record<string, Point[]>> {
  const query = { scope: { trialIds: [trial.trialId] }, keys: ['a', 'b', 'c'], maxPoints: 100_000 };
  const { series } = await store.readSeries(query);
  return Object.fromEntries(series.map((one) => [`${one.attempt}/${one.key}`, pointsOf([one])]));
}

async function readByKey(store: MetricStore, trial: CourtTrial): Promise<Record<string, Point[]>> {
  const tail = await drain(store, trial, null, 2_000);
  const whole = await readAll(store, trial);
  expect(tail).toEqual(Object.fromEntries(Object.entries(whole).map(([id, own]) => [id.slice(2), own])));
  return tail;
}

async function drain(
  store: MetricStore,
  trial: CourtTrial,
  from: string | null,
  limitPoints: number,
): Promise<Record<string, Point[]>> {
  const got: Point[] = [];
  let after = from;
  for (;;) {
    const tail = await store.readTail({ scope: { trialIds: [trial.trialId] }, keys: null, after, limitPoints });
    got.push(...pointsOf(tail.series));
    after = tail.cursor;
    if (!tail.more) return byKey(got);
  }
}

function byKey(all: readonly Point[]): Record<string, Point[]> {
  const keys: Record<string, Point[]> = {};
  for (const point of all) {
    keys[point.key] ??= [];
    keys[point.key]?.push(point);
  }
  return keys;
}

/** The database with transactions that die before their statement number `at`; later ones than there are never do. */
function failing(database: Database, at: number, end: 'rolled back' | 'terminated'): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction((tx) => {
        let statements = 0;
        const dying: Sql = {
          ...tx,
          query: async <Row>(text: string, parameters?: readonly unknown[]) => {
            if (statements++ !== at) return tx.query<Row>(text, parameters);
            if (end === 'terminated') await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
            throw new Error('died here');
          },
        };
        return work(dying).then(async (result) => {
          if (statements === at) await dying.query(''); // behind the last statement, before the commit
          return result;
        });
      }),
  };
}

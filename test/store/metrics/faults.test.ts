/** What the Postgres store promises when connections die and rows are locked under it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import type { Sql } from '../../../src/store/database.js';
import type { MetricStore } from '../../../src/store/metrics/metric-store.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { listReports, stampReports, UNSEEN } from '../../../src/store/queries/history.js';
import { batchOf, bySeries, everything, points } from '../../contract/metric-store.js';
import { type Ground, openGround } from './ground.js';

describe('the metric store under faults', () => {
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

  it('stores every acknowledged point once while backends are killed in the middle of flushes', async () => {
    const trials = await Promise.all(Array.from({ length: 6 }, () => ground.newTrial()));
    const sent = points(400);
    let acknowledged = 0;
    let refused = 0;
    const writers = trials.map(async (trial) => {
      let seq = 0;
      while (seq < sent.length) {
        try {
          const answer = await store.append(batchOf(trial, seq, sent.slice(seq, seq + 5)));
          expect(['ACCEPTED', 'GAP']).toContain(answer.outcome);
          expect(answer.nextSeq).toBeGreaterThanOrEqual(seq);
          seq = answer.nextSeq;
          acknowledged++;
        } catch (error) {
          expect(error).toMatchObject({ code: 'OVERLOADED' });
          if (++refused > 2_000) throw error;
          await pause(1);
        }
      }
    });
    const writing = Promise.all(writers);
    const end = new AbortController();
    const killer = killBackends(ground, end.signal);

    await writing.finally(() => end.abort());
    await killer;

    expect(acknowledged).toBeGreaterThanOrEqual(6 * 80);
    expect(refused).toBeGreaterThan(0); // else no kill hit a flush and the fault did not bite
    for (const { trialId } of trials) {
      expect(await everything(store, trialId)).toEqual(bySeries(sent));
      const [summaries] = await store.readSummaries([trialId], null);
      expect(summaries?.[0]?.count).toBe(400);
    }
  });

  it('gives no metric the name of another after a failover that lost the youngest names', async () => {
    const { database } = ground;
    const columns = (key: string, value: number) => ({
      ...{ key, steps: Float64Array.of(0), times: Float64Array.of(1), values: Float64Array.of(value) },
    });
    const report = async (key: string, value: number) => {
      const trial = await ground.newTrial();
      const batch = { ...trial, stream: 's', seq: 0, series: [columns(key, value)], dropped: 0 };
      for (;;) {
        const answer = await store.append(batch).catch(() => null); // connections die below
        if (answer !== null) return trial.trialId;
      }
    };
    const lastOf = async (trialId: TrialId) =>
      (await store.readSummaries([trialId], null))[0]?.map(({ key, last }) => [key, last]);
    await report('young', 1);
    const [{ id } = { id: 0 }] = await database.read.query<{ id: number }>(
      "SELECT id FROM metric_key WHERE name = 'young'",
    );

    // What a standby does that was promoted without the last transactions.
    await database.read.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trialgraph-ingest' AND datname = current_database()",
    );
    await database.transaction(async (tx) => {
      await tx.query("DELETE FROM metric_key WHERE name = 'young'");
      await tx.query(`ALTER TABLE metric_key ALTER COLUMN id RESTART WITH ${id}`);
    });
    const [other, young] = [await report('other', 2), await report('young', 3)];

    expect([await lastOf(other), await lastOf(young)]).toEqual([[['other', 2]], [['young', 3]]]);
  });

  it('lets the others through when one trial is locked by a long transaction', async () => {
    const [locked, free] = [await ground.newTrial(), await ground.newTrial()];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isLocked: () => void = () => undefined;
    const locking = new Promise<void>((resolve) => {
      isLocked = resolve;
    });
    const transaction = ground.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM trial_lease WHERE trial_id = $1 FOR UPDATE', [locked.trialId]);
      isLocked();
      await held;
    });
    await locking;

    const blocked = store.append(batchOf(locked, 0, points(1))).catch((error: unknown) => error);
    const answer = await store.append(batchOf(free, 0, points(1)));

    expect(answer.outcome).toBe('ACCEPTED');
    expect(await blocked).toMatchObject({ code: 'OVERLOADED' });
    release();
    await transaction;
    expect((await store.append(batchOf(locked, 0, points(1)))).outcome).toBe('ACCEPTED');
  });

  it('refuses a report that a decision has just seen until that one is made, and takes it then', async () => {
    const place = await ground.newExperiment({ objective: 'loss' });
    const trial = await ground.newTrial(place);
    const report = (seq: number, value: number) => {
      const series = [
        { key: 'loss', steps: Float64Array.of(3), times: Float64Array.of(1), values: Float64Array.of(value) },
      ];
      return store.append({ ...trial, stream: 's', seq, series, dropped: 0 });
    };
    await report(0, 1);
    const endDecision = await holdTransaction(ground, (tx) => stampReports(tx, place.experimentId, null));

    await expect(report(1, 2)).rejects.toMatchObject({ code: 'OVERLOADED' });
    await endDecision();

    expect(await report(1, 2)).toMatchObject({ outcome: 'ACCEPTED', nextSeq: 2 });
    const [summaries] = await store.readSummaries([trial.trialId], null);
    expect(summaries).toMatchObject([{ key: 'loss', count: 2, last: 2 }]);
    const [reports] = await listReports(ground.database.read, [trial.trialId], { unseen: false });
    expect(reports, 'what was seen stays as it was').toMatchObject({ steps: [3], values: [1] });
  });

  it('takes the reports that it stamps in the order in which they are stored', async () => {
    const place = await ground.newExperiment({ objective: 'loss' });
    const made = [await ground.newTrial(place), await ground.newTrial(place), await ground.newTrial(place)];
    const trials = made.map(({ trialId }) => trialId).sort();
    const rows = trials.flatMap((trialId) => [0, 1, 2].map((step) => ({ trialId, step })));
    for (const { trialId, step } of rows.toReversed())
      await ground.database.transaction((tx) =>
        tx.query(
          `INSERT INTO trial_report (experiment_id, trial_id, attempt, step, value, position) VALUES ($1, $2, 1, $3, 0, ${UNSEEN})`,
          [place.experimentId, trialId, step],
        ),
      );
    // An ingest batch that has the first row, and goes on to the others.
    const ingest = await ground.database.ingest.connect();
    await ingest.query('BEGIN');
    await ingest.query('SELECT 1 FROM trial_report WHERE trial_id = $1 AND step = 0 FOR UPDATE', [trials[0]]);

    const stamping = ground.database.transaction((tx) => stampReports(tx, place.experimentId, null));
    await until(async () => {
      const [row] = await ground.database.read.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '/* history.stamp%' AND wait_event_type = 'Lock' AND datname = current_database()",
      );
      return row?.n === 1;
    });
    const { rows: free } = await ingest.query(
      'SELECT 1 FROM trial_report WHERE experiment_id = $1 FOR UPDATE SKIP LOCKED',
      [place.experimentId],
    );
    await ingest.query('COMMIT');
    ingest.release();
    await stamping;

    expect(free).toHaveLength(9);
    const stamped = await listReports(ground.database.read, trials, { unseen: false });
    expect(stamped.map(({ steps }) => steps.length)).toEqual([3, 3, 3]);
  });

  it('does not wait for a trial that a verb holds, be it to note its contact', async () => {
    const trial = await ground.newTrial();
    const answer = await ground.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM trial WHERE id = $1 FOR NO KEY UPDATE', [trial.trialId]);
      return store.append(batchOf(trial, 0, points(1)));
    });

    expect(answer.outcome).toBe('ACCEPTED');
  });

  it('refuses with OVERLOADED when too much waits (19)', async () => {
    const small = createMetricStore(ground.database, { maxWaitingBatches: 3 });
    const trial = await ground.newTrial();
    await small.append(batchOf(trial, 0, points(1)));

    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => small.append(batchOf(trial, i + 1, points(1, i + 1)))),
    );

    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toMatchObject({ code: 'OVERLOADED' });
    await small.close();
  });

  it('writes what waits before it closes', async () => {
    const closing = createMetricStore(await ground.openAnother());
    const trial = await ground.newTrial();
    const sent = points(6);
    const answers = [0, 2, 4].map((seq) => closing.append(batchOf(trial, seq, sent.slice(seq, seq + 2))));

    await closing.close();

    expect((await Promise.all(answers)).map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
  });
});

/** Ends a backend that is in the middle of a flush, again and again. */
async function killBackends({ database }: Ground, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await database.read.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'trialgraph-ingest' AND datname = current_database() AND xact_start IS NOT NULL LIMIT 1`,
    );
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A transaction that has done its work and stays open until it is told to end. */
async function holdTransaction(ground: Ground, work: (tx: Sql) => Promise<void>): Promise<() => Promise<void>> {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = ground.database.transaction(async (tx) => {
      await work(tx);
      resolve();
      await held;
    });
    ended.catch(reject);
  });
  return () => {
    release();
    return ended;
  };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await isTrue()) return;
    await pause(10);
  }
  throw new Error('it did not come to pass');
}

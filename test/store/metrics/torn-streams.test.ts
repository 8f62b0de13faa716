/** Streams that cannot be compacted, and streams that are emptied while they are: neither costs another stream anything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Compactor } from '../../../src/store/metrics/postgres/compact.js';
import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { batchOf, bySeries, everything, points } from '../../contract/metric-store.js';
import { type Ground, type GroundTrial, openGround } from './ground.js';

const NOW = { tailWindowMs: 0, maxMs: 60_000 };

describe('compaction of', () => {
  let ground: Ground;
  let store: ReturnType<typeof createMetricStore>;

  beforeAll(async () => {
    ground = await openGround();
    store = createMetricStore(ground.database);
  });
  afterAll(async () => {
    await store.close();
    await ground.close();
  });

  it('a damaged stream says so, leaves it as it is, and moves the others', async () => {
    const [torn, sound] = [await ground.newTrial(), await ground.newTrial()];
    for (const trial of [torn, sound]) await store.append(batchOf(trial, 0, points(100)));
    const damage = (by: number) =>
      ground.database.read.query(
        'UPDATE metric_segment SET n = n + $2 WHERE stream_id IN (SELECT id FROM metric_stream WHERE trial_id = $1)',
        [torn.trialId, by],
      );
    await damage(1);

    await expect(store.compact(NOW)).rejects.toThrow('does not hold 101 points');

    expect([await segments(torn), await segments(sound)]).toEqual([1, 0]);
    await damage(-1);
    expect(await store.compact(NOW)).toEqual({ points: 100, more: false });
    expect(await everything(store, torn.trialId)).toEqual(bySeries(points(100)));
  });

  it('a stream that is emptied meanwhile moves nothing and is no failure', async () => {
    const trial = await ground.newTrial();
    const send = async (from: number, to: number) => {
      for (let at = from; at < to; at += 3_000) await store.append(batchOf(trial, at, points(3_000, at)));
    };
    await send(0, 3_000); // one full chunk is not enough for a roll-up: the next round reads them again
    await store.compact(NOW);
    await send(3_000, 63_000);
    let emptied = 0;
    const { read } = ground.database;
    const query: typeof read.query = async (sql, parameters) => {
      if (sql.includes('metric.rollup.chunks') && emptied++ === 0)
        for (const table of ['metric_segment', 'metric_rollup', 'metric_chunk'])
          await read.query(
            `DELETE FROM ${table} WHERE stream_id IN (SELECT id FROM metric_stream WHERE trial_id = $1)`,
            [trial.trialId],
          );
      return read.query(sql, parameters);
    };
    const compactor = new Compactor({ ...ground.database, read: { ...read, query } });

    expect(await compactor.run(NOW)).toEqual({ points: 0, more: false });
    expect(emptied).toBeGreaterThan(0);
  });

  async function segments({ trialId }: GroundTrial): Promise<number> {
    const [row] = await ground.database.read.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM metric_segment g JOIN metric_stream s ON s.id = g.stream_id WHERE s.trial_id = $1',
      [trialId],
    );
    return row?.n ?? -1;
  }
});

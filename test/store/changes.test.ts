import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId } from '../../src/domain/ids.js';
import { newId } from '../../src/service/ids.js';
import {
  adoptCluster,
  type Change,
  changeHorizon,
  decodeChangeCursor,
  deleteOldChanges,
  encodeChangeCursor,
  type FeedPosition,
  readChanges,
} from '../../src/store/changes.js';
import type { Sql } from '../../src/store/database.js';
import { readTouched } from '../../src/store/queries/touched-trials.js';
import { newRunningTrial } from '../service/metric/running-trial.js';
import { addExperiment, codeOf } from '../support/builders.js';
import { openWorld, type World } from '../support/world.js';

let world: World;
let read: Sql;

beforeAll(async () => {
  world = await openWorld();
  read = world.deps.database.read;
});

afterAll(async () => {
  await world.close();
});

const INSERT = `INSERT INTO change (project_id, experiment_id, kind, subject_id) VALUES ($1, $2, 'trial', $3) RETURNING id`;

async function write(experimentId: ExperimentId, subjectId: string = newId(world.deps)): Promise<string> {
  await world.deps.database.transaction((tx) => tx.query(INSERT, [world.project.id, experimentId, subjectId]));
  return subjectId;
}

/** Reads until nothing more is below the horizon. */
async function drain(
  experimentId: ExperimentId,
  from: FeedPosition,
  limit = 100,
): Promise<{ seen: string[]; next: FeedPosition }> {
  const seen: string[] = [];
  let next = from;
  for (;;) {
    const page = await readChanges(read, { experimentId, cursor: next, limit });
    seen.push(...page.changes.map((change: Change) => change.subjectId));
    next = page.next;
    if (!page.hasMore) return { seen, next };
  }
}

/** Other writers of the cluster hold the horizon: reads until all are there, within the test's time. */
async function drainUntil(
  experimentId: ExperimentId,
  from: FeedPosition,
  count: number,
  limit = 100,
): Promise<string[]> {
  const seen: string[] = [];
  let next = from;
  while (seen.length < count) {
    const some = await drain(experimentId, next, limit);
    seen.push(...some.seen);
    next = some.next;
  }
  return seen;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: world.url });
  await client.connect();
  return client;
}

describe('readChanges', () => {
  it('gives what was committed after the cursor, in pages, in order', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const written: string[] = [];
    for (let i = 0; i < 25; i++) written.push(await write(id));

    const seen = await drainUntil(id, start, 25, 10);

    expect(seen).toEqual(written);
  });

  it('keeps experiments apart', async () => {
    const a = await addExperiment(world);
    const b = await addExperiment(world);
    const start = await changeHorizon(read);
    const inA = await write(a.id);
    await write(b.id);

    expect(await drainUntil(a.id, start, 1)).toEqual([inA]);
  });

  it('waits for a transaction that is still open, where an `id >` cursor loses its row', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const slow = await connect();
    await slow.query('BEGIN');
    const late: string = newId(world.deps);
    await slow.query(INSERT, [world.project.id, id, late]);
    const early = await write(id);

    const byId = async (after: number): Promise<{ id: number; subject: string }[]> =>
      read.query(`SELECT id, subject_id AS subject FROM change WHERE experiment_id = $1 AND id > $2 ORDER BY id`, [
        id,
        after,
      ]);
    const naiveFirst = await byId(0);
    const first = await drain(id, start);
    await slow.query('COMMIT');
    await slow.end();
    const naiveSecond = await byId(naiveFirst.at(-1)?.id ?? 0);
    const second = await drainUntil(id, first.next, 2);

    expect([...naiveFirst, ...naiveSecond].map((row) => row.subject)).toEqual([early]);
    expect(first.seen).toEqual([]);
    expect(second.toSorted()).toEqual([early, late].toSorted());
  });

  it('loses and repeats nothing under eight concurrent writers, where an `id >` cursor loses rows', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const WRITERS = 8;
    const EACH = 60;
    let writing = WRITERS;
    const writer = async (n: number): Promise<string[]> => {
      const client = await connect();
      const written: string[] = [];
      for (let i = 0; i < EACH; i++) {
        const subject: string = newId(world.deps);
        await client.query('BEGIN');
        await client.query(INSERT, [world.project.id, id, subject]);
        // Transactions of different lengths commit in another order than they got their ids.
        await client.query('SELECT pg_sleep($1)', [((i * 7 + n * 3) % 5) / 1000]);
        await client.query('COMMIT');
        written.push(subject);
      }
      await client.end();
      writing -= 1;
      return written;
    };

    const seen: string[] = [];
    const naive: string[] = [];
    const follow = async (): Promise<void> => {
      let cursor = start;
      let lastId = 0;
      const step = async (): Promise<void> => {
        const rows = await read.query<{ id: number; subject: string }>(
          'SELECT id, subject_id AS subject FROM change WHERE experiment_id = $1 AND id > $2 ORDER BY id',
          [id, lastId],
        );
        lastId = rows.at(-1)?.id ?? lastId;
        naive.push(...rows.map((row) => row.subject));
        const some = await drain(id, cursor, 50);
        seen.push(...some.seen);
        cursor = some.next;
      };
      while (writing > 0) await step();
      while (seen.length < WRITERS * EACH) await step();
    };
    const [written] = await Promise.all([Promise.all(Array.from({ length: WRITERS }, (_, n) => writer(n))), follow()]);

    expect(seen.toSorted()).toEqual(written.flat().toSorted());
    // The fault must have bitten, or the test proves nothing.
    expect(naive.length).toBeLessThan(seen.length);
  });

  it('shows nothing of a transaction that was rolled back', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const client = await connect();
    await client.query('BEGIN');
    await client.query(INSERT, [world.project.id, id, newId(world.deps)]);
    await client.query('ROLLBACK');
    await client.end();
    const kept = await write(id);

    expect(await drainUntil(id, start, 1)).toEqual([kept]);
  });

  it('moves the cursor on while nothing happens', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const other = await addExperiment(world);
    await drainUntil(other.id, start, 0);
    await write(other.id);
    await drainUntil(other.id, start, 1);

    const page = await readChanges(read, { experimentId: id, cursor: start, limit: 10 });

    expect(page.changes).toEqual([]);
    expect(BigInt(page.next.tx) > BigInt(start.tx)).toBe(true);
  });

  it('refuses a cursor of another generation', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);

    const stale = readChanges(read, { experimentId: id, cursor: { ...start, generation: '1-00000001' }, limit: 1 });

    expect(await codeOf(stale)).toBe('CURSOR_EXPIRED');
  });

  it('follows the numbers of transactions, not their texts', async () => {
    const { id } = await addExperiment(world);
    const { generation } = await changeHorizon(read);
    const insert = `INSERT INTO change (project_id, experiment_id, kind, subject_id, tx) VALUES ($1, $2, 'trial', $3, $4::xid8)`;
    const [nine, ten] = [newId<string>(world.deps), newId<string>(world.deps)];
    await world.deps.database.transaction(async (tx) => {
      await tx.query(insert, [world.project.id, id, ten, '10']);
      await tx.query(insert, [world.project.id, id, nine, '9']);
    });

    const { seen } = await drain(id, { generation, tx: '0', id: 0 }, 1);

    expect(seen).toEqual([nine, ten]);
  });
});

describe('change cursors', () => {
  const NOW = new Date(Date.UTC(2026, 0, 8));
  const position: FeedPosition = { generation: '7-00000001', tx: '18446744073709', id: 3 };
  const mine = '00000000-0000-7000-8000-000000000001' as ExperimentId;
  const other = '00000000-0000-7000-8000-000000000002' as ExperimentId;
  const decode = async (text: string, now = NOW): Promise<FeedPosition> =>
    decodeChangeCursor(mine, text, now, 86_400_000);

  it('come back as they were', async () => {
    expect(await decode(encodeChangeCursor(mine, position, NOW))).toEqual(position);
  });

  it('belong to one experiment', async () => {
    expect(await codeOf(decode(encodeChangeCursor(other, position, NOW)))).toBe('CURSOR_INVALID');
  });

  it('expire after a week', async () => {
    const text = encodeChangeCursor(mine, position, NOW);

    expect(await decode(text, new Date(NOW.getTime() + 7 * 86_400_000))).toEqual(position);
    expect(await codeOf(decode(text, new Date(NOW.getTime() + 7 * 86_400_000 + 1)))).toBe('CURSOR_EXPIRED');
  });

  it.each([
    '',
    'x',
    Buffer.from('null').toString('base64url'),
    encodeChangeCursor(mine, { ...position, tx: '1; DROP TABLE change' }, NOW),
    encodeChangeCursor(mine, { ...position, id: -1 }, NOW),
    encodeChangeCursor(mine, { ...position, tx: '99999999999999999999' }, NOW),
  ])('are refused when they are forged: %j', async (text) => {
    expect(await codeOf(decode(text))).toBe('CURSOR_INVALID');
  });
});

describe('deleteOldChanges', () => {
  it('keeps what a cursor of a week may still need', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const [old, young] = [await write(id), await write(id)];
    const age = `UPDATE change SET at = clock_timestamp() - make_interval(days => $2) WHERE subject_id = $1`;
    await world.deps.database.transaction((tx) => tx.query(age, [old, 9]));
    await world.deps.database.transaction((tx) => tx.query(age, [young, 7]));

    const deleted = await world.deps.database.transaction((tx) => deleteOldChanges(tx, 86_400_000, 100));

    expect(deleted).toBe(1);
    expect(await drainUntil(id, start, 1)).toEqual([young]);
  });
});

describe('adoptCluster', () => {
  it('makes the changes of a restored database visible, whose transactions are ahead of this cluster', async () => {
    const { id } = await addExperiment(world);
    const start = await changeHorizon(read);
    const restored = newId<string>(world.deps);
    await world.deps.database.transaction(async (tx) => {
      const future = `INSERT INTO change (project_id, experiment_id, kind, subject_id, tx) VALUES ($1, $2, 'trial', $3, '999999999999')`;
      await tx.query(future, [world.project.id, id, restored]);
      await tx.query(`UPDATE installation SET system_identifier = 'the old cluster'`);
    });
    expect((await drain(id, start)).seen).toEqual([]);

    await world.deps.database.transaction(adoptCluster);

    expect((await drain(id, { ...start, tx: '0', id: -1 })).seen).toContain(restored);
  });

  it('takes the streams of a restored database for long moved', async () => {
    const { experimentId, trialId } = await newRunningTrial(world);
    await world.deps.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO metric_stream (project_id, experiment_id, trial_id, attempt, stream, moved_tx, moved_block)
        VALUES ($1, $2, $3, 1, 's', '999999999999', 999999999999 >> 10)`,
        [world.project.id, experimentId, trialId],
      );
      await tx.query(`UPDATE installation SET system_identifier = 'the old cluster'`);
    });
    const touched = async () => {
      const since = await changeHorizon(read);
      return (await readTouched(read, { experimentId, since, limit: null })).touches;
    };
    expect(await touched()).toMatchObject([{ trialId }]);

    await world.deps.database.transaction(adoptCluster);

    expect(await touched()).toEqual([]);
  });

  it('changes nothing in the cluster it knows', async () => {
    const { id } = await addExperiment(world);
    await write(id);

    await world.deps.database.transaction(adoptCluster);

    const rows = await read.query(`SELECT 1 FROM change WHERE experiment_id = $1 AND tx = '0'`, [id]);
    expect(rows).toEqual([]);
  });
});

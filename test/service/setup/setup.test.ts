import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identifyToken } from '../../../src/service/access/identify.js';
import { createLoginCode, exchangeLoginCode } from '../../../src/service/access/login.js';
import { beginArtifact } from '../../../src/service/artifact/begin-artifact.js';
import { cleanUp } from '../../../src/service/setup/clean-up.js';
import { ensureFirstRun } from '../../../src/service/setup/first-run.js';
import { forgetDead } from '../../../src/service/setup/forget-dead.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import type { BlobStore } from '../../../src/store/blobs/blob-store.js';
import { addTrial, addUser, reloadUser } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, leaseOne } from '../job/queue.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

describe('ensureFirstRun', () => {
  it('makes nothing twice, also when several servers start at once', async () => {
    const other = await world.openServer();

    const runs = await Promise.all([ensureFirstRun(world.deps), ensureFirstRun(other), ensureFirstRun(world.deps)]);

    for (const run of runs) expect(run).toEqual(runs[0]);
    expect(runs[0]?.admin.id).toBe(world.admin.userId);
    expect(runs[0]).toMatchObject({
      organization: { name: 'local' },
      admin: { name: 'admin' },
      pool: { name: 'default', leaseSeconds: 60 },
    });
  });

  it('makes an administrator without a password or key', async () => {
    expect((await reloadUser(world.deps, world.admin.userId)).role).toBe('admin');
    expect(await world.deps.database.read.query('SELECT 1 FROM api_key')).toEqual([]);
  });

  it('does not give a role back that somebody took away', async () => {
    await world.deps.database.transaction((tx) =>
      tx.query('DELETE FROM membership WHERE user_id = $1', [world.admin.userId]),
    );

    await ensureFirstRun(world.deps);

    expect((await reloadUser(world.deps, world.admin.userId)).role).toBeNull();
  });
});

describe('cleanUp', () => {
  it('keeps up with more than one step of replies and changes', async () => {
    await world.deps.database.transaction(async (tx) => {
      await tx.query(
        `/* test */ INSERT INTO client_request (principal, request_id, operation, input_hash, created_at)
        SELECT 'p', n::text, 'o', 'h', now() - interval '3 days' FROM generate_series(1, 2500) n`,
      );
      await tx.query(
        `/* test */ INSERT INTO change (project_id, kind, subject_id, at)
        SELECT $1, 'trial', $1, now() - interval '30 days' FROM generate_series(1, 2500)`,
        [world.project.id],
      );
    });

    expect(await cleanUp(world.deps)).toMatchObject({ requests: 2500, changes: 2500 });
  });

  it('sweeps the other artifacts although the bytes of one cannot be deleted', async () => {
    const trial = await addTrial(world);
    const [bad, good] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
    for (const sha256 of [bad, good]) {
      await beginArtifact(world.deps, world.admin, {
        ...{ trialId: trial.id, attempt: 1, name: 'model', kind: 'model', fileName: 'model', sizeBytes: 1, sha256 },
      });
    }
    const deleted: string[] = [];
    const blobs: BlobStore = {
      ...world.deps.blobs,
      delete: async (key) => {
        if (key.endsWith(bad)) throw new Error('the store says no');
        deleted.push(key.slice(-64));
      },
    };
    world.clock.advance(2 * 86_400_000);

    expect(await cleanUp({ ...world.deps, blobs })).toMatchObject({ artifacts: 1 });

    expect(deleted).toEqual([good]);
    expect(world.logged.join()).toContain('the store says no');
  });

  it('forgets sessions and codes that are over, and no others', async () => {
    const user = await addUser(world, { role: 'viewer' });
    const login = async (): Promise<void> => {
      await exchangeLoginCode(world.deps, (await createLoginCode(world.deps, user.userId)).code);
    };
    await login();
    await createLoginCode(world.deps, user.userId);
    world.clock.advance(8 * 86_400_000);
    await login();

    const { sessions } = await cleanUp(world.deps);

    expect(sessions).toBe(2);
    expect(await world.deps.database.read.query('SELECT 1 FROM session')).toHaveLength(1);
  });
});

describe('forgetDead', () => {
  it('forgets the tokens of trials that ended more than a day ago, and no others', async () => {
    const { deps, admin, clock, project } = world;
    const start = () => startTrial(deps, admin, { project: project.name, experiment: 'tokens' });
    const [ended, running] = [await start(), await start()];
    await finishTrial(deps, admin, { trialId: ended.trial.id, attempt: 1, state: 'COMPLETED' });
    // The database has a clock of its own, which nobody pushes.
    await deps.database.transaction((tx) =>
      tx.query('UPDATE trial SET ended_at = $2 WHERE id = $1', [ended.trial.id, clock.now()]),
    );
    clock.advance(23 * 3_600_000);
    expect(await forgetDead(deps)).toMatchObject({ tokens: 0 });
    expect(await identifyToken(deps, ended.token)).not.toBeNull();
    clock.advance(2 * 3_600_000);

    expect(await forgetDead(deps)).toMatchObject({ tokens: 1 });

    expect(await identifyToken(deps, ended.token)).toBeNull();
    expect(await identifyToken(deps, running.token)).toMatchObject({ kind: 'trial' });
  });

  it('forgets runners that were silent for a week, unless a job names them', async () => {
    const [idle, busy, heard] = [await addRunner(world), await addRunner(world), await addRunner(world)];
    await addSearch(world, {});
    await leaseOne(world, busy);
    await world.deps.database.transaction((tx) =>
      tx.query(`UPDATE runner SET contact_at = contact_at - interval '8 days' WHERE id = ANY ($1)`, [
        [idle, busy].map(({ runner }) => runner.id),
      ]),
    );

    expect(await forgetDead(world.deps)).toMatchObject({ runners: 1 });

    const left = await world.deps.database.read.query<{ id: string }>('SELECT id FROM runner ORDER BY id');
    expect(left.map(({ id }) => id)).toEqual([busy, heard].map(({ runner }) => runner.id));
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyId } from '../../../src/domain/ids.js';
import { CACHE_MS } from '../../../src/service/access/cache.js';
import { identifySession, identifyToken } from '../../../src/service/access/identify.js';
import { makeToken } from '../../../src/service/access/token.js';
import { viewer } from '../../../src/service/access/viewer.js';
import { createApiKey } from '../../../src/service/api-key/create-api-key.js';
import { revokeApiKey } from '../../../src/service/api-key/revoke-api-key.js';
import { newId } from '../../../src/service/ids.js';
import { issueTrialToken } from '../../../src/service/trial/issue-token.js';
import { addTrial, addUser, supersede, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

const DAY_MS = 86_400_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

async function userToken(user = world.admin, role: 'viewer' | null = null): Promise<{ id: ApiKeyId; token: string }> {
  const { apiKey, secret } = await createApiKey(world.deps, user, { kind: 'USER', name: unique('key'), role });
  return { id: apiKey.id, token: secret };
}

async function sql(text: string, parameters: unknown[]): Promise<void> {
  await world.deps.database.transaction((tx) => tx.query(text, parameters));
}

describe('identifyToken', () => {
  it("gives a user's key the user's roles", async () => {
    const user = await addUser(world, { role: 'viewer', projects: [[world.project.id, 'admin']] });
    const { id, token } = await userToken(user);

    expect(await identifyToken(world.deps, token)).toEqual({ ...user, keyId: id });
  });

  it("lets a key's role narrow the user's, never widen them", async () => {
    const { token } = await userToken(world.admin, 'viewer');
    const weak = await addUser(world, { role: 'viewer', projects: [[world.project.id, 'writer']] });
    const { secret } = await createApiKey(world.deps, weak, { kind: 'USER', name: unique('key'), role: 'admin' });

    expect(await identifyToken(world.deps, token)).toMatchObject({ role: 'viewer' });
    expect(await identifyToken(world.deps, secret)).toMatchObject({
      role: 'viewer',
      projectRoles: new Map([[world.project.id, 'writer']]),
    });
  });

  it('proves a key once for a crowd that comes with it at the same time, and anew when it was revoked meanwhile', async () => {
    const { id, token } = await userToken();
    let queries = 0;
    const { read } = world.deps.database;
    const counted: typeof read = {
      manager: read.manager,
      query: (text, parameters) => {
        queries += 1;
        return read.query(text, parameters);
      },
    };
    const deps = { ...world.deps, database: { ...world.deps.database, read: counted } };

    const crowd = await Promise.all(Array.from({ length: 200 }, () => identifyToken(deps, token)));

    expect(new Set(crowd.map((principal) => principal?.kind))).toEqual(new Set(['user']));
    expect(queries).toBeLessThan(10);

    world.clock.advance(CACHE_MS);
    const late = identifyToken(deps, token);
    await revokeApiKey(deps, world.admin, { id });
    expect(await identifyToken(deps, token)).toBeNull();
    await late;
  });

  it('confines a service key to its project', async () => {
    const input = { kind: 'SERVICE', name: unique('key'), role: 'writer', projectId: world.project.id } as const;
    const { secret } = await createApiKey(world.deps, world.admin, input);

    expect(await identifyToken(world.deps, secret)).toMatchObject({
      kind: 'service',
      role: null,
      projectRoles: new Map([[world.project.id, 'writer']]),
    });
  });

  it('gives a runner its pool and nothing else', async () => {
    const { apiKey, secret } = await createApiKey(world.deps, world.admin, {
      kind: 'RUNNER',
      name: unique('key'),
      poolId: world.pool.id,
    });

    expect(await identifyToken(world.deps, secret)).toEqual({
      kind: 'runner',
      keyId: apiKey.id,
      organizationId: world.admin.organizationId,
      poolId: world.pool.id,
      runnerId: null,
    });
  });

  it('refuses a token with one character changed, a made-up one, and one under another pepper', async () => {
    const { id, token } = await userToken();
    const forged = makeToken(world.deps, 'usr', id).token;
    const unknown = makeToken(world.deps, 'usr', newId(world.deps)).token;
    const last = token.at(-1) === 'a' ? 'b' : 'a';

    expect(await identifyToken(world.deps, token.slice(0, -1) + last)).toBeNull();
    expect(await identifyToken(world.deps, forged)).toBeNull();
    expect(await identifyToken(world.deps, unknown)).toBeNull();
    expect(await identifyToken({ ...world.deps, pepper: randomBytes(32) }, token)).toBeNull();
    expect(await identifyToken(world.deps, token)).not.toBeNull();
  });

  it('does not ask the database when the checksum is wrong', async () => {
    const { token } = await userToken();
    const unplugged = { ...world.deps, database: null as never };

    expect(await identifyToken(unplugged, `${token.slice(0, -6)}000000`)).toBeNull();
  });

  it('takes a token for its own kind only', async () => {
    const { apiKey } = await createApiKey(world.deps, world.admin, {
      kind: 'RUNNER',
      name: unique('key'),
      poolId: world.pool.id,
    });
    const { token, hmac } = makeToken(world.deps, 'usr', apiKey.id);
    await sql('UPDATE api_key SET secret_hmac = $2 WHERE id = $1', [apiKey.id, hmac]);

    expect(await identifyToken(world.deps, token)).toBeNull();
    expect(await identifySession(world.deps, token)).toBeNull();
  });

  it('ends with its expiry', async () => {
    const { secret } = await createApiKey(world.deps, world.admin, {
      kind: 'USER',
      name: unique('key'),
      expiresInDays: 1,
    });
    const before = await identifyToken(world.deps, secret);

    world.clock.advance(DAY_MS);

    expect(before).not.toBeNull();
    expect(await identifyToken(world.deps, secret)).toBeNull();
  });

  it('ends at once where it is revoked, and within 5 s on another server', async () => {
    const other = await world.openServer();
    const { id, token } = await userToken();
    expect(await identifyToken(world.deps, token)).not.toBeNull();
    expect(await identifyToken(other, token)).not.toBeNull();

    await revokeApiKey(world.deps, world.admin, { id });
    const here = await identifyToken(world.deps, token);
    world.clock.advance(CACHE_MS);
    const there = await identifyToken(other, token);

    expect(here).toBeNull();
    expect(there).toBeNull();
    expect(CACHE_MS).toBeLessThan(5000);
  });

  it('ends when its user is disabled', async () => {
    const user = await addUser(world, { role: 'writer' });
    const { token } = await userToken(user);
    expect(await identifyToken(world.deps, token)).not.toBeNull();

    await sql('UPDATE app_user SET disabled = true WHERE id = $1', [user.userId]);
    world.clock.advance(CACHE_MS);

    expect(await identifyToken(world.deps, token)).toBeNull();
  });

  it('follows a change of roles within 5 s', async () => {
    const user = await addUser(world, { role: 'writer' });
    const { token } = await userToken(user);
    await identifyToken(world.deps, token);

    await sql('DELETE FROM membership WHERE user_id = $1', [user.userId]);
    world.clock.advance(CACHE_MS);

    expect(await identifyToken(world.deps, token)).toMatchObject({ role: null, projectRoles: new Map() });
  });

  it('is not asked of the database again within the cache', async () => {
    const { token } = await userToken();
    await identifyToken(world.deps, token);
    const queries: string[] = [];
    const { database } = world.deps;
    const read = { ...database.read, query: (text: string) => Promise.reject(new Error(`asked: ${text}`)) };
    Object.assign(world.deps, { database: { ...database, read } });

    const cached = await identifyToken(world.deps, token).finally(() => Object.assign(world.deps, { database }));

    expect(cached).not.toBeNull();
    expect(queries).toEqual([]);
  });

  it('notes when a key was used last', async () => {
    const { id, token } = await userToken();

    await identifyToken(world.deps, token);

    const [row] = await world.deps.database.read.query<{ at: Date | null }>(
      'SELECT last_used_at AS at FROM api_key WHERE id = $1',
      [id],
    );
    expect(row?.at).toBeInstanceOf(Date);
  });
});

describe("a trial's token", () => {
  async function trialToken(): Promise<{ token: string; trialId: Awaited<ReturnType<typeof addTrial>>['id'] }> {
    const trial = await addTrial(world);
    const of = {
      organizationId: world.admin.organizationId,
      projectId: trial.projectId,
      trialId: trial.id,
      attempt: 1,
      epoch: 1,
    };
    return {
      token: await world.deps.database.transaction((tx) => issueTrialToken(tx, world.deps, of)),
      trialId: trial.id,
    };
  }

  it('stands for one attempt of one trial', async () => {
    const { token, trialId } = await trialToken();

    expect(await identifyToken(world.deps, token)).toMatchObject({
      kind: 'trial',
      trialId,
      projectId: world.project.id,
      attempt: 1,
      epoch: 1,
    });
  });

  it('is still that attempt after another one began: its writes are refused where they are made', async () => {
    const { token, trialId } = await trialToken();

    await supersede(world, trialId);

    expect(await identifyToken(world.deps, token)).toMatchObject({ trialId, attempt: 1, epoch: 1 });
  });

  it('ends a day after its trial, and with its trial', async () => {
    const [ended, deleted] = [await trialToken(), await trialToken()];
    await sql('UPDATE trial SET ended_at = $2 WHERE id = $1', [ended.trialId, world.clock.now()]);
    const soon = await identifyToken(world.deps, ended.token);

    world.clock.advance(DAY_MS);
    await sql('DELETE FROM trial WHERE id = $1', [deleted.trialId]);

    expect(soon).not.toBeNull();
    expect(await identifyToken(world.deps, ended.token)).toBeNull();
    expect(await identifyToken(world.deps, deleted.token)).toBeNull();
  });

  it('knows itself', async () => {
    const { token, trialId } = await trialToken();
    const principal = await identifyToken(world.deps, token);
    if (principal === null) throw new Error('not identified');

    expect(await viewer(world.deps, principal)).toMatchObject({
      kind: 'trial',
      user: null,
      trialId,
      attempt: 1,
      role: null,
    });
  });
});

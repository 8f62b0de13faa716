import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyKind } from '../../../src/domain/api-key.js';
import type { Principal } from '../../../src/domain/roles.js';
import { identifyToken } from '../../../src/service/access/identify.js';
import { type CreateApiKeyInput, createApiKey } from '../../../src/service/api-key/create-api-key.js';
import { listApiKeys } from '../../../src/service/api-key/list-api-keys.js';
import { revokeApiKey } from '../../../src/service/api-key/revoke-api-key.js';
import { issueTrialToken } from '../../../src/service/trial/issue-token.js';
import { setMembership } from '../../../src/store/queries/user.js';
import {
  addOrganization,
  addProject,
  addService,
  addTrial,
  addUser,
  codeOf,
  reloadUser,
  trialPrincipal,
  unique,
} from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

function create(
  principal: Principal,
  kind: ApiKeyKind,
  part: Partial<CreateApiKeyInput> = {},
): ReturnType<typeof createApiKey> {
  return createApiKey(world.deps, principal, { kind, name: unique('key'), ...part });
}

async function identified(token: string): Promise<Principal> {
  const principal = await identifyToken(world.deps, token);
  if (principal === null) throw new Error('not identified');
  return principal;
}

async function idsSeenBy(principal: Principal): Promise<string[]> {
  return (await listApiKeys(world.deps, principal, { first: 200 })).items.map((key) => key.id);
}

describe('createApiKey', () => {
  it('gives the secret once: it is in no list and in no row', async () => {
    const { apiKey, secret } = await create(world.admin, 'USER', { clientRequestId: unique('request') });

    const listed = JSON.stringify((await listApiKeys(world.deps, world.admin, { first: 200 })).items);
    const [row] = await world.deps.database.read.query<{ text: string }>(
      `SELECT (SELECT string_agg(k::text, ' ') FROM api_key k) || (SELECT string_agg(r::text, ' ') FROM client_request r) AS text`,
    );

    expect(listed).toContain(apiKey.id);
    for (const text of [listed, String(row?.text)]) {
      expect(text).not.toContain('tg_');
      expect(text).not.toContain(secret.split('_')[3]);
    }
    expect(Object.keys(apiKey)).not.toContain('secretHmac');
  });

  it('ends after 90 days for users unless told otherwise', async () => {
    const { apiKey } = await create(world.admin, 'USER');

    expect(Number(apiKey.expiresAt) - Number(apiKey.createdAt)).toBe(90 * 86_400_000);
    expect(await codeOf(create(world.admin, 'USER', { expiresInDays: 0 }))).toBe('INPUT_INVALID');
    expect(await codeOf(create(world.admin, 'USER', { expiresInDays: 3651 }))).toBe('INPUT_INVALID');
  });

  it('gives a retry the same key with a secret that works', async () => {
    const input: CreateApiKeyInput = { kind: 'USER', name: unique('key'), clientRequestId: unique('request') };

    const lost = await createApiKey(world.deps, world.admin, input);
    await identified(lost.secret);
    const retried = await createApiKey(world.deps, world.admin, input);

    expect(retried.apiKey).toEqual(lost.apiKey);
    expect(await identified(retried.secret)).toMatchObject({ keyId: lost.apiKey.id });
    expect(await identifyToken(world.deps, lost.secret)).toBeNull();
  });

  it('gives no secret to a retry of somebody who could not make the key now', async () => {
    const admin = await addUser(world, { projects: [[world.project.id, 'admin']] });
    const service: CreateApiKeyInput = {
      kind: 'SERVICE',
      name: unique('key'),
      role: 'writer',
      projectId: world.project.id,
      clientRequestId: unique('request'),
    };
    const { secret } = await createApiKey(world.deps, admin, service);
    await world.deps.database.transaction((tx) =>
      setMembership(tx, { ...admin, id: admin.userId }, world.project.id, 'viewer'),
    );
    const own: CreateApiKeyInput = { kind: 'USER', name: unique('key'), clientRequestId: unique('request') };
    await createApiKey(world.deps, world.admin, own);
    const narrow = await identified((await create(world.admin, 'USER', { role: 'viewer' })).secret);

    expect(await codeOf(createApiKey(world.deps, await reloadUser(world.deps, admin.userId), service))).toBe(
      'FORBIDDEN',
    );
    expect(await codeOf(createApiKey(world.deps, narrow, own))).toBe('FORBIDDEN');
    expect(await identifyToken(world.deps, secret)).not.toBeNull();
  });

  it('cannot be used to climb: a key made with a narrowed key is as narrow', async () => {
    const narrow = await identified((await create(world.admin, 'USER', { role: 'writer' })).secret);

    const plain = await identified((await create(narrow, 'USER')).secret);
    const greedy = await identified((await create(narrow, 'USER', { role: 'admin' })).secret);
    const narrower = await identified((await create(narrow, 'USER', { role: 'viewer' })).secret);

    expect(plain).toMatchObject({ role: 'writer' });
    expect(greedy).toMatchObject({ role: 'writer' });
    expect(narrower).toMatchObject({ role: 'viewer' });
    expect(await codeOf(create(narrow, 'SERVICE', { role: 'viewer' }))).toBe('FORBIDDEN');
  });

  it('lets administrators of a project make service keys for it alone', async () => {
    const projectAdmin = await addUser(world, { projects: [[world.project.id, 'admin']] });
    const writer = await addUser(world, { projects: [[world.project.id, 'writer']] });
    const other = await addProject(world);
    const foreigners = await addOrganization(world);
    const here = { role: 'writer', projectId: world.project.id } as const;

    expect(await codeOf(create(projectAdmin, 'SERVICE', here))).toBe('no error');
    expect(await codeOf(create(projectAdmin, 'SERVICE', { role: 'writer' }))).toBe('FORBIDDEN');
    expect(await codeOf(create(projectAdmin, 'SERVICE', { ...here, projectId: other.id }))).toBe('NOT_FOUND');
    expect(await codeOf(create(writer, 'SERVICE', here))).toBe('FORBIDDEN');
    expect(await codeOf(create(world.admin, 'SERVICE', { ...here, projectId: foreigners.project.id }))).toBe(
      'NOT_FOUND',
    );
  });

  it('lets only administrators of the organization make runner keys, for its own pools', async () => {
    const submitter = await addUser(world, { role: 'submitter' });
    const foreigners = await addOrganization(world);

    expect(await codeOf(create(world.admin, 'RUNNER', { poolId: world.pool.id }))).toBe('no error');
    expect(await codeOf(create(submitter, 'RUNNER', { poolId: world.pool.id }))).toBe('FORBIDDEN');
    expect(await codeOf(create(foreigners.admin, 'RUNNER', { poolId: world.pool.id }))).toBe('NOT_FOUND');
    expect(await codeOf(create(world.admin, 'RUNNER'))).toBe('INPUT_INVALID');
  });

  it('makes no trial keys, no user keys for others than users, and takes no field that means nothing', async () => {
    const service = await addService(world, 'admin');

    expect(await codeOf(create(world.admin, 'TRIAL'))).toBe('INPUT_INVALID');
    expect(await codeOf(create(service, 'USER'))).toBe('FORBIDDEN');
    expect(await codeOf(create(world.admin, 'SERVICE'))).toBe('INPUT_INVALID');
    expect(await codeOf(create(world.admin, 'USER', { projectId: world.project.id }))).toBe('INPUT_INVALID');
    expect(await codeOf(create(world.admin, 'RUNNER', { poolId: world.pool.id, role: 'admin' }))).toBe('INPUT_INVALID');
  });

  it('stops at 50 keys of a user, also when the last places are raced for', async () => {
    const user = await addUser(world, { role: 'viewer' });
    const results = await Promise.allSettled(Array.from({ length: 55 }, () => create(user, 'USER')));

    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(50);
    const [first] = await idsSeenBy(user);
    await revokeApiKey(world.deps, user, { id: String(first) });
    expect(await codeOf(create(user, 'USER'))).toBe('no error');
    expect(await codeOf(create(user, 'USER'))).toBe('LIMIT_EXCEEDED');
  });
});

describe('listApiKeys and revokeApiKey', () => {
  it("reach one's own keys, and for administrators those they administer", async () => {
    const [alice, bob] = [await addUser(world, { role: 'writer' }), await addUser(world, { role: 'writer' })];
    const projectAdmin = await addUser(world, { projects: [[world.project.id, 'admin']] });
    const foreigners = await addOrganization(world);
    const ofAlice = (await create(alice, 'USER')).apiKey.id;
    const ofProject = (await create(world.admin, 'SERVICE', { role: 'viewer', projectId: world.project.id })).apiKey.id;
    const revoke = (principal: Principal, id: string): Promise<string> =>
      codeOf(revokeApiKey(world.deps, principal, { id }));

    expect(await idsSeenBy(alice)).toEqual([ofAlice]);
    expect(await idsSeenBy(bob)).toEqual([]);
    expect(await idsSeenBy(projectAdmin)).toContain(ofProject);
    expect(await idsSeenBy(projectAdmin)).not.toContain(ofAlice);
    expect(await idsSeenBy(world.admin)).toEqual(expect.arrayContaining([ofAlice, ofProject]));
    expect(await idsSeenBy(foreigners.admin)).toEqual([]);

    expect(await revoke(bob, ofAlice)).toBe('NOT_FOUND');
    expect(await revoke(projectAdmin, ofAlice)).toBe('NOT_FOUND');
    expect(await revoke(foreigners.admin, ofAlice)).toBe('NOT_FOUND');
    expect(await revoke(world.admin, 'not an id')).toBe('NOT_FOUND');
    expect(await revoke(alice, ofAlice)).toBe('no error');
    expect(await revoke(projectAdmin, ofProject)).toBe('no error');
  });

  it('keep the time of the first revocation', async () => {
    const { apiKey } = await create(world.admin, 'USER');

    const first = await revokeApiKey(world.deps, world.admin, { id: apiKey.id });
    world.clock.advance(60_000);
    const second = await revokeApiKey(world.deps, world.admin, { id: apiKey.id });

    expect(first.revokedAt).toBeInstanceOf(Date);
    expect(second.revokedAt).toEqual(first.revokedAt);
  });

  it("never show or touch trials' tokens", async () => {
    const trial = await addTrial(world);
    const of = {
      organizationId: world.admin.organizationId,
      projectId: trial.projectId,
      trialId: trial.id,
      attempt: 1,
      epoch: 1,
    };
    const token = await world.deps.database.transaction((tx) => issueTrialToken(tx, world.deps, of));
    const principal = await identified(token);
    if (principal.kind !== 'trial') throw new Error('not a trial');

    expect(await idsSeenBy(world.admin)).not.toContain(principal.keyId);
    expect(await codeOf(revokeApiKey(world.deps, world.admin, { id: principal.keyId }))).toBe('NOT_FOUND');
  });

  it('show nothing to runners and trials', async () => {
    const runner = await identified((await create(world.admin, 'RUNNER', { poolId: world.pool.id })).secret);

    expect(await idsSeenBy(runner)).toEqual([]);
    expect(await idsSeenBy(trialPrincipal(world, await addTrial(world)))).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE_MS } from '../../../src/service/access/cache.js';
import { identifySession, identifyToken, SESSION_IDLE_MS, SESSION_MS } from '../../../src/service/access/identify.js';
import { createLoginCode, endSession, exchangeLoginCode } from '../../../src/service/access/login.js';
import { viewer } from '../../../src/service/access/viewer.js';
import { addUser, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

async function login(): Promise<string> {
  const { code } = await createLoginCode(world.deps, world.admin.userId);
  return (await exchangeLoginCode(world.deps, code)).cookie;
}

describe('a login code', () => {
  it('opens a session of its user', async () => {
    const user = await addUser(world, { role: 'writer' });
    const { code } = await createLoginCode(world.deps, user.userId);

    const { cookie, user: person } = await exchangeLoginCode(world.deps, code);

    expect(person.id).toBe(user.userId);
    expect(await identifySession(world.deps, cookie)).toEqual(user);
  });

  it('works once, also when ten try at the same moment', async () => {
    const { code } = await createLoginCode(world.deps, world.admin.userId);

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => exchangeLoginCode(world.deps, code)));

    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await codeOf(exchangeLoginCode(world.deps, code))).toBe('UNAUTHENTICATED');
  });

  it('works for 15 minutes', async () => {
    const { code: early } = await createLoginCode(world.deps, world.admin.userId);
    world.clock.advance(14 * 60_000);
    const inTime = await codeOf(exchangeLoginCode(world.deps, early));
    const { code: late } = await createLoginCode(world.deps, world.admin.userId);
    world.clock.advance(15 * 60_000);

    expect(inTime).toBe('no error');
    expect(await codeOf(exchangeLoginCode(world.deps, late))).toBe('UNAUTHENTICATED');
  });

  it('is not a token, a cookie, or something that can be made up', async () => {
    const { code } = await createLoginCode(world.deps, world.admin.userId);

    expect(await identifyToken(world.deps, code)).toBeNull();
    expect(await identifySession(world.deps, code)).toBeNull();
    expect(await codeOf(exchangeLoginCode(world.deps, ''))).toBe('UNAUTHENTICATED');
    expect(await codeOf(exchangeLoginCode(world.deps, `${code}x`))).toBe('UNAUTHENTICATED');
  });

  it('opens nothing for a user who was disabled', async () => {
    const user = await addUser(world, { role: 'writer' });
    const { code } = await createLoginCode(world.deps, user.userId);
    await world.deps.database.transaction((tx) =>
      tx.query('UPDATE app_user SET disabled = true WHERE id = $1', [user.userId]),
    );

    expect(await codeOf(exchangeLoginCode(world.deps, code))).toBe('UNAUTHENTICATED');
  });

  it('is stored as an HMAC only, as the cookie is', async () => {
    const { code } = await createLoginCode(world.deps, world.admin.userId);
    const cookie = await login();

    const rows = await world.deps.database.read.query<{ text: string }>(
      `SELECT (SELECT string_agg(c::text, ' ') FROM login_code c) || (SELECT string_agg(s::text, ' ') FROM session s) AS text`,
    );

    expect(rows[0]?.text).not.toContain(code);
    expect(rows[0]?.text).not.toContain(cookie.split('_')[3]);
    expect(rows[0]?.text).not.toContain(Buffer.from(code).toString('hex'));
  });
});

describe('a session', () => {
  it('is not a token for the API', async () => {
    expect(await identifyToken(world.deps, await login())).toBeNull();
  });

  it('shows the viewer', async () => {
    const principal = await identifySession(world.deps, await login());
    if (principal === null) throw new Error('not identified');

    expect(await viewer(world.deps, principal)).toMatchObject({
      kind: 'user',
      user: { name: 'admin' },
      organization: { name: 'local' },
      role: 'admin',
      trialId: null,
    });
  });

  it('ends when it is not used for a week', async () => {
    const cookie = await login();
    world.clock.advance(SESSION_IDLE_MS - 1000);
    const before = await identifySession(world.deps, cookie);
    world.clock.advance(SESSION_IDLE_MS);

    expect(before).not.toBeNull();
    expect(await identifySession(world.deps, cookie)).toBeNull();
  });

  it('ends a month after the login, however much it is used', async () => {
    const cookie = await login();
    for (let passed = 0; passed < SESSION_MS; passed += SESSION_MS / 10) {
      expect(await identifySession(world.deps, cookie)).not.toBeNull();
      world.clock.advance(SESSION_MS / 10);
    }

    expect(await identifySession(world.deps, cookie)).toBeNull();
  });

  it('ends at once with the logout, and within 5 s on another server', async () => {
    const other = await world.openServer();
    const cookie = await login();
    expect(await identifySession(other, cookie)).not.toBeNull();

    await endSession(world.deps, cookie);
    const here = await identifySession(world.deps, cookie);
    world.clock.advance(CACHE_MS);

    expect(here).toBeNull();
    expect(await identifySession(other, cookie)).toBeNull();
  });

  it('is not ended by somebody who knows its id but not its secret', async () => {
    const cookie = await login();
    const stranger = await login();
    const [, , id] = cookie.split('_');
    const parts = stranger.split('_');

    await endSession(world.deps, [parts[0], parts[1], id, parts[3], parts[4]].join('_'));
    await endSession(world.deps, 'nonsense');

    expect(await identifySession(world.deps, cookie)).not.toBeNull();
  });
});

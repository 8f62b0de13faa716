import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoginCode } from '../../src/service/access/login.js';
import { type Answer, type Api, answerOf, credential, login, openApi, post, rawStatus } from './server.js';

let api: Api;
let folder: string;
let web: string;
let port: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'trialgraph-web-'));
  web = path.join(folder, 'web');
  await mkdir(path.join(web, 'assets'), { recursive: true });
  await writeFile(path.join(web, 'index.html'), '<!doctype html><title>dashboard</title>');
  await writeFile(path.join(web, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(path.join(web, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(path.join(folder, 'outside.txt'), 'outside');
  api = await openApi({ webDirectory: web });
  port = new URL(api.url).port;
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

describe('the Host allow-list', () => {
  const ROUTES = [
    '/',
    '/graphql',
    '/healthz',
    '/readyz',
    '/version',
    '/login',
    '/artifacts/x',
    '/nothing',
    '/assets/app-1a2b.js',
  ];

  test.each(ROUTES)('a name that was rebound to our address gets 421 at %s', async (route) => {
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1:1',
      'localhost',
      `localhost:${port}.evil.example`,
    ]) {
      expect([host, await rawStatus(`${api.url}${route}`, { host })]).toEqual([host, 421]);
    }
  });

  test('our own names are served', async () => {
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
      'trials.example',
      `trials.example:${port}`,
    ]) {
      expect([host, await rawStatus(`${api.url}/healthz`, { host })]).toEqual([host, 200]);
    }
  });

  test('an Origin of another site is refused everywhere, with a key too', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      `https://127.0.0.1.evil.example:${port}`,
      'http://127.0.0.1:1',
    ]) {
      const answer = await post(api.url, api.keys.admin, '{ viewer { kind } }', {}, { origin });
      expect([origin, answer.status, codes(answer)]).toEqual([origin, 421, ['HOST_REFUSED']]);
    }
  });
});

test('no cache may keep an answer of GraphQL', async () => {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { ...credential(api.keys.admin), 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { kind } }' }),
  });

  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

describe('a login', () => {
  test('a code opens one session, once', async () => {
    const { code } = await createLoginCode(api.world.deps, api.world.admin.userId);
    const first = await fetch(`${api.url}/login?code=${code}`, { redirect: 'manual' });
    const second = await fetch(`${api.url}/login?code=${code}`, { redirect: 'manual' });

    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = String(first.headers.get('set-cookie'));
    expect(cookie).toMatch(/^trialgraph_session=tg_ses_/);
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(attribute);
    expect(second.status).toBe(401);
    expect(second.headers.get('set-cookie')).toBeNull();
    expect(await second.text()).toContain('trialgraph open');
  });

  test.each(['', 'x', 'A'.repeat(43), '%00', '<script>'])('the code %j opens nothing', async (code) => {
    const response = await fetch(`${api.url}/login?code=${encodeURIComponent(code)}`, { redirect: 'manual' });

    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('<script>');
  });

  test('HEAD does not use a code up', async () => {
    const { code } = await createLoginCode(api.world.deps, api.world.admin.userId);
    await fetch(`${api.url}/login?code=${code}`, { method: 'HEAD', redirect: 'manual' });

    expect((await fetch(`${api.url}/login?code=${code}`, { redirect: 'manual' })).status).toBe(303);
  });

  test('works for our own pages, by POST with their Origin', async () => {
    const cookie = await login(api);

    const byOrigin = await post(api.url, cookie, '{ viewer { kind user { name } } }', {}, { origin: api.url });
    const bySite = await post(api.url, cookie, '{ viewer { kind } }', {}, { 'sec-fetch-site': 'same-origin' });

    expect(byOrigin.data).toEqual({ viewer: { kind: 'user', user: { name: 'admin' } } });
    expect(bySite.errors).toEqual([]);
  });

  test.each([
    ['nothing that tells where it comes from', {}],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    ['Sec-Fetch-Site: none', { 'sec-fetch-site': 'none' }],
    ['our Origin, but cross-site', { 'sec-fetch-site': 'cross-site', origin: 'OURS' }],
  ])('is refused by POST with %s', async (_what, given: Record<string, string>) => {
    const cookie = await login(api);
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value === 'OURS' ? api.url : value]),
    );

    const answer = await post(api.url, cookie, '{ viewer { kind } }', {}, headers);

    expect([answer.status, codes(answer)]).toEqual([403, ['FORBIDDEN']]);
  });

  test('ends with logout, which other sites cannot call', async () => {
    const cookie = await login(api);
    const foreign = await fetch(`${api.url}/logout`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
      redirect: 'manual',
    });
    expect(foreign.status).toBe(403);

    const own = await fetch(`${api.url}/logout`, {
      method: 'POST',
      headers: { cookie, origin: api.url },
      redirect: 'manual',
    });

    expect(own.status).toBe(303);
    expect((await post(api.url, cookie, '{ viewer { kind } }', {}, { origin: api.url })).status).toBe(401);
  });
});

describe('artifacts', () => {
  const BEGIN =
    'mutation($input: BeginArtifactInput!) { beginArtifact(input: $input) { uploadPath artifact { id state downloadPath } } }';
  const COMMIT = 'mutation($id: ID!) { commitArtifact(id: $id) { id state downloadPath sha256 } }';
  const bytes = randomBytes(300_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  async function begin(fileName = 'model.bin', claimed = sha256): Promise<{ id: string; path: string }> {
    const input = {
      trialId: api.trialId,
      attempt: 1,
      name: 'model',
      kind: 'model',
      fileName,
      sizeBytes: bytes.length,
      sha256: claimed,
    };
    const answer = await post(api.url, api.keys.trial, BEGIN, { input });
    expect(answer.errors).toEqual([]);
    expect(answer.data.beginArtifact.artifact).toMatchObject({ state: 'PENDING', downloadPath: null });
    return { id: answer.data.beginArtifact.artifact.id, path: answer.data.beginArtifact.uploadPath };
  }
  const put = (to: string, body: Uint8Array<ArrayBuffer>, key = api.keys.trial, headers: Record<string, string> = {}) =>
    fetch(`${api.url}${to}`, {
      method: 'PUT',
      body,
      headers: { ...credential(key), 'content-type': 'application/octet-stream', ...headers },
    });

  test('bytes go in by the trial and come out unchanged, as a download that no browser runs', async () => {
    const { id, path: to } = await begin('Modell "é".html');
    expect((await put(to, bytes)).status).toBe(204);
    expect((await fetch(`${api.url}${to}`, { headers: credential(api.keys.admin) })).status).toBe(404);
    const committed = await post(api.url, api.keys.trial, COMMIT, { id });
    expect(committed.data.commitArtifact).toMatchObject({ state: 'COMMITTED', downloadPath: to, sha256 });

    const response = await fetch(`${api.url}${to}`, { headers: credential(api.keys.viewer) });

    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'content-disposition': "attachment; filename*=UTF-8''Modell%20%22%C3%A9%22.html",
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('a body of JSON is bytes too', async () => {
    const { id, path: to } = await begin();
    expect((await put(to, bytes, api.keys.trial, { 'content-type': 'application/json' })).status).toBe(204);
    expect((await post(api.url, api.keys.trial, COMMIT, { id })).errors).toEqual([]);
  });

  test('other bytes are refused, and nothing can be committed', async () => {
    const { id, path: to } = await begin('model.bin', createHash('sha256').update('something else').digest('hex'));

    const response = await put(to, bytes);

    expect([response.status, codes(await answerOf(response))]).toEqual([409, ['ARTIFACT_CORRUPT']]);
    expect(codes(await post(api.url, api.keys.trial, COMMIT, { id }))).not.toEqual([]);
    expect((await fetch(`${api.url}${to}`, { headers: credential(api.keys.admin) })).status).toBe(404);
  });

  test.each([-1, 1])('a body of another length (%d) is refused', async (difference) => {
    const { path: to } = await begin();
    const body = Buffer.alloc(bytes.length + difference);

    const response = await put(to, body);

    expect([response.status, codes(await answerOf(response))]).toEqual([409, ['ARTIFACT_CORRUPT']]);
  });

  test('viewers, runners and strangers may not put', async () => {
    const { path: to } = await begin();

    expect((await put(to, bytes, api.keys.viewer)).status).toBe(403);
    expect([403, 404]).toContain((await put(to, bytes, api.keys.runner)).status);
    expect((await fetch(`${api.url}${to}`, { method: 'PUT', body: bytes })).status).toBe(401);
  });

  test.each(['x', '..%2F..%2Fetc%2Fpasswd', '01890000-0000-7000-8000-000000000000', '%00'])(
    'there is no artifact %s',
    async (id) => {
      const response = await fetch(`${api.url}/artifacts/${id}`, { headers: credential(api.keys.admin) });

      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    },
  );
});

describe('the dashboard', () => {
  const get = (route: string) => fetch(`${api.url}${route}`, { redirect: 'manual' });

  test.each(['/', '/index.html', '/projects/a/experiments/b', '/projects/a.b/c'])('%s is a page', async (route) => {
    const response = await get(route);

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>dashboard</title>');
    const csp = String(response.headers.get('content-security-policy'));
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
      expect(csp).toContain(rule);
    expect(csp).not.toMatch(/script-src[^;]*unsafe/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  test.each(['/assets/app-1a2b.js', '/projects/a/assets/app-1a2b.js'])(
    '%s is a file that may be kept',
    async (route) => {
      const response = await get(route);

      expect(await response.text()).toBe('export {};');
      expect(response.headers.get('content-type')).toContain('javascript');
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test('files beside the assets are served', async () => {
    expect((await get('/favicon.svg')).headers.get('content-type')).toContain('svg');
  });

  test.each([
    '/assets/../../outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/%2e%2e%5c..%5coutside.txt',
    '/assets/gone.js',
    '/.env',
  ])('%s is nothing', async (route) => {
    const response = await get(route);

    expect(await response.text()).not.toBe('outside');
    if (response.status !== 404) expect([200, 400, 403]).toContain(response.status);
  });

  test('POST to a page is nothing', async () => {
    expect((await fetch(`${api.url}/`, { method: 'POST' })).status).toBe(404);
  });
});

test('health, readiness and version are public', async () => {
  expect(await (await fetch(`${api.url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${api.url}/version`)).json()).toMatchObject({ name: 'trialgraph' });
  api.server.ready(false);
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  api.server.ready(true);
});

function codes(answer: Answer): string[] {
  return answer.errors.map((error) => error.extensions.code);
}

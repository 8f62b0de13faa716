import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/api/limits.js';
import { type Answer, type Api, openApi, openSignedSocket, post } from './server.js';

/** Milliseconds that a refusal may take, wall clock, on a busy machine. */
const QUICK_MS = 500;

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const repeat = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** `viewer`s with different names side by side. */
const aliases = (count: number) => `{ projects(first: 1) { nodes { ${repeat(count, (i) => `a${i}: name`)} } } }`;
const directives = (count: number) => `{ viewer { ${repeat(count, () => 'kind @include(if: true)')} } }`;
/** An operation `levels` deep. */
const deep = (levels: number) =>
  `{ projects(first: 1) { nodes { experiments(first: 1) { nodes { ${chain(levels - 4)} } } } } }`;
const chain = (levels: number): string => {
  if (levels === 1) return 'id';
  return levels === 2
    ? 'project { id }'
    : `project { experiments(first: 1) { ${levels === 3 ? 'totalCount' : `nodes { ${chain(levels - 3)} }`} } }`;
};
/** Each fragment spreads the next one twice: 2^n fields. */
const bomb = (fragments: number) =>
  `query { viewer { ...F0 } } ${repeat(fragments, (i) => `fragment F${i} on Viewer { ...F${i + 1} ...F${i + 1} }`)} fragment F${fragments} on Viewer { kind role }`;

describe('what a query may cost', () => {
  test.each([
    ['tokens, duplicated fields', `{ viewer { ${repeat(50_000, () => 'kind')} } }`, 'QUERY_TOO_COSTLY'],
    [
      'tokens, an inline list',
      `{ series(keys: [${repeat(5_000, (i) => `"k${i}"`)}], trialIds: []) { cursor } }`,
      'QUERY_TOO_COSTLY',
    ],
    ['nesting that would overflow a parser', `{ viewer ${'{ a '.repeat(20_000)}`, 'QUERY_TOO_COSTLY'],
    ['aliases', aliases(LIMITS.aliasesPerField + 1), 'QUERY_TOO_COSTLY'],
    ['root fields', `{ ${repeat(LIMITS.rootFields + 1, (i) => `v${i}: viewer { kind }`)} }`, 'QUERY_TOO_COSTLY'],
    ['depth', deep(11), 'QUERY_TOO_COSTLY'],
    ['directives', directives(LIMITS.directives + 1), 'QUERY_TOO_COSTLY'],
    ['a fragment bomb', bomb(30), 'QUERY_TOO_COSTLY'],
    ['a fragment that contains itself', '{ viewer { ...F } } fragment F on Viewer { kind ...F }', 'BAD_REQUEST'],
    [
      'pages in pages',
      '{ projects(first: 200) { nodes { experiments(first: 200) { nodes { trials(first: 200) { nodes { id } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    ['a syntax error', '{ viewer {', 'BAD_REQUEST'],
    ['an unknown field', '{ viewer { knd } }', 'BAD_REQUEST'],
    ['introspection', '{ __schema { types { name } } }', 'BAD_REQUEST'],
  ])('refuses %s quickly', async (_what, query, code) => {
    const startedAt = performance.now();

    const answer = await post(api.url, api.keys.admin, query);

    expect([answer.status, codes(answer)[0]]).toEqual([400, code]);
    expect(performance.now() - startedAt).toBeLessThan(QUICK_MS);
    expect(answer.text).not.toMatch(/Did you mean/);
  });

  test.each([
    ['aliases', aliases(LIMITS.aliasesPerField)],
    ['root fields', `{ ${repeat(LIMITS.rootFields, (i) => `v${i}: viewer { kind }`)} }`],
    ['depth', deep(10)],
    ['directives', directives(LIMITS.directives)],
    ['fragments', bomb(7)],
    ['pages', '{ experiments(first: 200) { nodes { id project { id } bestTrial { id } counts { total } } } }'],
  ])('takes as many %s as are allowed', async (_what, query) => {
    const answer = await post(api.url, api.keys.admin, query);

    expect(answer.errors).toEqual([]);
  });

  test('a page size in a variable counts as one in the text', async () => {
    const query =
      'query($n: Int!) { projects(first: $n) { nodes { experiments(first: $n) { nodes { trials(first: $n) { nodes { id } } } } } } }';

    expect(codes(await post(api.url, api.keys.admin, query, { n: 5 }))).toEqual([]);
    expect(codes(await post(api.url, api.keys.admin, query, { n: 200 }))).toEqual(['QUERY_TOO_COSTLY']);
  });

  test('a page of more than 200 is refused', async () => {
    expect(codes(await post(api.url, api.keys.admin, '{ projects(first: 201) { nodes { id } } }'))).toEqual([
      'LIMIT_EXCEEDED',
    ]);
    expect(codes(await post(api.url, api.keys.admin, '{ projects(first: 0) { nodes { id } } }'))).toEqual([
      'INPUT_INVALID',
    ]);
  });

  test('the same rules hold over WebSocket', async () => {
    const socket = await openSignedSocket(api.url, api.keys.admin);
    const many = repeat(LIMITS.aliasesPerField + 1, (i) => `a${i}: cursor`);
    const queries = [
      `subscription { experimentChanged(id: "${api.experimentId}") { ${many} } }`,
      `subscription { experimentChanged(id: "${api.experimentId}") { ${repeat(5_000, () => 'cursor')} } }`,
      `subscription { experimentChanged(id: "${api.experimentId}") { experiment { trials(first: 200) { nodes { events(first: 200) { nodes { id } } } } } } }`,
    ];

    for (const [i, query] of queries.entries()) {
      socket.send({ type: 'subscribe', id: `s${i}`, payload: { query } });
      const { type, payload } = await socket.next();
      expect([type, payload[0].extensions.code]).toEqual(['error', 'QUERY_TOO_COSTLY']);
    }
    socket.send({
      type: 'subscribe',
      id: 'introspection',
      payload: { query: 'subscription { __schema { types { name } } }' },
    });
    expect((await socket.next()).payload[0].extensions.code).toBe('BAD_REQUEST');
    socket.close();
  });
});

describe('what a request may be', () => {
  const send = (init: RequestInit) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${api.keys.admin}`, ...(init.headers as Record<string, string>) },
    });
  const codeOf = async (response: Response) => (JSON.parse(await response.text()) as Answer).errors[0]?.extensions.code;

  test('a body of more than 8 MB is refused', async () => {
    const body = JSON.stringify({ query: '{ viewer { kind } }', variables: { x: 'x'.repeat(8 * 1024 * 1024) } });
    const response = await send({ body, headers: { 'content-type': 'application/json' } });

    expect(response.status).toBe(413);
    expect(await codeOf(response)).toBe('BODY_TOO_LARGE');
  });

  test.each([
    ['text/plain', '{"query":"{ viewer { kind } }"}'],
    ['application/x-www-form-urlencoded', 'query={viewer{kind}}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/json', '{"query":'],
    ['application/json', '[{"query":"{ viewer { kind } }"}]'],
    ['application/json', '{"query":"{ viewer { kind } }","variables":{"__proto__":{"x":1}}}'],
  ])('a body of %s is refused: %s', async (type, body) => {
    const response = await send({ body, headers: { 'content-type': type } });

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await codeOf(response)).toBe('BAD_REQUEST');
  });

  test('GET is not served', async () => {
    const response = await fetch(`${api.url}/graphql?query={viewer{kind}}`, {
      headers: { authorization: `Bearer ${api.keys.admin}` },
    });

    expect(response.status).toBe(405);
  });
});

function codes(answer: Answer): string[] {
  return answer.errors.map((error) => error.extensions.code);
}

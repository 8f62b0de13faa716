import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extensionsOf } from '../../src/api/errors.js';
import { ERRORS, type PlatformError } from '../../src/domain/errors.js';
import type { Deps } from '../../src/service/deps.js';
import { translateDatabaseError } from '../../src/store/database.js';
import { type Answer, type Api, openApi, post } from './server.js';

const SECRET = 'select password from vault';
const COLUMN = 'mutation($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome } }';

let api: Api;
let isBroken = false;
beforeAll(async () => {
  api = await openApi({ wrap: (world) => breaking(world.deps) });
});
afterAll(() => api.close());

describe('errors', () => {
  test('a defect becomes INTERNAL with an id; its text goes to the log only', async () => {
    isBroken = true;
    const answer = await post(api.url, api.keys.admin, '{ projects { nodes { id } } }');
    isBroken = false;

    const [error] = answer.errors;
    expect(error?.extensions.code).toBe('INTERNAL');
    expect(error?.extensions.retry).toBe('later');
    const { id } = (error?.extensions ?? {}) as { id?: string };
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(error?.message).toContain(String(id));
    expect(answer.text).not.toMatch(/vault|\.ts|node_modules|stack/);
    expect(api.world.logged.filter((line) => line.includes(String(id)) && line.includes(SECRET))).toHaveLength(1);
  });

  test('one of the table keeps its code, advice and data', async () => {
    const answer = await post(api.url, api.keys.admin, 'mutation { createProject(input: { name: "project" }) { id } }');

    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'NAME_TAKEN', retry: ERRORS.NAME_TAKEN.retry });
    expect(answer.errors[0]).toMatchObject({ path: ['createProject'] });
  });

  test.each([
    ['a variable of another type', 'query($first: Int!) { projects(first: $first) { nodes { id } } }', { first: 'x' }],
    ['a variable that is missing', 'query($id: ID!) { trainingJob(id: $id) { id } }', {}],
    [
      'an enum value that is not one',
      'query($s: [TrialState!]) { trials(experimentId: "x", filter: { states: $s }) { totalCount } }',
      { s: ['GONE'] },
    ],
    ['null for a page size', 'query($first: Int) { projects(first: $first) { nodes { id } } }', { first: null }],
    [
      'a column that is cut off',
      COLUMN,
      {
        input: {
          trialId: 'x',
          attempt: 1,
          stream: 's',
          seq: 0,
          series: [{ key: 'k', steps: 'AAAA', times: '', values: '' }],
        },
      },
    ],
    ['an unknown operation', 'query A { viewer { kind } } query B { viewer { kind } }', {}],
  ])('%s is BAD_REQUEST', async (_what, query, variables) => {
    const answer = await post(api.url, api.keys.admin, query, variables);

    expect([codes(answer), answer.status]).toEqual([['BAD_REQUEST'], answer.status]);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toMatch(/Did you mean/);
  });

  test.each(['\u0000', '🦊'.repeat(10_000), '../../etc/passwd', "'; DROP TABLE trial; --", '__proto__'])(
    'no name breaks the server: %j',
    async (name) => {
      const project = await post(api.url, api.keys.admin, 'query($name: String) { project(name: $name) { id } }', {
        name,
      });
      const experiment = await post(
        api.url,
        api.keys.admin,
        'query($path: String) { experiment(path: $path) { id } trial(path: $path) { id } }',
        { path: `${name}/${name}` },
      );
      const made = await post(
        api.url,
        api.keys.admin,
        'mutation($name: String!) { createProject(input: { name: $name }) { id } }',
        { name },
      );
      const found = await post(
        api.url,
        api.keys.admin,
        'query($name: String) { experiments(filter: { search: $name }) { totalCount } }',
        { name },
      );

      for (const answer of [project, experiment, made, found])
        expect(codes(answer), answer.text).not.toContain('INTERNAL');
    },
  );

  test('no key is in the log', () => {
    expect(api.world.logged.filter((line) => /tg_(usr|svc|run|tri|ses)_/.test(line))).toEqual([]);
  });
});

/** Deps whose reads fail with an error of a driver while `isBroken`. */
function breaking(deps: Deps): Deps {
  const { database } = deps;
  const read: typeof database.read = {
    manager: database.read.manager,
    query: (text, parameters) => {
      if (isBroken && text.includes('project')) throw new Error(SECRET);
      return database.read.query(text, parameters);
    },
  };
  return { ...deps, database: { ...database, read } };
}

function codes(answer: Answer): string[] {
  return answer.errors.map((error) => error.extensions.code);
}

describe('a database that does not answer', () => {
  test('is told without its address or the words of its driver', () => {
    const lost = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
    const busy = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });

    for (const error of [lost, busy]) {
      const sent = JSON.stringify(extensionsOf(translateDatabaseError(error) as PlatformError));
      expect(JSON.parse(sent)).toEqual({ code: 'OVERLOADED', retry: 'later' });
    }
  });
});

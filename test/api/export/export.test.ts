/** Downloads from a real server: every bit, every character, and nothing for those who may not. */
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExperimentId } from '../../../src/domain/ids.js';
import type { Trial } from '../../../src/domain/trial.js';
import { createApiKey } from '../../../src/service/api-key/create-api-key.js';
import { revokeApiKey } from '../../../src/service/api-key/revoke-api-key.js';
import { addExperiment, addOrganization, addProject, addTrial } from '../../support/builders.js';
import { type Api, answerOf, credential, login, openApi } from '../server.js';
import { bare, readCsv } from './read-csv.js';

const NO_ONE = '01890000-0000-7000-8000-000000000000';
/** One of each class of float64, with its edges. */
const VALUES = [
  ...[0, -0, 1, -1, 0.1, 1 / 3, Math.PI, 1e21, 1e-7, 123456789012345680000, 2 ** 53, 4.35, 5e-324, -5e-324],
  ...[2.2250738585072014e-308, 2.225073858507201e-308, Number.MAX_VALUE, -Number.MAX_VALUE, Number.EPSILON],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const STEPS = [0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1];
const KEYS = ['loss', '=1+1', '@sum', '+a', '-b', "'quoted", 'a,b', 'say "x"', 'a;b', 'ümlaut/🙂'];

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('GET /export/metrics', () => {
  test('CSV: every class of float64, and every key, comes out as it went in', async () => {
    const { trial, points } = await aTrialWithPoints();

    const response = await get(`/export/metrics?trial=${trial.id}`);

    expect(response.status).toBe(200);
    const [head, ...rows] = readCsv(await response.text());
    expect(head).toEqual(['trial', 'trialId', 'attempt', 'key', 'step', 'time', 'value']);
    const read = rows.map(([number, id, attempt, key, step, time, value]) => {
      expect([number, id, attempt]).toEqual([String(trial.number), trial.id, '1']);
      return { key: String(bare(key ?? null)), step: Number(step), time: Number(time), value: Number(value) };
    });
    expect(bitsOf(read)).toEqual(bitsOf(points));
  });

  test('CSV: no text begins like a formula, and special numbers are words', async () => {
    const { trial } = await aTrialWithPoints();

    const text = await (await get(`/export/metrics?trial=${trial.id}&format=csv`)).text();

    for (const cells of readCsv(text).slice(1)) expect(cells[3]).not.toMatch(/^[=+\-@]/);
    for (const word of ['NaN', 'Infinity', '-Infinity', '-0']) expect(text).toContain(`,${word}\r\n`);
  });

  test('Arrow: the same, in typed columns', async () => {
    const { trial, points } = await aTrialWithPoints();

    const response = await get(`/export/metrics?trial=${trial.id}&format=arrow`);

    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'trial: Int32',
      'trialId: Dictionary<Int32, Utf8>',
      'attempt: Int32',
      'key: Dictionary<Int32, Utf8>',
      'step: Int64',
      'time: Float64',
      'value: Float64',
    ]);
    const read = table.toArray().map((row) => {
      expect([row.trial, row.trialId, row.attempt]).toEqual([trial.number, trial.id, 1]);
      return { key: row.key, step: Number(row.step), time: row.time, value: row.value };
    });
    expect(bitsOf(read)).toEqual(bitsOf(points));
  });

  test('both hold all points of all trials over many pages, with the names of each page', async () => {
    const experimentId = (await addExperiment(api.world)).id;
    const trials: Trial[] = [];
    for (let i = 0; i < 3; i++) {
      const trial = await addTrial(api.world, { experimentId });
      trials.push(trial);
      for (let batch = 0; batch < 8; batch++) await append(trial, batch * 10_000, [[`key-${i}`, 10_000]]);
    }

    const csv = readCsv(await (await get(`/export/metrics?experiment=${experimentId}`)).text()).slice(1);
    const bytes = await (await get(`/export/metrics?experiment=${experimentId}&format=arrow`)).arrayBuffer();
    const arrow = tableFromIPC(new Uint8Array(bytes));

    const expected = trials.flatMap(({ number }, i) =>
      Array.from({ length: 80_000 }, (_, step) => `${number} key-${i} ${step}`),
    );
    expect(csv.map(([number, , , key, step]) => `${number} ${key} ${step}`)).toEqual(expected);
    expect(arrow.batches.length).toBeGreaterThan(2);
    expect(arrow.toArray().map(({ trial, key, step }) => `${trial} ${key} ${step}`)).toEqual(expected);
  });

  test('only the keys asked for, in a list or one by one', async () => {
    const { trial } = await aTrialWithPoints();
    const keysOf = async (query: string) => {
      const rows = readCsv(await (await get(`/export/metrics?trial=${trial.id}&${query}`)).text()).slice(1);
      return [...new Set(rows.map(([, , , key]) => bare(key ?? null)))];
    };

    expect(await keysOf('keys=loss,=1%2B1')).toEqual(['loss', '=1+1']);
    expect(await keysOf('key=a,b&key=loss')).toEqual(['loss', 'a,b']);
    expect(await keysOf('keys=absent')).toEqual([]);
  });

  test('an experiment without a point is a table without a row', async () => {
    const { id } = await addExperiment(api.world);

    const csv = await (await get(`/export/metrics?experiment=${id}`)).text();
    const arrow = tableFromIPC(
      new Uint8Array(await (await get(`/export/metrics?experiment=${id}&format=arrow`)).arrayBuffer()),
    );

    expect(csv).toBe('trial,trialId,attempt,key,step,time,value\r\n');
    expect([arrow.numRows, arrow.numCols]).toEqual([0, 7]);
  });

  test('a download that nothing caches, runs or names by a stranger', async () => {
    const { id } = await addExperiment(api.world, { name: 'Übung "1"; x=/…/<b>\r' });

    const headers = async (query: string) => Object.fromEntries((await get(`/export/${query}`)).headers);

    expect(await headers(`metrics?experiment=${id}`)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="bung-1-x-b-metrics.csv"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    });
    expect(await headers(`trials?experiment=${id}&format=arrow`)).toMatchObject({
      'content-type': 'application/vnd.apache.arrow.stream',
      'content-disposition': 'attachment; filename="bung-1-x-b-trials.arrows"',
    });
  });
});

describe('GET /export/trials', () => {
  async function aTable(): Promise<{ experimentId: ExperimentId; first: Trial; second: Trial }> {
    const experimentId = (await addExperiment(api.world)).id;
    const params = { rate: 0.1, name: '=cmd|x', flag: true, none: null, both: 1 };
    const first = await addTrial(api.world, { experimentId, params, name: '-first, "x"', tags: ['a', '=b'] });
    const second = await addTrial(api.world, {
      experimentId,
      params: { both: '1', rate: 5e-324 },
      state: 'COMPLETED',
      value: Number.NaN,
      endedAt: new Date('2026-01-02T03:04:05.678Z'),
    });
    for (const trial of [first, second]) await addParamRows(trial);
    await append(first, 0, [['loss', 3]]);
    await append(second, 0, [['=odd', 1]], [Number.POSITIVE_INFINITY]);
    return { experimentId, first, second };
  }
  /** `addTrial` writes the row alone. */
  async function addParamRows(trial: Trial): Promise<void> {
    for (const [name, value] of Object.entries(trial.params))
      await api.world.deps.database.read.query(
        'INSERT INTO trial_param (experiment_id, trial_id, name, number, text) VALUES ($1, $2, $3, $4, $5)',
        [
          ...[trial.experimentId, trial.id, name],
          ...[
            typeof value === 'number' ? value : null,
            typeof value === 'number' || value === null ? null : `${value}`,
          ],
        ],
      );
  }
  const COLUMNS = [
    ...['number', 'id', 'name', 'state', 'value', 'createdAt', 'startedAt', 'endedAt', 'tags'],
    ...['params.both', 'params.flag', 'params.name', 'params.none', 'params.rate'],
    ...['metrics.=odd.last', 'metrics.=odd.min', 'metrics.=odd.max'],
    ...['metrics.loss.last', 'metrics.loss.min', 'metrics.loss.max'],
  ];

  test('CSV: one row per trial, with all that any trial has', async () => {
    const { experimentId, first, second } = await aTable();

    const [head, ...rows] = readCsv(await (await get(`/export/trials?experiment=${experimentId}`)).text());

    expect(head).toEqual(COLUMNS);
    const times = (trial: Trial) => [trial.createdAt.toISOString(), trial.startedAt?.toISOString()];
    expect(rows).toEqual([
      [
        ...[String(first.number), first.id, `'-first, "x"`, 'RUNNING', null, ...times(first), null, '["a","=b"]'],
        ...['1', 'true', "'=cmd|x", null, '0.1', null, null, null, '2', '0', '2'],
      ],
      [
        ...[
          String(second.number),
          second.id,
          null,
          'COMPLETED',
          'NaN',
          ...times(second),
          '2026-01-02T03:04:05.678Z',
          '[]',
        ],
        ...['1', null, null, null, '5e-324', 'Infinity', null, null, null, null, null],
      ],
    ]);
  });

  test('Arrow: numbers are numbers where all of them are, and what is missing is null', async () => {
    const { experimentId, first, second } = await aTable();

    const response = await get(`/export/trials?experiment=${experimentId}&format=arrow`);

    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.schema.fields.map(({ name }) => name)).toEqual(COLUMNS);
    const column = (name: string) => table.getChild(name)?.toArray();
    const values = (name: string) => [...(table.getChild(name) ?? [])];
    expect(values('id')).toEqual([first.id, second.id]);
    expect(values('name')).toEqual(['-first, "x"', null]);
    expect(values('value')).toEqual([null, Number.NaN]);
    expect(values('params.rate')).toEqual([0.1, 5e-324]);
    expect(values('params.both')).toEqual(['1', '1']);
    expect(values('params.flag')).toEqual(['true', null]);
    expect(values('metrics.=odd.last')).toEqual([null, Number.POSITIVE_INFINITY]);
    expect(values('metrics.loss.max')).toEqual([2, null]);
    expect(values('tags').map((tags) => [...tags])).toEqual([['a', '=b'], []]);
    expect(column('endedAt')?.[1]).toBeDefined();
    expect(values('endedAt')).toEqual([null, Date.parse('2026-01-02T03:04:05.678Z')]);
  });

  test('more trials than a page, those that a filter finds, and the metrics asked for', async () => {
    const experimentId = (await addExperiment(api.world)).id;
    const trials: Trial[] = [];
    for (let i = 0; i < 450; i++)
      trials.push(await addTrial(api.world, { experimentId, state: i % 3 === 0 ? 'FAILED' : 'COMPLETED' }));
    await append(trials[0] as Trial, 0, [['a', 1]]);
    const numbersOf = async (query: string) => {
      const rows = readCsv(await (await get(`/export/trials?experiment=${experimentId}${query}`)).text());
      return rows.slice(1).map(([number]) => Number(number));
    };
    const numbers = trials.map(({ number }) => number);

    expect(await numbersOf('')).toEqual(numbers);
    expect(await numbersOf(`&where=${encodeURIComponent('state = FAILED')}`)).toEqual(
      numbers.filter((_, i) => i % 3 === 0),
    );
    const [head] = readCsv(await (await get(`/export/trials?experiment=${experimentId}&key=b`)).text());
    expect(head?.slice(9)).toEqual(['metrics.b.last', 'metrics.b.min', 'metrics.b.max']);
  });
});

describe('who may export', () => {
  test('what is foreign answers like what is absent, and nothing comes with it', async () => {
    const foreign = await addOrganization(api.world);
    const { secret } = await createApiKey(api.world.deps, foreign.admin, { kind: 'USER', name: 'foreign' });
    const elsewhere = await addProject(api.world);
    const input = { kind: 'SERVICE', name: 'elsewhere', role: 'viewer', projectId: elsewhere.id } as const;
    const beside = (await createApiKey(api.world.deps, api.world.admin, input)).secret;

    for (const key of [secret, beside]) {
      for (const format of ['csv', 'arrow']) {
        const urls = [
          `metrics?experiment=${api.experimentId}`,
          `metrics?trial=${api.trialId}`,
          `trials?experiment=${api.experimentId}`,
        ].map((one) => `/export/${one}&format=${format}`);
        for (const url of urls) expect([url, await refusalOf(url, key)]).toEqual([url, [404, 'NOT_FOUND']]);
      }
    }
    expect(await refusalOf(`/export/metrics?experiment=${NO_ONE}`)).toEqual([404, 'NOT_FOUND']);
    expect(await refusalOf('/export/trials?experiment=x')).toEqual([404, 'NOT_FOUND']);
  });

  test('viewers may; a trial’s token its own points; a runner nothing', async () => {
    const { experimentId, trialId, keys } = api;
    const other = await addTrial(api.world, { experimentId });
    const status = async (url: string, key: string) => (await get(`/export/${url}`, key)).status;

    expect(await status(`metrics?experiment=${experimentId}`, keys.viewer)).toBe(200);
    expect(await status(`trials?experiment=${experimentId}`, keys.viewer)).toBe(200);
    expect(await status(`metrics?trial=${trialId}`, keys.trial)).toBe(200);
    expect(await status(`metrics?trial=${other.id}`, keys.trial)).toBe(404);
    expect(await status(`metrics?experiment=${experimentId}`, keys.trial)).toBe(403);
    expect(await status(`trials?experiment=${experimentId}`, keys.trial)).toBe(403);
    expect(await status(`metrics?trial=${trialId}`, keys.runner)).toBe(403);
    expect(await status(`trials?experiment=${experimentId}`, keys.runner)).toBe(403);
  });

  test('a login only from our own pages', async () => {
    const cookie = await login(api);
    const url = `${api.url}/export/metrics?trial=${api.trialId}`;
    const from = (site: string) => fetch(url, { headers: { cookie, 'sec-fetch-site': site } });

    expect((await from('same-origin')).status).toBe(200);
    expect((await from('cross-site')).status).toBe(403);
  });

  test.each([
    ['/export/metrics', 'INPUT_INVALID'],
    [`/export/metrics?experiment=${NO_ONE}&trial=${NO_ONE}`, 'INPUT_INVALID'],
    [`/export/metrics?experiment=${NO_ONE}&format=xlsx`, 'INPUT_INVALID'],
    [`/export/metrics?experiment=${NO_ONE}&wher=x`, 'INPUT_INVALID'],
    [`/export/metrics?experiment=${NO_ONE}&experiment=${NO_ONE}`, 'INPUT_INVALID'],
    ['/export/trials', 'INPUT_INVALID'],
    ['/export/trials?experiment=OURS&where=state+%3D', 'FILTER_INVALID'],
  ])('%s is refused with %s', async (url, code) => {
    expect(await refusalOf(url.replace('OURS', api.experimentId))).toEqual([400, code]);
  });

  test('a key that is revoked while it downloads gets no more', async () => {
    const trial = await addTrial(api.world);
    for (let i = 0; i < 60; i++) await append(trial, i * 10_000, [['loss', 10_000]]);
    const { apiKey, secret } = await createApiKey(api.world.deps, api.world.admin, { kind: 'USER', name: 'to revoke' });
    const response = await get(`/export/metrics?trial=${trial.id}`, secret);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();

    await revokeApiKey(api.world.deps, api.world.admin, { id: apiKey.id });

    await expect(drain(reader)).rejects.toThrow();
    expect(api.world.logged.at(-1)).toMatch(/an export was cut short: the API key is not valid/);
  });
});

interface Point {
  readonly key: string;
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

async function aTrialWithPoints(): Promise<{ trial: Trial; points: Point[] }> {
  const trial = await addTrial(api.world);
  const points = KEYS.flatMap((key, k) =>
    VALUES.map((value, i) => ({
      key,
      step: STEPS[(i + k) % STEPS.length] as number,
      time: 1_700_000_000.123456 + i / 3,
      value,
    })),
  );
  await api.world.deps.metrics.append({
    ...{ projectId: trial.projectId, trialId: trial.id, attempt: 1, epoch: 1, stream: 's', seq: 0, dropped: 0 },
    series: KEYS.map((key) => {
      const own = points.filter((point) => point.key === key);
      return {
        key,
        steps: Float64Array.from(own, ({ step }) => step),
        times: Float64Array.from(own, ({ time }) => time),
        values: Float64Array.from(own, ({ value }) => value),
      };
    }),
  });
  return { trial, points };
}

/** Points of these keys; values are the steps unless given. */
async function append(
  trial: Trial,
  seq: number,
  series: readonly (readonly [key: string, count: number])[],
  given?: readonly number[],
): Promise<void> {
  const { outcome } = await api.world.deps.metrics.append({
    ...{ projectId: trial.projectId, trialId: trial.id, attempt: 1, epoch: 1, stream: 's', seq, dropped: 0 },
    series: series.map(([key, count]) => {
      const steps = Float64Array.from({ length: count }, (_, i) => seq + i);
      return { key, steps, times: steps, values: given === undefined ? steps : Float64Array.from(given) };
    }),
  });
  expect(outcome).toBe('ACCEPTED');
}

function bitsOf(points: readonly Point[]): string[] {
  const bits = (value: number) =>
    Number.isNaN(value) ? 'NaN' : Buffer.from(Float64Array.of(value).buffer).toString('hex');
  return points.map(({ key, step, time, value }) => `${key} ${step} ${bits(time)} ${bits(value)}`);
}

function get(url: string, key = api.keys.admin): Promise<Response> {
  return fetch(`${api.url}${url}`, { headers: credential(key) });
}

async function refusalOf(url: string, key = api.keys.admin): Promise<unknown[]> {
  const response = await get(url, key);
  const { status, errors } = await answerOf(response);
  return [status, errors[0]?.extensions.code];
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> {
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes;
    bytes += value.length;
  }
}

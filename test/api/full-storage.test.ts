import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorageGuard } from '../../src/store/storage/storage-guard.js';
import { type Api, openApi, post } from './server.js';

let api: Api;
let freeBytes = 100;
let look: () => Promise<void>;
beforeAll(async () => {
  api = await openApi({
    wrap: ({ deps }) => {
      const gauge = async () => ({ what: 'the disk', freeBytes, lowBytes: 10, highBytes: 20 });
      const storage = createStorageGuard({ ...deps, gauges: [gauge], monotonicMs: () => deps.clock.monotonicMs() });
      look = storage.look;
      return { ...deps, storage };
    },
  });
});
afterAll(() => api.close());

const REPORT = 'mutation($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq } }';

function report() {
  const one = [1];
  const series = [{ key: 'loss', steps: one, times: one, values: one }];
  const input = { trialId: api.trialId, attempt: 1, stream: 's', seq: 0, series };
  return post(api.url, api.keys.trial, REPORT, { input });
}

test('a full disk is 507 with Retry-After for new data, and nothing else; with room it is taken', async () => {
  freeBytes = 9;
  await look();
  const refused = await report();

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([507, '5']);
  expect(refused.errors[0]?.extensions).toEqual({ code: 'STORAGE_FULL', retry: 'later', retryAfterSeconds: 5 });
  const read = await post(
    api.url,
    api.keys.admin,
    '{ serverStatus { storageFull message } projects(first: 1) { totalCount } }',
  );
  expect([read.status, read.headers.get('retry-after'), read.data.projects.totalCount]).toEqual([200, null, 1]);
  expect(read.data.serverStatus).toMatchObject({ storageFull: true, message: expect.stringContaining('the disk') });
  const ready = await fetch(`${api.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', storage: 'full' }]);
  const begin = 'mutation($input: BeginArtifactInput!) { beginArtifact(input: $input) { artifact { id } } }';
  const artifact = {
    trialId: api.trialId,
    attempt: 1,
    name: 'a',
    kind: 'model',
    fileName: 'a',
    sizeBytes: 1,
    sha256: '0'.repeat(64),
  };
  expect((await post(api.url, api.keys.trial, begin, { input: artifact })).status).toBe(507);

  freeBytes = 20;
  await look();
  expect((await report()).data).toEqual({ reportMetrics: { outcome: 'ACCEPTED', nextSeq: 1 } });
});

/** A download is read from the store only as fast as somebody takes it, and no longer than somebody is there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trial } from '../../../src/domain/trial.js';
import { addTrial } from '../../support/builders.js';
import { type Api, credential, openApi } from '../server.js';

const BATCH = 10_000;
const BATCHES = 100;
/** Of the store, for the whole download: 100,000 points each. */
const PAGES = 10;

let api: Api;
let large: Trial;
let reads = 0;
beforeAll(async () => {
  api = await openApi({
    wrap: ({ deps }) => ({
      ...deps,
      metrics: {
        ...deps.metrics,
        readTail: (query) => {
          reads += 1;
          return deps.metrics.readTail(query);
        },
      },
    }),
  });
  large = await addTrial(api.world);
  const { projectId, id: trialId } = large;
  for (let i = 0; i < BATCHES; i++) {
    const steps = Float64Array.from({ length: BATCH }, (_, at) => i * BATCH + at);
    const series = [{ key: 'loss', steps, times: steps, values: steps.map(Math.sin) }];
    const place = { projectId, trialId, attempt: 1, epoch: 1, stream: 's', seq: i * BATCH, dropped: 0 };
    await api.world.deps.metrics.append({ ...place, series });
  }
});
afterAll(() => api.close());

test.each(['csv', 'arrow'])('%s: who does not read on holds the reading back', async (format) => {
  reads = 0;
  const response = await download(format);
  await rounds(50);
  const held = reads;
  const bytes = (await response.arrayBuffer()).byteLength;

  expect(held).toBeLessThan(PAGES / 2);
  expect(bytes).toBeGreaterThan(BATCH * BATCHES * 24);
  expect(reads).toBe(PAGES);
});

test.each(['csv', 'arrow'])('%s: who leaves ends the reading', async (format) => {
  reads = 0;
  const leaving = new AbortController();
  const response = await download(format, leaving.signal);
  const reader = response.body?.getReader();
  await reader?.read();

  leaving.abort();

  await rounds(50);
  const stopped = reads;
  await rounds(50);
  expect(reads).toBe(stopped);
  expect(stopped).toBeLessThan(PAGES / 2);
  expect(api.world.logged).toEqual([]);
});

function download(format: string, signal?: AbortSignal): Promise<Response> {
  const url = `${api.url}/export/metrics?trial=${large.id}&format=${format}`;
  return fetch(url, { headers: credential(api.keys.admin), ...(signal ? { signal } : {}) });
}

/** Time for the server in turns of its own: each is a request that it has to answer. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await (await fetch(`${api.url}/version`)).text();
}

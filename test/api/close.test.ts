import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, openApi } from './server.js';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test('a request that was under way when the server began to stop is answered', async () => {
  const body = JSON.stringify({ query: '{ viewer { __typename } }' });
  const request = httpRequest(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${api.keys.admin}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
  });
  request.write(body.slice(0, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));

  const closed = api.server.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  request.end(body.slice(5));

  expect(await answered).toMatchObject({ status: 200, text: expect.stringContaining('"data"') });
  await closed;
});

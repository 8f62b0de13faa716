import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { connect } from '../../src/runner/connect.js';

it('waits for the answer of a lease that was asked for before the end: what it brings must be given back', async () => {
  const asked = createServer();
  asked.listen(0, '127.0.0.1');
  await once(asked, 'listening');
  const end = new AbortController();
  const url = `http://127.0.0.1:${(asked.address() as AddressInfo).port}`;
  const api = connect({ url, apiKey: 'tg', signal: end.signal });

  const leasing = api.lease({ runnerId: 'r', freeSlots: 1, freeGpus: 0, max: 1 });
  const [, response] = (await once(asked, 'request')) as [unknown, ServerResponse];
  end.abort();
  await new Promise((done) => setImmediate(done));
  response.end(JSON.stringify({ data: { leaseJobs: [] } }));

  expect(await leasing).toEqual([]);
  await api.close();
  asked.close();
});

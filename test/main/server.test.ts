/** A server as a process: how it starts, refuses to start, and goes on where it was. */
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProjectDocument } from '../../sdk/typescript/generated/operations.js';
import { init } from '../../sdk/typescript/index.js';
import { freePort } from '../support/free-port.js';
import { createPlatform, type Platform, startCli } from '../support/platform.js';

let platform: Platform;

beforeEach(async () => {
  platform = await createPlatform();
});
afterEach(() => platform.close());

it('goes on where it was', { timeout: 60_000 }, async () => {
  const first = await platform.startServer();
  const client = await platform.client();
  await (await client.init({ project: 'kept', experiment: 'x', params: { a: 1 } })).finish();
  await client.close();
  await first.process.kill('SIGTERM');

  await platform.startServer();
  const again = await platform.client();

  expect((await again.request(ProjectDocument, { name: 'kept' })).project?.name).toBe('kept');
  expect(await first.process.ended).toBe(0);
  await again.close();
});

it('says clearly that the folder is in use, and by whom', { timeout: 60_000 }, async () => {
  const { process: first } = await platform.startServer();

  const second = startCli(['server'], {
    TRIALGRAPH_DATA_DIR: platform.dataDirectory,
    TRIALGRAPH_PORT: String(await freePort()),
  });

  expect(await second.ended).toBe(78);
  expect(second.output()).toContain(
    `a server is running on ${platform.dataDirectory} already: pid ${first.child.pid}, ${platform.url}`,
  );
});

it('says clearly that the port is taken, before it starts anything', { timeout: 60_000 }, async () => {
  const other = createServer().listen(platform.port, '127.0.0.1');

  const server = startCli(['up'], {
    TRIALGRAPH_DATA_DIR: platform.dataDirectory,
    TRIALGRAPH_PORT: String(platform.port),
  });

  expect(await server.ended).toBe(78);
  expect(server.output()).toContain(`port ${platform.port} is taken by another program`);
  await expect(stat(join(platform.dataDirectory, 'postgres'))).rejects.toThrow();
  other.close();
});

it('keeps its secrets in files that only their owner can read, and out of its output', {
  timeout: 60_000,
}, async () => {
  const { process: server } = await platform.startServer();

  for (const name of ['pepper', 'client.json', 'runner.json']) {
    expect((await stat(join(platform.dataDirectory, name))).mode & 0o077, name).toBe(0);
  }
  const { apiKey } = JSON.parse(await readFile(join(platform.dataDirectory, 'client.json'), 'utf8'));
  const trial = await init({ url: platform.url, apiKey, project: 'p', experiment: 'e' });
  trial.log({ loss: 1 });
  await trial.finish();
  expect(server.output()).not.toMatch(/tg_[a-z]{3}_/);
});

it('uses the Postgres of DATABASE_URL instead of its own', { timeout: 60_000 }, async () => {
  const { cloneTemplate } = await import('../support/database.js');
  const database = await cloneTemplate();

  await platform.startServer({ DATABASE_URL: database.url });
  const client = await platform.client();
  await (await client.init({ project: 'elsewhere', experiment: 'x' })).finish();

  await expect(stat(join(platform.dataDirectory, 'postgres'))).rejects.toThrow();
  await client.close();
  await platform.close();
  platform = await createPlatform();
  await database.drop();
});

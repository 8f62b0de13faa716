import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFileBlobStore } from '../../../src/store/blobs/files/file-blob-store.js';
import { blobStoreContract, chunks, digestOf } from '../../contract/blob-store.js';
import { codeOf } from '../../support/builders.js';

let base: string;

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'trialgraph-blob-test-'));
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

async function directory(): Promise<string> {
  return mkdtemp(path.join(base, 'store-'));
}

blobStoreContract('files', async () => openFileBlobStore(await directory()));

it('keeps blobs where only our account can read them', async () => {
  const root = await directory();
  const store = await openFileBlobStore(path.join(root, 'blobs'));

  await store.put('ab/cd', chunks('x'), digestOf('x'));

  expect((await stat(path.join(root, 'blobs/ab'))).mode & 0o077).toBe(0);
  expect((await stat(path.join(root, 'blobs/ab/cd'))).mode & 0o077).toBe(0);
});

it('leaves no temporary file after a refused put', async () => {
  const root = await directory();
  const store = await openFileBlobStore(root);

  expect(await codeOf(store.put('ab', chunks('y'), digestOf('x')))).toBe('ARTIFACT_CORRUPT');

  expect(await readdir(path.join(root, '.temporary'))).toEqual([]);
});

it('heals bytes that were damaged at rest when they are put again', async () => {
  const root = await directory();
  const store = await openFileBlobStore(root);
  await store.put('ab', chunks('hello'), digestOf('hello'));
  await writeFile(path.join(root, 'ab'), 'hallo');
  expect(await store.digest('ab')).toEqual(digestOf('hallo'));

  await store.put('ab', chunks('hello'), digestOf('hello'));

  expect(await readFile(path.join(root, 'ab'), 'utf8')).toBe('hello');
});

it('removes at its start what a dead process left unfinished, not what another one writes now', async () => {
  const root = await directory();
  await openFileBlobStore(root);
  const [old, young] = [path.join(root, '.temporary/old'), path.join(root, '.temporary/young')];
  await writeFile(old, 'x');
  await writeFile(young, 'x');
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  await utimes(old, longAgo, longAgo);

  await openFileBlobStore(root);

  expect(await readdir(path.join(root, '.temporary'))).toEqual(['young']);
});

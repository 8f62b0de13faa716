/** The rules of a blob store, for every adapter to pass. */
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobDigest, BlobStore } from '../../src/store/blobs/blob-store.js';
import { codeOf } from '../support/builders.js';

const ORGANIZATION = '00000000-0000-7000-8000-00000000000a';

export function digestOf(content: string): BlobDigest {
  return { sizeBytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

export async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

/** `open` gives an empty store each time. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store ${name}`, () => {
    let store: BlobStore;
    const keyOf = (content: string): string => `${ORGANIZATION}/${digestOf(content).sha256}`;
    const put = (content: string, ...parts: string[]): Promise<void> =>
      store.put(keyOf(content), chunks(...(parts.length > 0 ? parts : [content])), digestOf(content));
    const read = async (key: string): Promise<string | null> => {
      const blob = await store.open(key);
      return blob === null ? null : text(blob.stream);
    };

    beforeEach(async () => {
      store = await open();
    });

    it('gives back the bytes that were put, and their size', async () => {
      await put('hello world', 'hello', ' ', 'world');

      expect(await read(keyOf('hello world'))).toBe('hello world');
      const blob = await store.open(keyOf('hello world'));
      expect(blob?.sizeBytes).toBe(11);
      blob?.stream.destroy();
    });

    it('keeps an empty blob', async () => {
      await put('');

      expect(await read(keyOf(''))).toBe('');
      expect(await store.digest(keyOf(''))).toEqual(digestOf(''));
    });

    it('keeps a blob of many megabytes', async () => {
      const content = 'x'.repeat(1_000_003).repeat(12);

      await put(content, ...(content.match(/.{1,65536}/g) ?? []));

      expect(await store.digest(keyOf(content))).toEqual(digestOf(content));
    });

    it('has nothing under a key that was never put', async () => {
      expect(await store.open(keyOf('absent'))).toBeNull();
      expect(await store.digest(keyOf('absent'))).toBeNull();
    });

    it.each([
      ['too few bytes', 'hello', 'hell'],
      ['too many bytes', 'hello', 'hello!'],
      ['other bytes', 'hello', 'hallo'],
    ])('refuses %s and keeps nothing of them', async (_, promised, sent) => {
      expect(await codeOf(store.put(keyOf(promised), chunks(sent), digestOf(promised)))).toBe('ARTIFACT_CORRUPT');
      expect(await store.open(keyOf(promised))).toBeNull();
    });

    it('keeps what was there when a second put is refused', async () => {
      await put('hello');

      expect(await codeOf(store.put(keyOf('hello'), chunks('hallo'), digestOf('hello')))).toBe('ARTIFACT_CORRUPT');
      expect(await read(keyOf('hello'))).toBe('hello');
    });

    it('keeps nothing when the sender breaks off, and passes its error on', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('he');
        throw new Error('connection reset');
      }

      await expect(store.put(keyOf('hello'), broken(), digestOf('hello'))).rejects.toThrow('connection reset');
      expect(await store.open(keyOf('hello'))).toBeNull();
    });

    it('stops reading a sender that sends more than it promised', async () => {
      let sent = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          sent += 1;
          yield Buffer.alloc(1000);
        }
      }

      expect(await codeOf(store.put(keyOf('hello'), endless(), digestOf('hello')))).toBe('ARTIFACT_CORRUPT');
      expect(sent).toBeLessThan(10);
    });

    it('takes the same bytes again, also at the same time', async () => {
      await Promise.all(Array.from({ length: 8 }, () => put('hello')));
      await put('hello');

      expect(await read(keyOf('hello'))).toBe('hello');
    });

    it('forgets what is deleted, and minds no absent key', async () => {
      await put('hello');

      await store.delete(keyOf('hello'));
      await store.delete(keyOf('hello'));

      expect(await store.open(keyOf('hello'))).toBeNull();
    });

    it('lets a reader finish what is deleted or put again meanwhile', async () => {
      const content = 'y'.repeat(300_000);
      await put(content);
      const blob = await store.open(keyOf(content));

      await put(content);
      await store.delete(keyOf(content));

      expect(blob === null ? '' : await text(blob.stream)).toBe(content);
    });

    it.each([
      '',
      '../secret',
      '/etc/passwd',
      'a//b',
      'a/../b',
      'A',
      'a\0b',
      'a\\b',
      'file:aa',
      'a/',
      '%2e%2e/a',
      '.temporary',
      '-a',
      'é',
    ])('refuses the key %j: only ids and digests are keys', async (key) => {
      expect(await codeOf(store.put(key, chunks('x'), digestOf('x')))).toBe('INTERNAL');
      expect(await codeOf(store.open(key))).toBe('INTERNAL');
      expect(await codeOf(store.digest(key))).toBe('INTERNAL');
      expect(await codeOf(store.delete(key))).toBe('INTERNAL');
    });
  });
}

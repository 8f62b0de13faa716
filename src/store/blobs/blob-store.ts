/**
 * Where artifacts' bytes are kept (port; `files/` on this machine's disk). Every rule below is a case of
 * `test/contract/blob-store.ts`, which each adapter must pass.
 */
import type { Readable } from 'node:stream';
import { PlatformError } from '../../domain/errors.js';

export interface BlobStore {
  /**
   * Keeps the bytes under `key`; when this resolves they are durable. Putting the same bytes again is allowed and
   * heals them. Bytes that differ from `expected` leave nothing behind, and what was there before stays.
   * @throws ARTIFACT_CORRUPT when size or checksum differ; STORAGE_FULL when the disk is full.
   */
  put(key: string, bytes: AsyncIterable<Uint8Array>, expected: BlobDigest): Promise<void>;
  /** The bytes as a stream that the caller must consume or destroy; null when there are none. */
  open(key: string): Promise<{ readonly stream: Readable; readonly sizeBytes: number } | null>;
  /** Size and checksum of the bytes as they are in the store now, read in full; null when there are none. */
  digest(key: string): Promise<BlobDigest | null>;
  /** Removes the bytes; absent ones are fine. Readers that have them open read on. */
  delete(key: string): Promise<void>;
}

export interface BlobDigest {
  readonly sizeBytes: number;
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
}

const KEY = /^[0-9a-f][0-9a-f-]{0,127}(\/[0-9a-f][0-9a-f-]{0,127}){0,7}$/;

/** `key` itself. Keys are ids and hex digests, made by the server; a user's string never becomes one. @throws INTERNAL. */
export function checkBlobKey(key: string): string {
  if (!KEY.test(key)) throw new PlatformError('INTERNAL', 'a storage key must be made of ids and digests');
  return key;
}

/**
 * Blobs as files below one folder: temporary file, fsync, rename, fsync of the folder. A crash leaves either the whole
 * blob or a temporary file that is removed at the next start.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../../../domain/errors.js';
import { type BlobDigest, type BlobStore, checkBlobKey } from '../blob-store.js';

const TEMPORARY = '.temporary';

/** The store in `directory`, which is made if it is not there; only our account can read it. */
export async function openFileBlobStore(directory: string): Promise<BlobStore> {
  const root = path.resolve(directory);
  const temporary = path.join(root, TEMPORARY);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeAbandoned(temporary);
  const fileOf = (key: string): string => path.join(root, ...checkBlobKey(key).split('/'));

  return {
    async put(key, bytes, expected) {
      const file = fileOf(key);
      const unfinished = path.join(temporary, randomUUID());
      try {
        await fullDiskTranslated(async () => {
          checkDigest(await write(unfinished, bytes, expected.sizeBytes), expected);
          await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
          await rename(unfinished, file);
          await syncFolders(root, path.dirname(file));
        });
      } finally {
        await rm(unfinished, { force: true });
      }
    },

    async open(key) {
      const handle = await openIfThere(fileOf(key));
      if (handle === null) return null;
      const { size } = await handle.stat();
      return { stream: handle.createReadStream(), sizeBytes: size };
    },

    async digest(key) {
      const handle = await openIfThere(fileOf(key));
      if (handle === null) return null;
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of handle.createReadStream() as AsyncIterable<Buffer>) {
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
      return { sizeBytes, sha256: hash.digest('hex') };
    },

    async delete(key) {
      await rm(fileOf(key), { force: true });
    },
  };
}

/** Writes and fsyncs; stops reading once there are more bytes than were promised. */
async function write(file: string, bytes: AsyncIterable<Uint8Array>, promised: number): Promise<BlobDigest> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      sizeBytes += chunk.length;
      if (sizeBytes > promised) break;
      hash.update(chunk);
      await writeAll(handle, chunk);
    }
    await handle.sync();
    return { sizeBytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await handle.write(chunk, written)).bytesWritten;
}

function checkDigest(actual: BlobDigest, expected: BlobDigest): void {
  if (actual.sizeBytes > expected.sizeBytes) {
    throw new PlatformError(
      'ARTIFACT_CORRUPT',
      `there are more than the ${expected.sizeBytes} bytes that were announced`,
    );
  }
  if (actual.sizeBytes < expected.sizeBytes) {
    throw new PlatformError(
      'ARTIFACT_CORRUPT',
      `only ${actual.sizeBytes} of ${expected.sizeBytes} bytes arrived; send them again`,
    );
  }
  if (actual.sha256 !== expected.sha256) {
    throw new PlatformError(
      'ARTIFACT_CORRUPT',
      `the bytes have SHA-256 ${actual.sha256}, not ${expected.sha256}; send them again`,
    );
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A rename is durable only once its folder is, and a new folder only once its parent is. */
async function syncFolders(root: string, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (folder !== root) await syncFolders(root, path.dirname(folder));
}

/** Temporary files of a process that died; one that is written to now is younger than a day. */
async function removeAbandoned(temporary: string): Promise<void> {
  const DAY_MS = 86_400_000;
  for (const name of await readdir(temporary)) {
    const file = path.join(temporary, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > DAY_MS) await unlink(file);
  }
}

async function fullDiskTranslated(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isFull = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
    throw isFull
      ? new PlatformError('STORAGE_FULL', 'there is no disk space for this artifact; free some and try again')
      : error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

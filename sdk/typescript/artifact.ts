/** Artifacts: the bytes go to the server beside GraphQL, and count only once their checksum was verified. */

import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Client, refusalOf } from './client.js';
import { ArtifactCorruptError, InputInvalidError, NetworkError, type TrialgraphError } from './errors.js';
import {
  type ArtifactFieldsFragment,
  BeginArtifactDocument,
  type CheckpointFieldsFragment,
  CommitArtifactDocument,
} from './generated/operations.js';
import { backoffMs, sleep } from './retry.js';

const ATTEMPTS = 5;
const BACKOFF = { baseMs: 500, maxMs: 10_000 };

export type Artifact = ArtifactFieldsFragment;

/** An artifact as a program needs it that goes on from it. */
export type Checkpoint = CheckpointFieldsFragment;

export interface ArtifactOptions {
  /** Default: the file's name. */
  readonly name?: string | undefined;
  /** What it is, such as `model`; default `file`. */
  readonly kind?: string | undefined;
}

/**
 * Uploads one file for a trial and resolves once it is committed.
 *
 * @throws INPUT_INVALID when `path` is not a file; ARTIFACT_CORRUPT when it changed meanwhile; NetworkError.
 */
export async function uploadArtifact(
  client: Client,
  trial: { readonly id: string; readonly attempt: number },
  path: string,
  options: ArtifactOptions,
): Promise<Artifact> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new InputInvalidError('INPUT_INVALID', `${path} is not a file`, 'never');
  const fileName = basename(path);
  const input = {
    trialId: trial.id,
    attempt: trial.attempt,
    name: options.name ?? fileName,
    kind: options.kind ?? 'file',
    fileName,
    sizeBytes: found.size,
    sha256: await sha256Of(path),
  };
  const { beginArtifact } = await client.request(BeginArtifactDocument, { input });
  await put(client, beginArtifact.uploadPath, path, found.size);
  return (await client.request(CommitArtifactDocument, { id: beginArtifact.artifact.id })).commitArtifact;
}

/**
 * Writes the bytes of a committed artifact to `path`: whole and with the checksum it claims, or not at all.
 *
 * @throws ARTIFACT_CORRUPT when the bytes are others, NOT_FOUND, NetworkError.
 */
export async function downloadArtifact(client: Client, artifact: Checkpoint, path: string): Promise<void> {
  const part = `${path}.part-${process.pid}`;
  try {
    await persistently(() => getOnce(client, artifact, part));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function getOnce(client: Client, artifact: Checkpoint, path: string): Promise<TrialgraphError | null> {
  const hash = createHash('sha256');
  try {
    const response = await fetch(`${client.url}${artifact.downloadPath ?? ''}`, { headers: client.authorization });
    if (!response.ok || response.body === null) return refusalOf(response.status, await response.text());
    await pipeline(Readable.fromWeb(response.body), (chunks) => hashed(chunks, hash), createWriteStream(path));
  } catch (error) {
    return new NetworkError(`the download of ${artifact.fileName} was interrupted: ${String(error)}`, error);
  }
  if (hash.digest('hex') === artifact.sha256) return null;
  const message = `the bytes of ${artifact.fileName} are not those that were committed`;
  return new ArtifactCorruptError('ARTIFACT_CORRUPT', message, 'never');
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function put(client: Client, uploadPath: string, path: string, sizeBytes: number): Promise<void> {
  await persistently(() => putOnce(client, uploadPath, path, sizeBytes));
}

/** Tries what says why it failed until it does not, or trying again cannot help. */
async function persistently(work: () => Promise<TrialgraphError | null>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await work();
    if (!failure) return;
    if (failure.retry === 'never' || attempt === ATTEMPTS) throw failure;
    await sleep(backoffMs(attempt, BACKOFF));
  }
}

async function putOnce(
  client: Client,
  uploadPath: string,
  path: string,
  sizeBytes: number,
): Promise<TrialgraphError | null> {
  try {
    const response = await fetch(`${client.url}${uploadPath}`, {
      method: 'PUT',
      headers: {
        ...client.authorization,
        'content-type': 'application/octet-stream',
        'content-length': String(sizeBytes),
      },
      body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    return response.ok ? null : refusalOf(response.status, await response.text());
  } catch (error) {
    return new NetworkError(`the upload of ${path} was interrupted: ${String(error)}`, error);
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

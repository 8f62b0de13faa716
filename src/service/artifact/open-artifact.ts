import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Artifact } from '../../domain/artifact.js';
import { PlatformError } from '../../domain/errors.js';
import type { ArtifactId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findArtifactRow } from '../../store/queries/artifact.js';
import { scopeOfTrialCaller } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { withoutPlace } from './find-artifact.js';

export interface OpenedArtifact {
  readonly artifact: Artifact;
  /** Exactly `artifact.sizeBytes` bytes with its checksum, or an error before the last of them: never wrong bytes in full. */
  readonly stream: Readable;
}

/**
 * The bytes of a COMMITTED artifact. They are hashed as they pass; when they do not match, the stream fails with
 * ARTIFACT_CORRUPT and holds back its end, so that no download of them ever completes.
 * @throws NOT_FOUND, also while it is PENDING; ARTIFACT_CORRUPT when the bytes are gone or have another size.
 */
export async function openArtifact(
  deps: Deps,
  principal: Principal,
  input: { readonly id: string },
): Promise<OpenedArtifact> {
  const id = checkId<ArtifactId>(input.id, 'artifact');
  const row = await findArtifactRow(deps.database.read, scopeOfTrialCaller(principal), id);
  if (row === null || row.state !== 'COMMITTED')
    throw new PlatformError('NOT_FOUND', `there is no committed artifact ${id}`);
  const artifact = withoutPlace(row);
  const blob = await deps.blobs.open(row.storageKey);
  if (blob === null || blob.sizeBytes !== artifact.sizeBytes) {
    blob?.stream.destroy();
    throw corrupt(deps, artifact);
  }
  return { artifact, stream: Readable.from(verified(deps, artifact, blob.stream), { objectMode: false }) };
}

/** The chunks of `source`, each one chunk late: the last is given only after all of them were checked. */
async function* verified(deps: Deps, artifact: Artifact, source: Readable): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer | null = null;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (held !== null) yield held;
    held = chunk;
  }
  if (hash.digest('hex') !== artifact.sha256) throw corrupt(deps, artifact);
  if (held !== null) yield held;
}

function corrupt(deps: Deps, artifact: Artifact): PlatformError {
  deps.log(`artifact ${artifact.id} is corrupt in the store`);
  return new PlatformError(
    'ARTIFACT_CORRUPT',
    `the stored bytes of artifact ${artifact.id} are damaged and are not served`,
  );
}

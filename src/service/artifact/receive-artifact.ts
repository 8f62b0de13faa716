import type { Artifact } from '../../domain/artifact.js';
import { PlatformError } from '../../domain/errors.js';
import type { ArtifactId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findArtifactRow } from '../../store/queries/artifact.js';
import type { ArtifactRow } from '../../store/tables/artifact.js';
import { scopeOfTrialCaller } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { withoutPlace } from './find-artifact.js';
import { requireArtifactWriter } from './require-writer.js';

export interface ReceiveArtifactInput {
  readonly id: string;
  /** The whole body, in order; the caller destroys its source when this throws. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Stores the bytes of a PENDING artifact; sending them again is fine. It stays PENDING until it is committed.
 * @throws NOT_FOUND, FORBIDDEN; STATE_CONFLICT when it is COMMITTED or its attempt was superseded; ARTIFACT_CORRUPT; STORAGE_FULL.
 */
export async function receiveArtifact(
  deps: Deps,
  principal: Principal,
  input: ReceiveArtifactInput,
): Promise<Artifact> {
  const id = checkId<ArtifactId>(input.id, 'artifact');
  const artifact = await requirePending(deps, principal, id);
  const expected = { sizeBytes: artifact.sizeBytes, sha256: artifact.sha256 };
  await deps.storage.guarded(() => deps.blobs.put(artifact.storageKey, input.bytes, expected));
  return withoutPlace(artifact);
}

async function requirePending(deps: Deps, principal: Principal, id: ArtifactId): Promise<ArtifactRow> {
  // Short: the transaction is over before the bytes flow.
  return deps.database.transaction(async (tx) => {
    const artifact = await findArtifactRow(tx, scopeOfTrialCaller(principal), id);
    if (artifact === null) throw new PlatformError('NOT_FOUND', `there is no artifact ${id}`);
    await requireArtifactWriter(tx, principal, artifact.trialId, artifact.attempt);
    if (artifact.state !== 'PENDING')
      throw new PlatformError('STATE_CONFLICT', `artifact ${id} is committed and cannot change; begin another`);
    return artifact;
  });
}

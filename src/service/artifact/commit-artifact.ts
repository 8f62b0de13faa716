import type { Artifact } from '../../domain/artifact.js';
import { PlatformError } from '../../domain/errors.js';
import type { ArtifactId, ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findArtifactRow, markCommitted } from '../../store/queries/artifact.js';
import type { ArtifactRow } from '../../store/tables/artifact.js';
import { requireTrialWriter, scopeOfTrialCaller } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { once } from '../once.js';
import { withoutPlace } from './find-artifact.js';
import { requireArtifactWriter } from './require-writer.js';

export interface CommitArtifactInput {
  readonly id: string;
  readonly clientRequestId?: string | null;
}

/**
 * The artifact, COMMITTED: its bytes are in the store with the size and checksum that were claimed. Committing again
 * gives the same answer.
 * @throws NOT_FOUND, FORBIDDEN; STATE_CONFLICT when the bytes were not sent or the attempt was superseded; ARTIFACT_CORRUPT.
 */
export async function commitArtifact(deps: Deps, principal: Principal, input: CommitArtifactInput): Promise<Artifact> {
  const id = checkId<ArtifactId>(input.id, 'artifact');
  const begun = await requireArtifact(deps, principal, id);
  if (begun.state === 'COMMITTED') return withoutPlace(begun);
  // Before the transaction: reading many bytes may take minutes, and what was put cannot change afterwards.
  await checkBytes(deps, begun);

  const request = { operation: 'commitArtifact', clientRequestId: input.clientRequestId, input };
  const { artifact, experimentId } = await once(deps, principal, request, async (tx) => {
    const trial = await requireArtifactWriter(tx, principal, begun.trialId, begun.attempt);
    const experimentId = trial.experimentId as ExperimentId;
    const committed = await markCommitted(tx, id, deps.clock.now());
    if (committed === null)
      return { artifact: withoutPlace(await requireCommitted(deps, principal, id)), experimentId };
    await recordChange(tx, { projectId: trial.projectId, experimentId, kind: 'artifact', subjectId: id });
    return { artifact: committed, experimentId };
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  return artifact;
}

async function requireArtifact(deps: Deps, principal: Principal, id: ArtifactId): Promise<ArtifactRow> {
  const artifact = await findArtifactRow(deps.database.read, scopeOfTrialCaller(principal), id);
  if (artifact === null) throw new PlatformError('NOT_FOUND', `there is no artifact ${id}`);
  requireTrialWriter(principal, { id: artifact.trialId, projectId: artifact.projectId });
  return artifact;
}

/** Somebody else committed it, or the sweeper removed it. */
async function requireCommitted(deps: Deps, principal: Principal, id: ArtifactId): Promise<ArtifactRow> {
  const artifact = await requireArtifact(deps, principal, id);
  if (artifact.state === 'COMMITTED') return artifact;
  throw new PlatformError('STATE_CONFLICT', `artifact ${id} cannot be committed now; try again`);
}

async function checkBytes(deps: Deps, artifact: ArtifactRow): Promise<void> {
  const stored = await deps.blobs.digest(artifact.storageKey);
  if (stored === null)
    throw new PlatformError(
      'STATE_CONFLICT',
      `the bytes of artifact ${artifact.id} were not sent yet; send them, then commit`,
    );
  if (stored.sizeBytes !== artifact.sizeBytes || stored.sha256 !== artifact.sha256) {
    throw new PlatformError(
      'ARTIFACT_CORRUPT',
      `the stored bytes of artifact ${artifact.id} differ from what was announced; send them again`,
    );
  }
}

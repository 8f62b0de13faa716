import type { Artifact } from '../../domain/artifact.js';
import { PlatformError } from '../../domain/errors.js';
import type { ArtifactId, TrialId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Principal } from '../../domain/roles.js';
import { countArtifacts, insertArtifact, lockStorageKey } from '../../store/queries/artifact.js';
import type { ArtifactRow } from '../../store/tables/artifact.js';
import { checkCount, checkId, checkSha256 } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { once } from '../once.js';
import { requireArtifactWriter } from './require-writer.js';

const MAX_BYTES = 5 * 2 ** 40;
const MOST_PER_TRIAL = 10_000;

export interface BeginArtifactInput {
  readonly trialId: string;
  readonly attempt: number;
  readonly name: string;
  /** For people: `model`, `checkpoint`, `image` … */
  readonly kind: string;
  /** What a download is called; never a path of ours. */
  readonly fileName: string;
  readonly sizeBytes: number;
  /** In lower-case hex. */
  readonly sha256: string;
  readonly clientRequestId?: string | null;
}

/**
 * A PENDING artifact: send its bytes, then commit. Idempotent by `clientRequestId`.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT when the attempt was superseded, NAME_INVALID, INPUT_INVALID, LIMIT_EXCEEDED,
 * STORAGE_FULL.
 */
export async function beginArtifact(deps: Deps, principal: Principal, input: BeginArtifactInput): Promise<Artifact> {
  const trialId = checkId<TrialId>(input.trialId, 'trial');
  const claimed = {
    name: checkName(input.name, 'artifact name'),
    kind: checkName(input.kind, 'artifact kind'),
    fileName: checkFileName(input.fileName),
    sizeBytes: checkSize(input.sizeBytes),
    sha256: checkSha256(input.sha256),
  };
  const request = { operation: 'beginArtifact', clientRequestId: input.clientRequestId, input };
  deps.storage.assertRoom();
  return once(deps, principal, request, async (tx) => {
    const trial = await requireArtifactWriter(tx, principal, trialId, input.attempt);
    if ((await countArtifacts(tx, trialId, MOST_PER_TRIAL)) >= MOST_PER_TRIAL)
      throw new PlatformError('LIMIT_EXCEEDED', `a trial may have at most ${MOST_PER_TRIAL} artifacts`);
    const row: ArtifactRow = {
      id: newId<ArtifactId>(deps),
      projectId: trial.projectId,
      trialId,
      attempt: trial.attempt,
      ...claimed,
      state: 'PENDING',
      createdAt: deps.clock.now(),
      committedAt: null,
      epoch: principal.kind === 'trial' ? principal.epoch : null,
      // Equal bytes share a place within a project, never across: nobody learns what others have.
      storageKey: `${principal.organizationId}/${trial.projectId}/${claimed.sha256}`,
    };
    await lockStorageKey(tx, row.storageKey);
    await insertArtifact(tx, row);
    const { epoch: _epoch, storageKey: _storageKey, ...artifact } = row;
    return artifact;
  });
}

function checkFileName(fileName: string): string {
  const checked = checkName(fileName, 'file name');
  if (checked.includes('/')) throw new PlatformError('NAME_INVALID', 'the file name may not contain a slash');
  return checked;
}

function checkSize(sizeBytes: number): number {
  if (sizeBytes > MAX_BYTES)
    throw new PlatformError('LIMIT_EXCEEDED', `an artifact may be at most ${MAX_BYTES} bytes large`);
  return checkCount(sizeBytes, 'sizeBytes');
}

import type { DatasetVersion } from '../../domain/dataset.js';
import { PlatformError } from '../../domain/errors.js';
import type { DatasetId, DatasetVersionId, ProjectId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Principal } from '../../domain/roles.js';
import { ensureDataset, findLatestDatasetVersion, insertDatasetVersion } from '../../store/queries/dataset.js';
import { requireProject } from '../authorize.js';
import { checkId, checkOptionalCount, checkOptionalText, checkSha256, checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { once } from '../once.js';

export interface RegisterDatasetInput {
  readonly projectId: string;
  readonly name: string;
  readonly description?: string | null;
  /** Where the bytes are. The server never opens it. */
  readonly uri: string;
  readonly sha256: string;
  readonly sizeBytes?: number | null;
  readonly rows?: number | null;
  readonly licence?: string | null;
  readonly clientRequestId?: string | null;
}

/**
 * A new version of the dataset of this name, which is made when it is missing; the latest version itself when nothing
 * differs from it. Idempotent by `clientRequestId`.
 * @throws NOT_FOUND, FORBIDDEN, NAME_INVALID, INPUT_INVALID, LIMIT_EXCEEDED.
 */
export async function registerDataset(
  deps: Deps,
  principal: Principal,
  input: RegisterDatasetInput,
): Promise<DatasetVersion> {
  const createdAt = deps.clock.now();
  const name = checkName(input.name, 'dataset name');
  const description = checkText(input.description, 'description');
  const definition = {
    uri: checkUri(input.uri),
    sha256: checkSha256(input.sha256),
    sizeBytes: checkOptionalCount(input.sizeBytes, 'sizeBytes'),
    rows: checkOptionalCount(input.rows, 'rows'),
    licence: checkOptionalText(input.licence, 'licence', 4096),
  };
  const request = { operation: 'registerDataset', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    const project = await requireProject(tx, principal, 'writer', checkId<ProjectId>(input.projectId, 'project'));
    const dataset = await ensureDataset(tx, {
      id: newId<DatasetId>(deps),
      projectId: project.id,
      name,
      description,
      createdAt,
    });
    const latest = await findLatestDatasetVersion(tx, dataset.id);
    if (latest !== null && isSameDefinition(latest, definition)) return latest;
    const version: DatasetVersion = {
      id: newId<DatasetVersionId>(deps),
      projectId: project.id,
      datasetId: dataset.id,
      version: (latest?.version ?? 0) + 1,
      ...definition,
      createdAt,
    };
    await insertDatasetVersion(tx, version);
    return version;
  });
}

type Definition = Pick<DatasetVersion, 'uri' | 'sha256' | 'sizeBytes' | 'rows' | 'licence'>;

function isSameDefinition(a: Definition, b: Definition): boolean {
  return (
    a.uri === b.uri &&
    a.sha256 === b.sha256 &&
    a.sizeBytes === b.sizeBytes &&
    a.rows === b.rows &&
    a.licence === b.licence
  );
}

function checkUri(uri: string): string {
  if (uri.length === 0 || Buffer.byteLength(uri) > 4096 || /[\p{Cc}\s]/u.test(uri)) {
    throw new PlatformError('INPUT_INVALID', 'uri must be 1 to 4096 bytes without spaces or control characters');
  }
  return uri;
}

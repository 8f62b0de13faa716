import type { AlgorithmVersion } from '../../domain/algorithm.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { requireProject } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';
import { addAlgorithmVersion } from './add-version.js';

export interface RegisterAlgorithmInput {
  readonly projectId: string;
  readonly name: string;
  readonly description?: string | null;
  /** An argv. */
  readonly command: readonly string[];
  readonly environment?: unknown;
  readonly workingDirectory?: string | null;
  readonly source?: string | null;
  readonly clientRequestId?: string | null;
}

/**
 * A new version of the algorithm of this name, or the latest one when nothing differs. Versions never change, so
 * writers may add them: what runs is decided by who submits an experiment. Idempotent by `clientRequestId`.
 * @throws NOT_FOUND, FORBIDDEN, NAME_INVALID, INPUT_INVALID, LIMIT_EXCEEDED.
 */
export async function registerAlgorithm(
  deps: Deps,
  principal: Principal,
  input: RegisterAlgorithmInput,
): Promise<AlgorithmVersion> {
  const request = { operation: 'registerAlgorithm', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    const project = await requireProject(tx, principal, 'writer', checkId<ProjectId>(input.projectId, 'project'));
    return addAlgorithmVersion(tx, deps, { ...input, projectId: project.id });
  });
}

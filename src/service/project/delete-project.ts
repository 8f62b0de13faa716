import { PlatformError } from '../../domain/errors.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { hasRunningTrial, moveProjectAway } from '../../store/queries/deletion.js';
import { requireProject } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';

export interface DeleteProjectInput {
  readonly id: string;
  /** The project's name, typed again. */
  readonly confirm: string;
  readonly clientRequestId?: string | null;
}

/**
 * Removes a project with all that is in it: out of sight at once, purged soon after, its name free again. For its
 * admins; the last project of an organization may go too. True.
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID unless `confirm` is its name, STATE_CONFLICT while a trial runs.
 */
export async function deleteProject(deps: Deps, principal: Principal, input: DeleteProjectInput): Promise<boolean> {
  const id = checkId<ProjectId>(input.id, 'project');
  const request = { operation: 'deleteProject', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    const project = await requireProject(tx, principal, 'admin', id);
    if (input.confirm.normalize('NFC') !== project.name)
      throw new PlatformError('INPUT_INVALID', `confirm must be the name of the project, ${project.name}`);
    await moveProjectAway(tx, id);
    // After the queues are closed: what a runner took before that is seen here.
    if (await hasRunningTrial(tx, id))
      throw new PlatformError('STATE_CONFLICT', `trials of project ${project.name} run; stop them first`);
    return true;
  });
}

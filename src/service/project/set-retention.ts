import { PlatformError } from '../../domain/errors.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import { setRetentionDays } from '../../store/queries/retention.js';
import { requireProject } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';

export interface SetRetentionInput {
  readonly projectId: string;
  /** Days after a trial's end that its points are kept; null: for ever. */
  readonly metricDays: number | null;
  /** The same for the lines of its logs. */
  readonly logDays: number | null;
  readonly clientRequestId?: string | null;
}

const MOST_DAYS = 36_500;

/**
 * The project with its new settings. What they make due is forgotten within minutes and does not come back.
 * @throws NOT_FOUND, FORBIDDEN unless the caller is an admin of it, INPUT_INVALID.
 */
export async function setRetention(deps: Deps, principal: Principal, input: SetRetentionInput): Promise<Project> {
  const id = checkId<ProjectId>(input.projectId, 'project');
  const days = { points: checkDays(input.metricDays, 'metricDays'), logs: checkDays(input.logDays, 'logDays') };
  const request = { operation: 'setRetention', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    await requireProject(tx, principal, 'admin', id);
    const project = await setRetentionDays(tx, id, days);
    if (project === null) throw new PlatformError('NOT_FOUND', `there is no project ${id}`);
    return project;
  });
}

function checkDays(days: number | null, what: string): number | null {
  if (days === null || (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)) return days;
  throw new PlatformError('INPUT_INVALID', `${what} must be 1 to ${MOST_DAYS} days, or null to keep them for ever`);
}

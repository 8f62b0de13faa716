import { PlatformError } from '../../domain/errors.js';
import type { ProjectId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import { insertProject } from '../../store/queries/project.js';
import { requireOrganizationRole } from '../authorize.js';
import { checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { once } from '../once.js';

export interface CreateProjectInput {
  readonly name: string;
  readonly description?: string | null;
  readonly clientRequestId?: string | null;
}

/** A new project, for writers of the organization. Idempotent by `clientRequestId`. @throws FORBIDDEN, NAME_INVALID, NAME_TAKEN. */
export async function createProject(deps: Deps, principal: Principal, input: CreateProjectInput): Promise<Project> {
  requireOrganizationRole(principal, 'writer');
  const project: Project = {
    id: newId<ProjectId>(deps),
    organizationId: principal.organizationId,
    name: checkName(input.name, 'project name'),
    description: checkText(input.description, 'description'),
    createdAt: deps.clock.now(),
    metricRetentionDays: null,
    logRetentionDays: null,
  };
  const request = { operation: 'createProject', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    if (await insertProject(tx, project)) return project;
    throw new PlatformError('NAME_TAKEN', `there is a project ${project.name} already; choose another name`);
  });
}

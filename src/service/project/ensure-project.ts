import type { ProjectId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { findProjectByName, insertProject } from '../../store/queries/project.js';
import { requireOrganizationRole, requireRole, roleIn } from '../authorize.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';

/**
 * The caller's project of this name, made when it is missing; the caller is a writer of it. For verbs that name a
 * project, inside their transaction.
 * @throws NAME_INVALID; FORBIDDEN when it is missing, or not visible, and the caller may not make projects.
 */
export async function ensureProject(tx: Sql, deps: Deps, principal: Principal, name: string): Promise<Project> {
  const checked = checkName(name, 'project name');
  const { organizationId } = principal;
  const existing = await findProjectByName(tx, organizationId, checked);
  if (existing !== null) return writable(principal, existing);

  requireOrganizationRole(principal, 'writer');
  const project: Project = {
    id: newId<ProjectId>(deps),
    organizationId,
    name: checked,
    description: '',
    createdAt: deps.clock.now(),
    metricRetentionDays: null,
    logRetentionDays: null,
  };
  if (await insertProject(tx, project)) return project;
  // Another request made it a moment ago.
  return (await findProjectByName(tx, organizationId, checked)) ?? project;
}

/** A foreign project answers as a missing one does: both need a writer of the organization. */
function writable(principal: Principal, project: Project): Project {
  if (roleIn(principal, project.id) === null) requireOrganizationRole(principal, 'writer');
  requireRole(principal, 'writer', project.id);
  return project;
}

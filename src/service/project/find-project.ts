import { PlatformError } from '../../domain/errors.js';
import { isId, type ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import { findProjectById, findProjectByName } from '../../store/queries/project.js';
import { roleIn } from '../authorize.js';
import type { Deps } from '../deps.js';

export interface FindProjectInput {
  /** Exactly one of the two. */
  readonly id?: string | null;
  readonly name?: string | null;
}

/** The project, null when it does not exist or is not visible. @throws INPUT_INVALID unless given an id or a name. */
export async function findProject(deps: Deps, principal: Principal, input: FindProjectInput): Promise<Project | null> {
  const { id = null, name = null } = input;
  if ((id === null) === (name === null))
    throw new PlatformError('INPUT_INVALID', 'give the id or the name of a project, not both');
  const { read } = deps.database;
  const { organizationId } = principal;
  const project =
    id !== null ? await byIdText(id) : await findProjectByName(read, organizationId, String(name).normalize('NFC'));
  return project !== null && roleIn(principal, project.id) !== null ? project : null;

  async function byIdText(text: string): Promise<Project | null> {
    return isId(text) ? findProjectById(read, organizationId, text as ProjectId) : null;
  }
}

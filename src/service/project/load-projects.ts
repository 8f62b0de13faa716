import type { ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import { readProjectsById } from '../../store/queries/project.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the project, null where it is not visible. */
export async function loadProjects(
  deps: Deps,
  principal: Principal,
  ids: readonly ProjectId[],
): Promise<(Project | null)[]> {
  return byId(ids, await readProjectsById(deps.database.read, scopeOf(principal), ids));
}

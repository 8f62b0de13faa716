import type { Algorithm } from '../../domain/algorithm.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countAlgorithms, readAlgorithmPage } from '../../store/queries/algorithm.js';
import { requireProject, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

export interface ListAlgorithmsInput extends PageInput {
  readonly projectId: string;
}

/** The project's algorithms, oldest first. @throws NOT_FOUND. */
export async function listAlgorithms(
  deps: Deps,
  principal: Principal,
  input: ListAlgorithmsInput,
): Promise<Page<Algorithm>> {
  const { read } = deps.database;
  const project = await requireProject(read, principal, 'viewer', checkId<ProjectId>(input.projectId, 'project'));
  const scope = scopeOf(principal);
  return pageById(
    `algorithms:${project.id}`,
    input,
    (page) => readAlgorithmPage(read, scope, project.id, page),
    () => countAlgorithms(read, scope, project.id),
  );
}

import type { Dataset } from '../../domain/dataset.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countDatasets, readDatasetPage } from '../../store/queries/dataset.js';
import { requireProject, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

export interface ListDatasetsInput extends PageInput {
  readonly projectId: string;
}

/** The project's datasets, oldest first. @throws NOT_FOUND. */
export async function listDatasets(deps: Deps, principal: Principal, input: ListDatasetsInput): Promise<Page<Dataset>> {
  const { read } = deps.database;
  const project = await requireProject(read, principal, 'viewer', checkId<ProjectId>(input.projectId, 'project'));
  const scope = scopeOf(principal);
  return pageById(
    `datasets:${project.id}`,
    input,
    (page) => readDatasetPage(read, scope, project.id, page),
    () => countDatasets(read, scope, project.id),
  );
}

import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import { countProjects, readProjectPage } from '../../store/queries/project.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

/** The visible projects, oldest first. */
export async function listProjects(deps: Deps, principal: Principal, input: PageInput): Promise<Page<Project>> {
  const scope = scopeOf(principal);
  const { read } = deps.database;
  return pageById(
    'projects',
    input,
    (page) => readProjectPage(read, scope, page),
    () => countProjects(read, scope),
  );
}

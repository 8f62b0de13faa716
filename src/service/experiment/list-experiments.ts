import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countExperimentRows, listExperimentRows } from '../../store/queries/experiment-list.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, pageById } from '../page.js';
import { onlyPage } from '../pages-by-parent.js';
import { type ExperimentListing, loadExperimentPages } from './load-experiment-pages.js';

export interface ListExperimentsInput extends ExperimentListing {
  /** Null: of all visible projects. */
  readonly projectId?: string | null;
}

/** Visible experiments, newest first. @throws NOT_FOUND for a malformed id, CURSOR_INVALID. */
export async function listExperiments(
  deps: Deps,
  principal: Principal,
  input: ListExperimentsInput,
): Promise<Page<Experiment>> {
  if (input.projectId) {
    const projectId = checkId<ProjectId>(input.projectId, 'project');
    return onlyPage(await loadExperimentPages(deps, principal, [projectId], input));
  }
  const { read } = deps.database;
  const list = { scope: scopeOf(principal), projectIds: null, filter: input.filter ?? {} };
  return pageById(
    'experiments',
    input,
    (keyset) => listExperimentRows(read, list, keyset),
    async () => (await countExperimentRows(read, list)).reduce((sum, { n }) => sum + n, 0),
  );
}

import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countExperimentRows, type ExperimentFilter, listExperimentRows } from '../../store/queries/experiment-list.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { idOf, type PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';

/** Which experiments. */
export interface ExperimentListing extends PageInput {
  readonly filter?: ExperimentFilter | null;
}

/** Per project a page of its experiments, empty where it is not visible. One statement for all. */
export async function loadExperimentPages(
  deps: Deps,
  principal: Principal,
  ids: readonly ProjectId[],
  input: ExperimentListing,
): Promise<PageOrError<Experiment>[]> {
  const { read } = deps.database;
  const list = { scope: scopeOf(principal), filter: input.filter ?? {} };
  const pages = await pagesByParent(ids, input, {
    nameOf: () => 'experiments',
    read: (projectIds, { limit, after }) =>
      listExperimentRows(read, { ...list, projectIds }, { limit, afterId: after === null ? null : idOf(after) }),
    parentOf: (experiment) => experiment.projectId,
    positionOf: (experiment) => [experiment.id],
    count: (projectIds) => countExperimentRows(read, { ...list, projectIds }),
  });
  return ids.map((id) => pages.get(id) as PageOrError<Experiment>); // every parent gets one
}

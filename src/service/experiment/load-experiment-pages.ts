import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countExperimentRows, type ExperimentFilter, listExperimentRows } from '../../store/queries/experiment-list.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import type { PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';
import { experimentOrder, type GivenOrder } from './experiment-order.js';

/** Which experiments, in what order. */
export interface ExperimentListing extends PageInput {
  /** Absent: all. */
  readonly filter?: ExperimentFilter | null;
  /** Absent: newest first. */
  readonly orderBy?: GivenOrder | null;
}

/** Per project a page of its experiments, empty where it is not visible. One statement for all. */
export async function loadExperimentPages(
  deps: Deps,
  principal: Principal,
  ids: readonly ProjectId[],
  input: ExperimentListing,
): Promise<PageOrError<Experiment>[]> {
  const { read } = deps.database;
  const { order, list, positionOf, positionIn } = experimentOrder(input.orderBy);
  const base = { scope: scopeOf(principal), filter: input.filter ?? {}, order };
  const pages = await pagesByParent(ids, input, {
    nameOf: () => list,
    read: (projectIds, { limit, after }) =>
      listExperimentRows(read, { ...base, projectIds }, { limit, after: positionIn(after) }),
    parentOf: (experiment) => experiment.projectId,
    positionOf,
    count: (projectIds) => countExperimentRows(read, { ...base, projectIds }),
  });
  return ids.map((id) => pages.get(id) as PageOrError<Experiment>); // every parent gets one
}

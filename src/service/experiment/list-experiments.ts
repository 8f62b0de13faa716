import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countExperimentRows, listExperimentRows } from '../../store/queries/experiment-list.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { checkFirst, decodeCursor, encodeCursor, type Page, pageOf } from '../page.js';
import { onlyPage } from '../pages-by-parent.js';
import { experimentOrder } from './experiment-order.js';
import { type ExperimentListing, loadExperimentPages } from './load-experiment-pages.js';

export interface ListExperimentsInput extends ExperimentListing {
  /** Null: of all visible projects. */
  readonly projectId?: string | null;
}

/** Visible experiments in the order asked for, newest first by default. @throws NOT_FOUND for a malformed id, CURSOR_INVALID. */
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
  const { order, list, positionOf, positionIn } = experimentOrder(input.orderBy);
  const all = { scope: scopeOf(principal), projectIds: null, filter: input.filter ?? {}, order };
  const after = positionIn(decodeCursor(list, input.after));
  const rows = await listExperimentRows(read, all, { limit: checkFirst(input.first) + 1, after });
  const cursorOf = (experiment: Experiment) => encodeCursor(list, positionOf(experiment));
  return pageOf(rows, input, cursorOf, async () =>
    (await countExperimentRows(read, all)).reduce((sum, { n }) => sum + n, 0),
  );
}

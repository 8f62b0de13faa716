/** What experiments have cost, for the edges of a graph: many ids, one statement. */
import type { Cost } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findCosts } from '../../store/queries/cost.js';
import { findExperiments } from '../../store/queries/experiment.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { spentOf } from './budget.js';

export interface ExperimentCost extends Cost {
  /** Which limit of its budget is reached, in words; null while it may propose, and without a search. */
  readonly spent: string | null;
}

/** Per experiment its cost; null where it is not visible. */
export async function loadCosts(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<(ExperimentCost | null)[]> {
  const { read } = deps.database;
  const visible = new Map((await findExperiments(read, scopeOf(principal), ids)).map((found) => [found.id, found]));
  const costs = new Map((await findCosts(read, [...visible.keys()])).map((cost) => [cost.experimentId, cost]));
  return ids.map((id) => {
    const [experiment, cost] = [visible.get(id), costs.get(id)];
    if (experiment === undefined || cost === undefined) return null;
    const { hours, gpuHours, slotHours } = cost;
    const used = { hours, gpuHours, slotHours, trials: experiment.nextNumber };
    return { hours, gpuHours, slotHours, spent: experiment.search && spentOf(experiment.search.budget, used) };
  });
}

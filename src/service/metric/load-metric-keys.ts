import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { readableExperiments } from './places.js';

/** Names of the metrics of each experiment, sorted; none for experiments that the caller may not read. */
export async function loadMetricKeys(
  deps: Deps,
  principal: Principal,
  experimentIds: readonly ExperimentId[],
): Promise<(readonly string[])[]> {
  const asked = [...(await readableExperiments(deps, principal, experimentIds))];
  const keys = asked.length === 0 ? [] : await deps.metrics.readKeys(asked);
  const byExperiment = new Map(asked.map((id, i) => [id, keys[i] ?? []]));
  return experimentIds.map((id) => byExperiment.get(id) ?? []);
}

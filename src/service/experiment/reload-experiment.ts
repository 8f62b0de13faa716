import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { loadExperiments } from './load-experiments.js';

/** The experiment as it is after a commit. @throws NOT_FOUND when it is not visible, or was deleted since. */
export async function reloadExperiment(deps: Deps, principal: Principal, id: ExperimentId): Promise<Experiment> {
  const [experiment] = await loadExperiments(deps, principal, [id]);
  if (experiment === null || experiment === undefined)
    throw new PlatformError('NOT_FOUND', `there is no experiment ${id}`);
  return experiment;
}

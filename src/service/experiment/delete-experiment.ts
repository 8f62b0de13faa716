import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { dropQueuedJobs, moveExperimentAway } from '../../store/queries/deletion.js';
import { listOpenTrials } from '../../store/queries/trial.js';
import { requireRole } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { once } from '../once.js';
import { type ChangeExperimentInput, conflict, lockVisibleExperiment } from './change-experiment.js';

/**
 * Removes an experiment with its trials: out of sight at once, purged soon after. True.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT while a trial runs.
 */
export async function deleteExperiment(
  deps: Deps,
  principal: Principal,
  input: ChangeExperimentInput,
): Promise<boolean> {
  const id = checkId<ExperimentId>(input.id, 'experiment');
  const request = { operation: 'deleteExperiment', clientRequestId: input.clientRequestId, input };
  const isDeleted = await once(deps, principal, request, async (tx) => {
    const experiment = await lockVisibleExperiment(tx, principal, id);
    requireRole(principal, 'writer', experiment.projectId);
    await dropQueuedJobs(tx, id);
    const running = (await listOpenTrials(tx, id)).filter((trial) => trial.state === 'RUNNING');
    if (running.length > 0) throw conflict(experiment, `${running.length} trials run; stop it first`);
    await moveExperimentAway(tx, id);
    await recordChange(tx, { projectId: experiment.projectId, experimentId: id, kind: 'experiment', subjectId: id });
    return true;
  });
  deps.wakeups.notify(`experiment:${id}`);
  return isDeleted;
}

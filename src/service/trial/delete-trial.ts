import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { keepCost } from '../../store/queries/cost.js';
import { moveTrialAway } from '../../store/queries/deletion.js';
import { requireRole } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { completeIfSpent } from '../experiment/complete-experiment.js';
import { once } from '../once.js';
import { lockWritableTrial } from './lock-trial.js';

export interface DeleteTrialInput {
  readonly id: string;
  readonly clientRequestId?: string | null;
}

/**
 * Removes a trial: out of sight at once, what hangs on it is purged soon after. Its number is not given again, and it
 * still counts towards the budget, with what its jobs have cost. True.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT while it runs.
 */
export async function deleteTrial(deps: Deps, principal: Principal, input: DeleteTrialInput): Promise<boolean> {
  const id = checkId<TrialId>(input.id, 'trial');
  const request = { operation: 'deleteTrial', clientRequestId: input.clientRequestId, input };
  const experimentId = await once(deps, principal, request, async (tx) => {
    const { experiment, trial } = await lockWritableTrial(tx, principal, id);
    requireRole(principal, 'writer', trial.projectId);
    if (trial.state === 'RUNNING')
      throw new PlatformError('STATE_CONFLICT', `trial ${trial.number} runs: stop it first`, { state: trial.state });
    await keepCost(tx, id);
    await moveTrialAway(tx, id);
    await recordChange(tx, { projectId: trial.projectId, experimentId: experiment.id, kind: 'trial', subjectId: id });
    await completeIfSpent(tx, deps, experiment);
    return experiment.id;
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  return true;
}

import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findTrials, renameTrial } from '../../store/queries/trial.js';
import { requireTrialWriter, scopeOfTrialCaller } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { once } from '../once.js';
import { checkTags, checkTrialName } from './check-trial.js';
import { reloadTrial } from './load-trials.js';

export interface UpdateTrialInput {
  readonly id: string;
  /** Absent leaves it, null removes it. */
  readonly name?: string | null;
  /** Absent or null leaves them. */
  readonly tags?: readonly string[] | null;
  readonly clientRequestId?: string | null;
}

/** The trial with its new name and tags. @throws NOT_FOUND, FORBIDDEN, NAME_INVALID, LIMIT_EXCEEDED. */
export async function updateTrial(deps: Deps, principal: Principal, input: UpdateTrialInput): Promise<Trial> {
  const id = checkId<TrialId>(input.id, 'trial');
  const name = input.name === undefined ? undefined : checkTrialName(input.name);
  const tags = input.tags === undefined || input.tags === null ? undefined : checkTags(input.tags);
  const request = { operation: 'updateTrial', clientRequestId: input.clientRequestId, input };
  const experimentId = await once(deps, principal, request, async (tx) => {
    const [trial] = await findTrials(tx, scopeOfTrialCaller(principal), [id]);
    if (trial === undefined) throw new PlatformError('NOT_FOUND', `there is no trial ${id}`);
    requireTrialWriter(principal, trial);
    await renameTrial(tx, id, { name, tags });
    await recordChange(tx, {
      projectId: trial.projectId,
      experimentId: trial.experimentId,
      kind: 'trial',
      subjectId: id,
    });
    return trial.experimentId;
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  return reloadTrial(deps, principal, id);
}

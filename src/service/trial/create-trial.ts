/** Makes a trial by hand, with chosen params; runners execute it when the experiment has an algorithm. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Params, Trial } from '../../domain/trial.js';
import { parseSpace } from '../../search/space/parse-space.js';
import { validateParams } from '../../search/space/validate-params.js';
import { requireRole } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { conflict, lockVisibleExperiment } from '../experiment/change-experiment.js';
import { once } from '../once.js';
import { addTrial } from './add-trial.js';
import { checkParams, checkTags, checkTrialName } from './check-trial.js';
import { reloadTrial } from './load-trials.js';

export interface CreateTrialInput {
  readonly experimentId: string;
  readonly params: unknown;
  readonly name?: string | null;
  readonly tags?: readonly string[] | null;
  readonly clientRequestId?: string | null;
}

/**
 * A WAITING trial. With a search, its params must be legal in the space. Where runners will execute it, the caller must be
 * a submitter. Idempotent by `clientRequestId`.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT when the experiment has ended, INPUT_INVALID with `problems`, NAME_INVALID.
 */
export async function createTrial(deps: Deps, principal: Principal, input: CreateTrialInput): Promise<Trial> {
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  const draft = { params: checkParams(input.params), name: checkTrialName(input.name), tags: checkTags(input.tags) };
  const request = { operation: 'createTrial', clientRequestId: input.clientRequestId, input };
  const { id, poolId } = await once(deps, principal, request, async (tx) => {
    const experiment = await lockVisibleExperiment(tx, principal, experimentId);
    requireRole(principal, experiment.algorithmVersionId === null ? 'writer' : 'submitter', experiment.projectId);
    requireOpen(experiment);
    requireLegal(experiment, draft.params);
    const trial = await addTrial(tx, deps, experiment, {
      ...draft,
      proposedBy: 'user',
      explanation: null,
      queued: true,
    });
    return { id: trial.id, poolId: experiment.poolId };
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  if (poolId !== null) deps.wakeups.notify(`pool:${poolId}`);
  return reloadTrial(deps, principal, id);
}

/** Refuses experiments that have ended. @throws STATE_CONFLICT. */
export function requireOpen(experiment: Experiment): void {
  if (experiment.state === 'ACTIVE' || experiment.state === 'PAUSED') return;
  throw conflict(experiment, 'it takes no new trials; create another experiment');
}

function requireLegal(experiment: Experiment, params: Params): void {
  if (experiment.search === null) return;
  const problems = validateParams(parseSpace(experiment.search.space), params);
  if (problems.length === 0) return;
  const text = problems.map((problem) => `${problem.path} ${problem.message}`).join('; ');
  throw new PlatformError('INPUT_INVALID', `the params are not in the search space: ${text}`, { problems });
}

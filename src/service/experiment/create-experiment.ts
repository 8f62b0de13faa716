import type { Experiment } from '../../domain/experiment.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';
import { makeExperiment, type NewExperimentInput } from './make-experiment.js';
import { reloadExperiment } from './reload-experiment.js';

export interface CreateExperimentInput extends NewExperimentInput {
  readonly clientRequestId?: string | null;
}

/**
 * A new experiment, ACTIVE. Idempotent by `clientRequestId`.
 * @throws FORBIDDEN (running a command needs a submitter), NOT_FOUND, NAME_INVALID, NAME_TAKEN, SPACE_INVALID,
 * METHOD_UNKNOWN, INPUT_INVALID, LIMIT_EXCEEDED.
 */
export async function createExperiment(
  deps: Deps,
  principal: Principal,
  input: CreateExperimentInput,
): Promise<Experiment> {
  const request = { operation: 'createExperiment', clientRequestId: input.clientRequestId, input };
  const id = await once(deps, principal, request, (tx) =>
    makeExperiment(tx, deps, principal, input, { taken: 'refuse' }),
  );
  const experiment = await reloadExperiment(deps, principal, id);
  if (experiment.poolId !== null) deps.wakeups.notify(`pool:${experiment.poolId}`);
  return experiment;
}

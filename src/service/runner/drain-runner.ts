/** Tells a runner to take no new work; what it runs goes on. */
import { PlatformError } from '../../domain/errors.js';
import type { RunnerId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Runner } from '../../domain/runner.js';
import { findOwnRunner, findRunners, setDraining } from '../../store/queries/runner.js';
import { requireOrganizationRole } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';

export interface DrainRunnerInput {
  readonly id: string;
  readonly clientRequestId?: string | null;
}

/** The runner, draining. For submitters of the organization, and for the runner itself. @throws FORBIDDEN, NOT_FOUND. */
export async function drainRunner(deps: Deps, principal: Principal, input: DrainRunnerInput): Promise<Runner> {
  const id = checkId<RunnerId>(input.id, 'runner');
  if (principal.kind !== 'runner') requireOrganizationRole(principal, 'submitter');
  else if ((await findOwnRunner(deps.database.read, principal.keyId, id)) === null) throw notFound(id);
  const request = { operation: 'drainRunner', clientRequestId: input.clientRequestId, input };
  await once(deps, principal, request, async (tx) => {
    if (!(await setDraining(tx, principal.organizationId, id))) throw notFound(id);
    return true;
  });
  const [runner] = await findRunners(deps.database.read, principal.organizationId, [id]);
  if (runner === undefined) throw notFound(id);
  return runner;
}

function notFound(id: RunnerId): PlatformError {
  return new PlatformError('NOT_FOUND', `there is no runner ${id}`);
}

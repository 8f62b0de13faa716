import { PlatformError } from '../../domain/errors.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Principal } from '../../domain/roles.js';
import { readPools } from '../../store/queries/pool.js';
import type { Deps } from '../deps.js';

/** The organization's pools by name; to a runner only its own. @throws FORBIDDEN to a trial's token. */
export async function listResourcePools(deps: Deps, principal: Principal): Promise<readonly ResourcePool[]> {
  if (principal.kind === 'trial') throw new PlatformError('FORBIDDEN', "a trial's token cannot list pools");
  return readPools(deps.database.read, principal.organizationId, principal.kind === 'runner' ? principal.poolId : null);
}

import type { ResourcePoolId } from '../../domain/ids.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Principal } from '../../domain/roles.js';
import { type PoolLoad, readPoolLoads, readPoolsById } from '../../store/queries/pool.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the pool, null where it is not visible. */
export async function loadResourcePools(
  deps: Deps,
  principal: Principal,
  ids: readonly ResourcePoolId[],
): Promise<(ResourcePool | null)[]> {
  const visible = visibleAmong(principal, ids);
  return byId(ids, await readPoolsById(deps.database.read, principal.organizationId, visible));
}

/** Per pool how many jobs wait and run in it, over all projects; zero where it is not visible. */
export async function loadPoolLoads(
  deps: Deps,
  principal: Principal,
  ids: readonly ResourcePoolId[],
): Promise<PoolLoad[]> {
  const loads = await readPoolLoads(deps.database.read, principal.organizationId, visibleAmong(principal, ids));
  const found = new Map(loads.map((load) => [load.poolId, load]));
  return ids.map((poolId) => found.get(poolId) ?? { poolId, pendingJobs: 0, runningJobs: 0 });
}

function visibleAmong(principal: Principal, ids: readonly ResourcePoolId[]): readonly ResourcePoolId[] {
  if (principal.kind === 'trial') return [];
  return principal.kind === 'runner' ? ids.filter((id) => id === principal.poolId) : ids;
}

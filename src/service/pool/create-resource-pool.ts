import { PlatformError } from '../../domain/errors.js';
import type { ResourcePoolId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Principal } from '../../domain/roles.js';
import { insertPool } from '../../store/queries/pool.js';
import { requireOrganizationRole } from '../authorize.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { once } from '../once.js';

const DEFAULT_LEASE_SECONDS = 60;
const MAX_LEASE_SECONDS = 3600;

export interface CreateResourcePoolInput {
  readonly name: string;
  /** 1..3600, by default 60. */
  readonly leaseSeconds?: number | null;
  readonly clientRequestId?: string | null;
}

/** A new pool, for administrators. Idempotent by `clientRequestId`. @throws FORBIDDEN, NAME_INVALID, NAME_TAKEN, INPUT_INVALID. */
export async function createResourcePool(
  deps: Deps,
  principal: Principal,
  input: CreateResourcePoolInput,
): Promise<ResourcePool> {
  requireOrganizationRole(principal, 'admin');
  const pool: ResourcePool = {
    id: newId<ResourcePoolId>(deps),
    organizationId: principal.organizationId,
    name: checkName(input.name, 'pool name'),
    leaseSeconds: checkLease(input.leaseSeconds ?? DEFAULT_LEASE_SECONDS),
    createdAt: deps.clock.now(),
  };
  const request = { operation: 'createResourcePool', clientRequestId: input.clientRequestId, input };
  return once(deps, principal, request, async (tx) => {
    if (await insertPool(tx, pool)) return pool;
    throw new PlatformError('NAME_TAKEN', `there is a pool ${pool.name} already; choose another name`);
  });
}

function checkLease(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LEASE_SECONDS) return seconds;
  throw new PlatformError('INPUT_INVALID', `leaseSeconds must be a whole number from 1 to ${MAX_LEASE_SECONDS}`);
}

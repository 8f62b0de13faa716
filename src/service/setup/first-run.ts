/** What a new installation needs before anybody can log in: an organization, an administrator and a pool. */
import type { OrganizationId, ResourcePoolId, UserId } from '../../domain/ids.js';
import type { Organization } from '../../domain/organization.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { User } from '../../domain/user.js';
import { adoptCluster } from '../../store/changes.js';
import { ensureOrganization } from '../../store/queries/organization.js';
import { findPoolByName, insertPool } from '../../store/queries/pool.js';
import { findUserByName, insertUser, setMembership } from '../../store/queries/user.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';

export interface FirstRun {
  readonly organization: Organization;
  readonly admin: User;
  readonly pool: ResourcePool;
}

export interface FirstRunOptions {
  /** Of the pool, when it is made now. */
  readonly leaseSeconds?: number;
}

/** Organization `local`, user `admin` and pool `default`, made where they are absent. Idempotent; call before serving. */
export async function ensureFirstRun(deps: Deps, { leaseSeconds = 60 }: FirstRunOptions = {}): Promise<FirstRun> {
  return deps.database.transaction(async (tx) => {
    await adoptCluster(tx);
    const createdAt = deps.clock.now();
    const organization = await ensureOrganization(tx, { id: newId<OrganizationId>(deps), name: 'local', createdAt });
    const base = { organizationId: organization.id, createdAt };

    const newAdmin: User = { ...base, id: newId<UserId>(deps), name: 'admin', email: null, disabled: false };
    // An administrator who was there keeps the roles it has: somebody may have changed them.
    if (await insertUser(tx, newAdmin)) await setMembership(tx, newAdmin, null, 'admin');
    const admin = (await findUserByName(tx, organization.id, 'admin')) ?? newAdmin;

    const newPool: ResourcePool = { ...base, id: newId<ResourcePoolId>(deps), name: 'default', leaseSeconds };
    await insertPool(tx, newPool);
    const pool = (await findPoolByName(tx, organization.id, 'default')) ?? newPool;
    return { organization, admin, pool };
  });
}

/** Who I am: what a client shows in its corner, and how an SDK learns which trial it belongs to. */
import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Organization } from '../../domain/organization.js';
import type { Principal, Role } from '../../domain/roles.js';
import type { User } from '../../domain/user.js';
import { findOrganizationById } from '../../store/queries/organization.js';
import { findUserById } from '../../store/queries/user.js';
import type { Deps } from '../deps.js';

export interface Viewer {
  readonly kind: Principal['kind'];
  readonly user: User | null;
  readonly organization: Organization;
  /** In the whole organization; null when there is none, or only in single projects. */
  readonly role: Role | null;
  readonly trialId: TrialId | null;
  readonly attempt: number | null;
}

/** The caller, described. @throws UNAUTHENTICATED when it was removed since. */
export async function viewer(deps: Deps, principal: Principal): Promise<Viewer> {
  const { read } = deps.database;
  const organization = await findOrganizationById(read, principal.organizationId);
  if (organization === null) throw new PlatformError('UNAUTHENTICATED', 'the organization was removed; log in again');
  return {
    kind: principal.kind,
    user: principal.kind === 'user' ? await findUserById(read, principal.userId) : null,
    organization,
    role: principal.kind === 'user' || principal.kind === 'service' ? principal.role : null,
    trialId: principal.kind === 'trial' ? principal.trialId : null,
    attempt: principal.kind === 'trial' ? principal.attempt : null,
  };
}

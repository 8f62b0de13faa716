import type { ApiKeyId, OrganizationId, ProjectId, ResourcePoolId, RunnerId, TrialId, UserId } from './ids.js';

/** Each role may all that the ones before it may. *Submit* (run a command on a runner) is never implied by *write*. */
export type Role = 'viewer' | 'writer' | 'submitter' | 'admin';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, writer: 1, submitter: 2, admin: 3 };

/** Whether `role` includes all that `needed` may do. */
export function includesRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** The weaker of two roles: scopes only narrow. */
export function narrowerRole(a: Role, b: Role): Role {
  return RANK[a] <= RANK[b] ? a : b;
}

/** Who is asking. Made once per request or socket from a credential, and asked again for every batch of a subscription. */
export type Principal = UserPrincipal | ServicePrincipal | RunnerPrincipal | TrialPrincipal;

export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: UserId;
  readonly keyId: ApiKeyId | null;
  readonly organizationId: OrganizationId;
  /** Role in the whole organization, null when only in single projects. */
  readonly role: Role | null;
  readonly projectRoles: ReadonlyMap<ProjectId, Role>;
}

export interface ServicePrincipal {
  readonly kind: 'service';
  readonly keyId: ApiKeyId;
  readonly organizationId: OrganizationId;
  readonly role: Role | null;
  readonly projectRoles: ReadonlyMap<ProjectId, Role>;
}

export interface RunnerPrincipal {
  readonly kind: 'runner';
  readonly keyId: ApiKeyId;
  readonly organizationId: OrganizationId;
  readonly poolId: ResourcePoolId;
  /** Which runner it registered as is proved per call by the runner's id and this key. */
  readonly runnerId: RunnerId | null;
}

export interface TrialPrincipal {
  readonly kind: 'trial';
  readonly keyId: ApiKeyId;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
}

/** A text that names the principal in stored replies: `user:<id>`, `service:<key>` … */
export function principalName(principal: Principal): string {
  return principal.kind === 'user' ? `user:${principal.userId}` : `${principal.kind}:${principal.keyId}`;
}

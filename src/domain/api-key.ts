import type { ApiKeyId, OrganizationId, ProjectId, ResourcePoolId, TrialId, UserId } from './ids.js';
import type { Role } from './roles.js';

export type ApiKeyKind = 'USER' | 'SERVICE' | 'RUNNER' | 'TRIAL';

/** A credential. The secret is shown once; only its HMAC is kept. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
  readonly name: string;
  /** USER: whose power it borrows. */
  readonly userId: UserId | null;
  /** USER, SERVICE: narrows the power; null keeps that of the user. */
  readonly role: Role | null;
  /** SERVICE: the project it is confined to; null: the organization. */
  readonly projectId: ProjectId | null;
  /** RUNNER: the pool it may lease from. */
  readonly poolId: ResourcePoolId | null;
  /** TRIAL: dies with the epoch. */
  readonly trialId: TrialId | null;
  readonly attempt: number | null;
  readonly epoch: number | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

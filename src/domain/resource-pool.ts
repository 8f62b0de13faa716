import type { OrganizationId, ResourcePoolId } from './ids.js';

/** Where jobs queue: runners lease from a pool. */
export interface ResourcePool {
  readonly id: ResourcePoolId;
  readonly organizationId: OrganizationId;
  readonly name: string;
  /** A lease not renewed for this long may be reclaimed. */
  readonly leaseSeconds: number;
  readonly createdAt: Date;
}

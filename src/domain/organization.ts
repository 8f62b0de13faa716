import type { OrganizationId } from './ids.js';

/** The tenant: owns projects, pools and users. */
export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly createdAt: Date;
}

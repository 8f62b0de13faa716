import type { OrganizationId, ProjectId, UserId } from './ids.js';
import type { Role } from './roles.js';

export interface User {
  readonly id: UserId;
  readonly organizationId: OrganizationId;
  readonly name: string;
  readonly email: string | null;
  readonly disabled: boolean;
  readonly createdAt: Date;
}

/** A role of a user, in one project or (null) in the whole organization. */
export interface Membership {
  readonly userId: UserId;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId | null;
  readonly role: Role;
}

/** The principal behind a user or a key: roles as they are now. */
import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyId, ProjectId, UserId } from '../../domain/ids.js';
import { narrowerRole, type Role, type ServicePrincipal, type UserPrincipal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { findUserById, readMemberships } from '../../store/queries/user.js';

interface Narrowing {
  readonly keyId: ApiKeyId;
  readonly role: Role | null;
}

/** The user as a principal, null when it does not exist or is disabled. A key can only narrow its roles. */
export async function loadUserPrincipal(sql: Sql, userId: UserId, key?: Narrowing): Promise<UserPrincipal | null> {
  const user = await findUserById(sql, userId);
  if (user === null || user.disabled) return null;
  const memberships = await readMemberships(sql, userId);
  const limit = key?.role ?? null;
  const narrowed = (role: Role): Role => (limit === null ? role : narrowerRole(role, limit));

  const everywhere = memberships.find((membership) => membership.projectId === null);
  const projectRoles = memberships.flatMap(({ projectId, role }): [ProjectId, Role][] =>
    projectId === null ? [] : [[projectId, narrowed(role)]],
  );
  return {
    kind: 'user',
    userId,
    keyId: key?.keyId ?? null,
    organizationId: user.organizationId,
    role: everywhere === undefined ? null : narrowed(everywhere.role),
    projectRoles: new Map(projectRoles),
  };
}

/** A service key as a principal: its role holds in its project, or without one in the whole organization. */
export function servicePrincipal(key: ApiKey): ServicePrincipal | null {
  if (key.role === null) return null;
  const { id: keyId, organizationId, role, projectId } = key;
  const base = { kind: 'service', keyId, organizationId } as const;
  return projectId === null
    ? { ...base, role, projectRoles: new Map() }
    : { ...base, role: null, projectRoles: new Map([[projectId, role]]) };
}

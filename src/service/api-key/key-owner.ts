import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { KeyOwner } from '../../store/queries/api-key.js';

/** Which keys the caller may list and revoke. */
export function keyOwnerOf(principal: Principal): KeyOwner {
  const { organizationId } = principal;
  if (principal.kind !== 'user' && principal.kind !== 'service')
    return { organizationId, userId: null, isAdmin: false, adminOf: [] };
  const adminOf = [...principal.projectRoles].flatMap(([projectId, role]): ProjectId[] =>
    role === 'admin' ? [projectId] : [],
  );
  const userId = principal.kind === 'user' ? principal.userId : null;
  return { organizationId, userId, isAdmin: principal.role === 'admin', adminOf };
}

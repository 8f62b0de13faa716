import type { Principal } from '../../domain/roles.js';
import type { User } from '../../domain/user.js';
import { countUsers, readUserPage } from '../../store/queries/user.js';
import { requireOrganizationRole } from '../authorize.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

/** People of the organization, oldest first. Who belongs to single projects only sees itself. @throws FORBIDDEN to other keys. */
export async function listUsers(deps: Deps, principal: Principal, input: PageInput): Promise<Page<User>> {
  const onlySelf = principal.kind === 'user' && principal.role === null ? principal.userId : null;
  if (onlySelf === null) requireOrganizationRole(principal, 'viewer');
  const { read } = deps.database;
  return pageById(
    'users',
    input,
    (page) => readUserPage(read, principal.organizationId, onlySelf, page),
    () => countUsers(read, principal.organizationId, onlySelf),
  );
}

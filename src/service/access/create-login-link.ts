import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import { requireOrganizationRole } from '../authorize.js';
import type { Deps } from '../deps.js';
import { createLoginCode } from './login.js';

export interface LoginLink {
  /** Path on this server that signs a browser in. */
  readonly path: string;
  readonly expiresAt: Date;
}

/**
 * A link that signs a browser in as the caller: works once, for 15 minutes. Administrators only: a session has all of its
 * user's power, so a key that was narrowed must not be able to open one.
 * @throws FORBIDDEN.
 */
export async function createLoginLink(deps: Deps, principal: Principal): Promise<LoginLink> {
  requireOrganizationRole(principal, 'admin');
  if (principal.kind !== 'user') throw new PlatformError('FORBIDDEN', 'only people sign in; use the API key of a user');
  const { code, expiresAt } = await createLoginCode(deps, principal.userId);
  return { path: `/login?code=${code}`, expiresAt };
}

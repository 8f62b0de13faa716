import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';

/** Refuses runners and trials: machines are shown to people and services of the organization. @throws FORBIDDEN. */
export function requireMember(principal: Principal): void {
  if (principal.kind === 'user' || principal.kind === 'service') return;
  throw new PlatformError('FORBIDDEN', `a ${principal.kind} key cannot look at runners`);
}

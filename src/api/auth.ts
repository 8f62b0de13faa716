/** From the headers of a request to a principal. A bearer key wins over a cookie; a cookie is good for our own pages only. */
import type { IncomingHttpHeaders } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import { PlatformError } from '../domain/errors.js';
import type { Principal } from '../domain/roles.js';
import { identifySession, identifyToken } from '../service/access/identify.js';
import type { Deps } from '../service/deps.js';

export const SESSION_COOKIE = 'trialgraph_session';

/** A proof of identity that can be judged again: for every batch of a subscription. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'session'; readonly cookie: string };

/** The credential in the headers, null when there is none. @throws UNAUTHENTICATED for an Authorization that is not Bearer. */
export function credentialOf(headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>): Credential | null {
  if (headers.authorization !== undefined) return bearerOf(headers.authorization);
  const cookie = headers.cookie === undefined ? undefined : fastifyCookie.parse(headers.cookie)[SESSION_COOKIE];
  return cookie ? { kind: 'session', cookie } : null;
}

/** The credential in the text of an Authorization header. @throws UNAUTHENTICATED */
export function bearerOf(authorization: string): Credential {
  const match = /^Bearer +(\S+)$/i.exec(authorization.trim());
  if (match === null) throw new PlatformError('UNAUTHENTICATED', 'the Authorization header must be `Bearer tg_…`');
  return { kind: 'token', token: String(match[1]) };
}

/** Who stands behind a credential now. @throws UNAUTHENTICATED when it is not valid, or no longer. */
export async function identify(deps: Deps, credential: Credential): Promise<Principal> {
  const principal =
    credential.kind === 'token'
      ? await identifyToken(deps, credential.token)
      : await identifySession(deps, credential.cookie);
  if (principal !== null) return principal;
  throw new PlatformError(
    'UNAUTHENTICATED',
    credential.kind === 'token'
      ? 'the API key is not valid, was revoked or has expired'
      : 'the login has ended; open a new login link',
  );
}

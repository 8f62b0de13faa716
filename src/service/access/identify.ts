/** Who comes with a token or a cookie. Nothing else makes a principal out of a request. */
import type { ApiKeyId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { type Credential, findCredential, touchApiKey } from '../../store/queries/api-key.js';
import { findSession, touchSession } from '../../store/queries/session.js';
import type { Deps } from '../deps.js';
import { cachedPrincipal, proveTogether, rememberPrincipal } from './cache.js';
import { loadUserPrincipal, servicePrincipal } from './load-principal.js';
import { isSameHmac, type ParsedToken, parseToken, TOKEN_KINDS, tokenHmac } from './token.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A session that is not used for this long is over. */
export const SESSION_IDLE_MS = 7 * DAY_MS;
/** A session is over this long after the login, used or not. */
export const SESSION_MS = 30 * DAY_MS;
/** A trial's token may deliver what is late for this many days after the trial's end. */
export const TRIAL_TOKEN_AFTER_END_DAYS = 1;

/**
 * The principal of an API token, null when it is not valid. A trial's token of an older epoch is still that trial's:
 * its writes are refused as FENCED where they are made.
 */
export async function identifyToken(deps: Deps, token: string): Promise<Principal | null> {
  const parsed = parseToken(token);
  if (parsed === null || parsed.kind === 'ses') return null;
  return identify(deps, parsed, async (hmac) => {
    const credential = await findCredential(deps.database.vital.read, parsed.keyId);
    if (credential === null || TOKEN_KINDS[credential.kind] !== parsed.kind) return null;
    if (!isSameHmac(credential.secretHmac, hmac) || !isAlive(credential, deps)) return null;
    const principal = await principalOf(deps, credential);
    if (principal !== null && credential.kind !== 'TRIAL') await touchKey(deps, credential);
    return principal;
  });
}

/** The principal of a session's cookie, null when it is not valid. */
export async function identifySession(deps: Deps, cookie: string): Promise<Principal | null> {
  const parsed = parseToken(cookie);
  if (parsed?.kind !== 'ses') return null;
  return identify(deps, parsed, async (hmac) => {
    const session = await findSession(deps.database.vital.read, parsed.keyId);
    if (session === null || !isSameHmac(session.secretHmac, hmac)) return null;
    const now = deps.clock.now();
    const isOver = session.expiresAt <= now || session.seenAt.getTime() + SESSION_IDLE_MS <= now.getTime();
    if (isOver) return null;
    if (now.getTime() - session.seenAt.getTime() > MINUTE_MS) {
      await deps.database.vital.transaction((tx) => touchSession(tx, session.id, now));
    }
    return loadUserPrincipal(deps.database.vital.read, session.userId);
  });
}

async function identify(
  deps: Deps,
  parsed: ParsedToken,
  prove: (hmac: Buffer) => Promise<Principal | null>,
): Promise<Principal | null> {
  const hmac = tokenHmac(deps, parsed);
  const cached = cachedPrincipal(deps, hmac);
  if (cached !== null) return cached;
  return proveTogether(deps, hmac, parsed.keyId, async () => {
    const begun = deps.clock.monotonicMs();
    const principal = await prove(hmac);
    if (principal !== null) rememberPrincipal(deps, hmac, parsed.keyId, principal, begun);
    return principal;
  });
}

function isAlive(key: Credential, { clock, dayMs }: Deps): boolean {
  const now = clock.now();
  if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now)) return false;
  return key.trialEndedAt === null || key.trialEndedAt.getTime() + TRIAL_TOKEN_AFTER_END_DAYS * dayMs > now.getTime();
}

async function principalOf(deps: Deps, key: Credential): Promise<Principal | null> {
  const { id: keyId, organizationId } = key;
  switch (key.kind) {
    case 'USER':
      return key.userId === null
        ? null
        : loadUserPrincipal(deps.database.vital.read, key.userId, { keyId, role: key.role });
    case 'SERVICE':
      return servicePrincipal(key);
    case 'RUNNER':
      return key.poolId === null ? null : { kind: 'runner', keyId, organizationId, poolId: key.poolId, runnerId: null };
    case 'TRIAL':
      return trialPrincipal(key);
  }
}

function trialPrincipal(key: Credential): Principal | null {
  const { id: keyId, organizationId, trialId, trialProjectId: projectId, attempt, epoch } = key;
  if (trialId === null || projectId === null || attempt === null || epoch === null) return null;
  return { kind: 'trial', keyId, organizationId, projectId, trialId, attempt, epoch };
}

async function touchKey(deps: Deps, key: { readonly id: ApiKeyId; readonly lastUsedAt: Date | null }): Promise<void> {
  const now = deps.clock.now();
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < MINUTE_MS) return;
  await deps.database.vital.transaction((tx) => touchApiKey(tx, key.id, now));
}

/** Logging a browser in: a single-use code, made by whoever has the server's machine, is exchanged for a session. */
import { PlatformError } from '../../domain/errors.js';
import type { UserId } from '../../domain/ids.js';
import type { User } from '../../domain/user.js';
import {
  deleteSession,
  findSession,
  insertLoginCode,
  insertSession,
  takeLoginCode,
} from '../../store/queries/session.js';
import { findUserById } from '../../store/queries/user.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { forgetKey } from './cache.js';
import { SESSION_MS } from './identify.js';
import { codeHmac, isSameHmac, makeToken, parseToken, randomSecret, tokenHmac } from './token.js';

const CODE_MS = 15 * 60_000;

export interface LoginCode {
  /** Shown once; works once. */
  readonly code: string;
  readonly expiresAt: Date;
}

export interface Login {
  /** The value of the session's cookie. */
  readonly cookie: string;
  readonly user: User;
  /** When the session ends, used or not. */
  readonly expiresAt: Date;
}

/** A code for the user, for 15 minutes. Only `main/` and administrators' commands call this: it asks for no permission. */
export async function createLoginCode(deps: Deps, userId: UserId): Promise<LoginCode> {
  const code = randomSecret(deps);
  const expiresAt = new Date(deps.clock.now().getTime() + CODE_MS);
  await deps.database.transaction((tx) => insertLoginCode(tx, { codeHmac: codeHmac(deps, code), userId, expiresAt }));
  return { code, expiresAt };
}

/** A new session for the code's user; the code is used up. @throws UNAUTHENTICATED when it is unknown, used or expired. */
export async function exchangeLoginCode(deps: Deps, code: string): Promise<Login> {
  return deps.database.transaction(async (tx) => {
    const now = deps.clock.now();
    const userId = await takeLoginCode(tx, codeHmac(deps, code), now);
    const user = userId === null ? null : await findUserById(tx, userId);
    if (user === null || user.disabled) {
      throw new PlatformError(
        'UNAUTHENTICATED',
        'this login link was used or has expired; ask for a new one with `trialgraph open`',
      );
    }
    const id = newId<string>(deps);
    const { token, hmac } = makeToken(deps, 'ses', id);
    const expiresAt = new Date(now.getTime() + SESSION_MS);
    await insertSession(tx, { id, userId: user.id, secretHmac: hmac, createdAt: now, seenAt: now, expiresAt });
    return { cookie: token, user, expiresAt };
  });
}

/** Ends the session of a cookie; one that is not valid ends nothing. */
export async function endSession(deps: Deps, cookie: string): Promise<void> {
  const parsed = parseToken(cookie);
  if (parsed?.kind !== 'ses') return;
  await deps.database.transaction(async (tx) => {
    const session = await findSession(tx, parsed.keyId);
    if (session !== null && isSameHmac(session.secretHmac, tokenHmac(deps, parsed)))
      await deleteSession(tx, session.id);
  });
  forgetKey(deps, parsed.keyId);
}

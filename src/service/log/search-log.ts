import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import type { LogMatches } from '../../store/logs/log-store.js';
import type { Deps } from '../deps.js';
import { requireReadableTrial } from '../metric/places.js';
import { attemptOf, type LogTarget } from './read-log.js';

/** Matches that one page may hold. */
const MAX_MATCHES = 1_000;
const MAX_TEXT = 1_000;

export interface SearchLogInput extends LogTarget {
  /** 1 to 1,000 characters; no pattern, taken as it stands. */
  readonly text: string;
  readonly isCaseSensitive: boolean;
  readonly after?: string | null | undefined;
  /** 1 to 1,000. */
  readonly first: number;
}

/**
 * Lines of an attempt's log that contain a text, wherever they are in it. A page may be empty though more follow:
 * `hasMore` tells, and `searched` of `total` how far it is.
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID, CURSOR_INVALID, CURSOR_EXPIRED
 */
export async function searchLog(deps: Deps, principal: Principal, input: SearchLogInput): Promise<LogMatches> {
  const { text, first, isCaseSensitive } = input;
  if (!Number.isSafeInteger(first) || first < 1 || first > MAX_MATCHES)
    throw new PlatformError('INPUT_INVALID', `first must be 1 to ${MAX_MATCHES}`);
  if (text === '' || text.length > MAX_TEXT)
    throw new PlatformError('INPUT_INVALID', `text must have 1 to ${MAX_TEXT} characters`);
  if (/[\n\p{Surrogate}]/u.test(text))
    throw new PlatformError('INPUT_INVALID', 'text must be within one line, and without half of a surrogate pair');
  const attempt = await attemptOf(deps, input);
  await requireReadableTrial(deps, principal, attempt.trialId);
  return deps.logs.search({ ...attempt, text, isCaseSensitive, after: input.after ?? null, first });
}

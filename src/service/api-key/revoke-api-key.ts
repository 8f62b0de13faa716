import type { ApiKey } from '../../domain/api-key.js';
import { PlatformError } from '../../domain/errors.js';
import type { ApiKeyId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { revokeOwnedKey } from '../../store/queries/api-key.js';
import { forgetKey } from '../access/cache.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';
import { keyOwnerOf } from './key-owner.js';

export interface RevokeApiKeyInput {
  readonly id: string;
  readonly clientRequestId?: string | null;
}

/**
 * The key, dead: at once on this server, within 5 s on others. Idempotent. One's own keys, or any that one administers.
 * @throws NOT_FOUND.
 */
export async function revokeApiKey(deps: Deps, principal: Principal, input: RevokeApiKeyInput): Promise<ApiKey> {
  const id = checkId<ApiKeyId>(input.id, 'key');
  const request = { operation: 'revokeApiKey', clientRequestId: input.clientRequestId, input };
  const key = await once(deps, principal, request, async (tx) => {
    const revoked = await revokeOwnedKey(tx, keyOwnerOf(principal), id, deps.clock.now());
    if (revoked === null) throw new PlatformError('NOT_FOUND', 'there is no key with this id');
    return revoked;
  });
  forgetKey(deps, id);
  return key;
}

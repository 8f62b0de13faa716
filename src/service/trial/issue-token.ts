/** The token that an attempt writes with. It dies with its epoch. */
import type { ApiKeyId, OrganizationId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../../store/database.js';
import { insertApiKey } from '../../store/queries/api-key.js';
import { makeToken } from '../access/token.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';

export interface Attempt {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
}

/** A fresh token for the attempt; earlier ones of it stay good. It is shown once and never stored. */
export async function issueTrialToken(sql: Sql, deps: Deps, attempt: Attempt): Promise<string> {
  const id = newId<ApiKeyId>(deps);
  const { token, hmac } = makeToken(deps, 'tri', id);
  await insertApiKey(sql, {
    id,
    organizationId: attempt.organizationId,
    kind: 'TRIAL',
    name: `attempt ${attempt.attempt}`,
    userId: null,
    role: null,
    projectId: attempt.projectId,
    poolId: null,
    trialId: attempt.trialId,
    attempt: attempt.attempt,
    epoch: attempt.epoch,
    createdAt: deps.clock.now(),
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    secretHmac: hmac,
  });
  return token;
}

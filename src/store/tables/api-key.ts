import { EntitySchema } from 'typeorm';
import type { ApiKey } from '../../domain/api-key.js';
import { bytes, id, integer, nullable, text, time, uuid } from './columns.js';

/** A key with the HMAC of its secret, which never leaves the store. */
export interface ApiKeyRow extends ApiKey {
  readonly secretHmac: Buffer;
}

export const apiKeyTable = new EntitySchema<ApiKeyRow>({
  name: 'api_key',
  columns: {
    id: id(),
    organizationId: uuid('organization_id'),
    kind: text('kind'),
    name: text('name'),
    secretHmac: bytes('secret_hmac', { select: false }),
    userId: uuid('user_id', nullable),
    role: text('role', nullable),
    projectId: uuid('project_id', nullable),
    poolId: uuid('pool_id', nullable),
    trialId: uuid('trial_id', nullable),
    attempt: integer('attempt', nullable),
    epoch: integer('epoch', nullable),
    createdAt: time('created_at'),
    expiresAt: time('expires_at', nullable),
    revokedAt: time('revoked_at', nullable),
    lastUsedAt: time('last_used_at', nullable),
  },
});

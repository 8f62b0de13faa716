import { EntitySchema } from 'typeorm';
import type { UserId } from '../../domain/ids.js';
import { bytes, time, uuid } from './columns.js';

/** A code that can be exchanged for a session, once. */
export interface LoginCodeRow {
  readonly codeHmac: Buffer;
  readonly userId: UserId;
  readonly expiresAt: Date;
}

export const loginCodeTable = new EntitySchema<LoginCodeRow>({
  name: 'login_code',
  columns: { codeHmac: bytes('code_hmac', { primary: true }), userId: uuid('user_id'), expiresAt: time('expires_at') },
});

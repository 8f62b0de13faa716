import { EntitySchema } from 'typeorm';
import type { UserId } from '../../domain/ids.js';
import { bytes, id, time, uuid } from './columns.js';

/** A browser's login. The cookie holds the secret, the row its HMAC. */
export interface SessionRow {
  readonly id: string;
  readonly userId: UserId;
  readonly secretHmac: Buffer;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** The absolute end; the idle end follows `seenAt`. */
  readonly expiresAt: Date;
}

export const sessionTable = new EntitySchema<SessionRow>({
  name: 'session',
  columns: {
    id: id(),
    userId: uuid('user_id'),
    secretHmac: bytes('secret_hmac', { select: false }),
    createdAt: time('created_at'),
    seenAt: time('seen_at'),
    expiresAt: time('expires_at'),
  },
});

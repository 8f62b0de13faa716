import { EntitySchema } from 'typeorm';
import type { User } from '../../domain/user.js';
import { id, nullable, text, time, truth, uuid } from './columns.js';

/** Called `app_user` in the database, where `user` is a reserved word. */
export const userTable = new EntitySchema<User>({
  name: 'app_user',
  columns: {
    id: id(),
    organizationId: uuid('organization_id'),
    name: text('name'),
    email: text('email', nullable),
    disabled: truth('disabled'),
    createdAt: time('created_at'),
  },
});

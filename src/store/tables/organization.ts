import { EntitySchema } from 'typeorm';
import type { Organization } from '../../domain/organization.js';
import { id, text, time } from './columns.js';

export const organizationTable = new EntitySchema<Organization>({
  name: 'organization',
  columns: { id: id(), name: text('name'), createdAt: time('created_at') },
});

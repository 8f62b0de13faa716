import { EntitySchema } from 'typeorm';
import type { ResourcePool } from '../../domain/resource-pool.js';
import { id, integer, text, time, uuid } from './columns.js';

export const resourcePoolTable = new EntitySchema<ResourcePool>({
  name: 'resource_pool',
  columns: {
    id: id(),
    organizationId: uuid('organization_id'),
    name: text('name'),
    leaseSeconds: integer('lease_seconds'),
    createdAt: time('created_at'),
  },
});

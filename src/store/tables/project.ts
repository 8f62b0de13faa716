import { EntitySchema } from 'typeorm';
import type { Project } from '../../domain/project.js';
import { id, text, time, uuid } from './columns.js';

export const projectTable = new EntitySchema<Project>({
  name: 'project',
  columns: {
    id: id(),
    organizationId: uuid('organization_id'),
    name: text('name'),
    description: text('description'),
    createdAt: time('created_at'),
  },
});

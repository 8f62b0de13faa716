import { EntitySchema } from 'typeorm';
import type { Project } from '../../domain/project.js';
import { id, integer, nullable, text, time, uuid } from './columns.js';

export const projectTable = new EntitySchema<Project>({
  name: 'project',
  columns: {
    id: id(),
    // Null only where nobody looks: a project that was deleted and is not purged yet.
    organizationId: uuid('organization_id', nullable),
    name: text('name'),
    description: text('description'),
    createdAt: time('created_at'),
    metricRetentionDays: integer('metric_retention_days', nullable),
    logRetentionDays: integer('log_retention_days', nullable),
  },
});

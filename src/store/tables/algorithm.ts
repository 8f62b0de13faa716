import { EntitySchema } from 'typeorm';
import type { Algorithm, AlgorithmVersion } from '../../domain/algorithm.js';
import { id, integer, json, nullable, text, time, uuid } from './columns.js';

export const algorithmTable = new EntitySchema<Algorithm>({
  name: 'algorithm',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    name: text('name'),
    description: text('description'),
    createdAt: time('created_at'),
  },
});

export const algorithmVersionTable = new EntitySchema<AlgorithmVersion>({
  name: 'algorithm_version',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    algorithmId: uuid('algorithm_id'),
    version: integer('version'),
    command: json('command'),
    environment: json('environment'),
    workingDirectory: text('working_directory', nullable),
    source: text('source', nullable),
    createdAt: time('created_at'),
  },
});

import { EntitySchema } from 'typeorm';
import type { Dataset, DatasetVersion } from '../../domain/dataset.js';
import { float, id, integer, nullable, text, time, uuid } from './columns.js';

export const datasetTable = new EntitySchema<Dataset>({
  name: 'dataset',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    name: text('name'),
    description: text('description'),
    createdAt: time('created_at'),
  },
});

export const datasetVersionTable = new EntitySchema<DatasetVersion>({
  name: 'dataset_version',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    datasetId: uuid('dataset_id'),
    version: integer('version'),
    uri: text('uri'),
    sha256: text('sha256'),
    sizeBytes: float('size_bytes', nullable),
    rows: float('rows', nullable),
    licence: text('licence', nullable),
    createdAt: time('created_at'),
  },
});

import { EntitySchema } from 'typeorm';
import type { Experiment } from '../../domain/experiment.js';
import type { DatasetVersionId, ExperimentId, ProjectId } from '../../domain/ids.js';
import { float, id, integer, json, nullable, text, time, uuid } from './columns.js';

/** An experiment, and what only its verbs read. */
interface ExperimentRow extends Experiment {
  readonly failuresFrom: number;
  /** What the jobs of deleted trials have cost. */
  readonly deletedGpuHours: number;
  readonly deletedSlotHours: number;
}

export const experimentTable = new EntitySchema<ExperimentRow>({
  name: 'experiment',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    name: text('name'),
    description: text('description'),
    state: text('state'),
    search: json('search', nullable),
    algorithmVersionId: uuid('algorithm_version_id', nullable),
    poolId: uuid('pool_id', nullable),
    resources: json('resources'),
    nextNumber: integer('next_number'),
    sequence: integer('sequence'),
    failuresFrom: integer('failures_from'),
    deletedGpuHours: float('deleted_gpu_hours'),
    deletedSlotHours: float('deleted_slot_hours'),
    createdAt: time('created_at'),
    endedAt: time('ended_at', nullable),
  },
});

/** Data that an experiment's trials read, by the channel it comes in. */
export interface ExperimentDatasetRow {
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly datasetVersionId: DatasetVersionId;
  readonly channel: string;
}

export const experimentDatasetTable = new EntitySchema<ExperimentDatasetRow>({
  name: 'experiment_dataset',
  columns: {
    projectId: uuid('project_id'),
    experimentId: uuid('experiment_id', { primary: true }),
    datasetVersionId: uuid('dataset_version_id'),
    channel: text('channel', { primary: true }),
  },
});

import { EntitySchema } from 'typeorm';
import type { Artifact } from '../../domain/artifact.js';
import { float, id, integer, nullable, text, time, uuid } from './columns.js';

/** An artifact with where its bytes are and the epoch that may commit it. */
export interface ArtifactRow extends Artifact {
  /** Of the trial token that began it; null when a person did. */
  readonly epoch: number | null;
  readonly storageKey: string;
}

export const artifactTable = new EntitySchema<ArtifactRow>({
  name: 'artifact',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    trialId: uuid('trial_id'),
    attempt: integer('attempt'),
    epoch: integer('epoch', nullable),
    name: text('name'),
    kind: text('kind'),
    fileName: text('file_name'),
    sizeBytes: float('size_bytes'),
    sha256: text('sha256'),
    storageKey: text('storage_key'),
    state: text('state'),
    createdAt: time('created_at'),
    committedAt: time('committed_at', nullable),
  },
});

import type { DatasetId, DatasetVersionId, ProjectId } from './ids.js';

/** A named collection of data, registered by reference: bytes stay where they are. */
export interface Dataset {
  readonly id: DatasetId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
}

/** One immutable version with its checksum. */
export interface DatasetVersion {
  readonly id: DatasetVersionId;
  readonly projectId: ProjectId;
  readonly datasetId: DatasetId;
  readonly version: number;
  readonly uri: string;
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number | null;
  readonly rows: number | null;
  readonly licence: string | null;
  readonly createdAt: Date;
}

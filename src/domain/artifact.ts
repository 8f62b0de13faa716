import type { ArtifactId, ProjectId, TrialId } from './ids.js';

export type ArtifactState = 'PENDING' | 'COMMITTED';

/** A file that a trial made. Served only once COMMITTED, with the checksum it claims. */
export interface Artifact {
  readonly id: ArtifactId;
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly name: string;
  readonly kind: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly state: ArtifactState;
  readonly createdAt: Date;
  readonly committedAt: Date | null;
}

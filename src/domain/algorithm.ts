import type { AlgorithmId, AlgorithmVersionId, ProjectId } from './ids.js';

/** Reusable training code. Search methods are samplers and pruners, never algorithms. */
export interface Algorithm {
  readonly id: AlgorithmId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
}

/** One immutable version: what is run, and what it declares. */
export interface AlgorithmVersion {
  readonly id: AlgorithmVersionId;
  readonly projectId: ProjectId;
  readonly algorithmId: AlgorithmId;
  /** 1, 2, 3 … within the algorithm. */
  readonly version: number;
  /** An argv: never a shell line. */
  readonly command: readonly string[];
  /** Plain environment variables, not secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder the command starts in, as the runner sees it; null: where the runner was started. */
  readonly workingDirectory: string | null;
  /** Where the code is kept, e.g. a git URL with a commit; informative. */
  readonly source: string | null;
  readonly createdAt: Date;
}

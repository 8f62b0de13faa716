import type { OrganizationId, ProjectId } from './ids.js';

/** A body of work with its own members. Every row below it carries its id: authorisation filters on it. */
export interface Project {
  readonly id: ProjectId;
  readonly organizationId: OrganizationId;
  /** Unique in the organization. */
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  /** Days after a trial's end that its points are kept; null: for ever. */
  readonly metricRetentionDays: number | null;
  /** The same for the lines of its logs. */
  readonly logRetentionDays: number | null;
}

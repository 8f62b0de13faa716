/** What of the store a caller may see. Every read of a page, a node or an edge is filtered by it in SQL. */
import type { OrganizationId, ProjectId } from '../../domain/ids.js';

export interface Scope {
  readonly organizationId: OrganizationId;
  /** Null: all projects of the organization. */
  readonly projectIds: readonly ProjectId[] | null;
}

/**
 * SQL that joins a table to its visible project, as alias `p`; the scope's two parameters are `$n` and `$n+1`.
 * `column` is text of ours, such as `t.project_id`, never a user's.
 */
export function joinVisible(column: string, n: number): string {
  return `JOIN project p ON p.id = ${column} AND p.organization_id = $${n} AND ($${n + 1}::uuid[] IS NULL OR p.id = ANY ($${n + 1}::uuid[]))`;
}

/**
 * As `joinVisible`, for rows of trials: alias and columns `trial_id`'s experiment and project, such as `t` or `j`. The
 * experiment must still be of that project, since deleting moves it away and leaves its trials to the purge.
 */
export function joinVisibleTrial(alias: 't' | 'j', n: number): string {
  return `JOIN experiment ve ON ve.id = ${alias}.experiment_id AND ve.project_id = ${alias}.project_id ${joinVisible('ve.project_id', n)}`;
}

/** The parameters for `joinVisible`. */
export function scopeParameters(scope: Scope): [OrganizationId, readonly ProjectId[] | null] {
  return [scope.organizationId, scope.projectIds];
}

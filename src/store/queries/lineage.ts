/** Where trials come from: parents, children, and the checkpoints that they go on from. */
import type { ArtifactId, TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { newestCheckpoint } from './pause.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';
import { TRIAL_COLUMNS } from './trial.js';

export interface Relative {
  /** Whose relative it is. */
  readonly of: TrialId;
  readonly trial: Trial;
}

/** The trials whose checkpoints visible trials began with; those without one are left out. */
export async function findParents(sql: Sql, scope: Scope, ids: readonly TrialId[]): Promise<Relative[]> {
  const rows = await sql.query<Trial & { of: TrialId }>(
    `/* lineage.parents */
    SELECT o.id AS "of", ${TRIAL_COLUMNS} FROM trial o
    JOIN trial t ON t.experiment_id = o.experiment_id AND t.number = o.parent_number ${joinVisibleTrial('t', 2)}
    WHERE o.id = ANY ($1::uuid[])`,
    [ids, ...scopeParameters(scope)],
  );
  return rows.map(relative);
}

/** The trials that began with checkpoints of visible ones, each one's by number. */
export async function findChildren(sql: Sql, scope: Scope, ids: readonly TrialId[]): Promise<Relative[]> {
  const rows = await sql.query<Trial & { of: TrialId }>(
    `/* lineage.children */
    SELECT o.id AS "of", ${TRIAL_COLUMNS} FROM trial o
    JOIN trial t ON t.experiment_id = o.experiment_id AND t.parent_number = o.number ${joinVisibleTrial('t', 2)}
    WHERE o.id = ANY ($1::uuid[]) ORDER BY o.id, t.number`,
    [ids, ...scopeParameters(scope)],
  );
  return rows.map(relative);
}

/**
 * The artifact that the next attempt of each visible trial goes on from: its own newest committed checkpoint, or else the one
 * that it began with. Those without any are left out.
 */
export async function findCheckpoints(
  sql: Sql,
  scope: Scope,
  ids: readonly TrialId[],
): Promise<{ trialId: TrialId; artifactId: ArtifactId }[]> {
  return sql.query(
    `/* lineage.checkpoints */
    SELECT t.id AS "trialId", coalesce(own.id, t.parent_checkpoint_id) AS "artifactId"
    FROM trial t ${joinVisibleTrial('t', 2)}
    LEFT JOIN LATERAL (${newestCheckpoint('t.id')}) own ON true
    WHERE t.id = ANY ($1::uuid[]) AND coalesce(own.id, t.parent_checkpoint_id) IS NOT NULL`,
    [ids, ...scopeParameters(scope)],
  );
}

function relative({ of, ...trial }: Trial & { of: TrialId }): Relative {
  return { of, trial };
}

/** Artifacts: SQL and typed reads. The lease row is locked before the artifact's, as everywhere (rule 4). */
import type { Artifact } from '../../domain/artifact.js';
import type { ArtifactId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { type ArtifactRow, artifactTable } from '../tables/artifact.js';
import { joinVisibleTrial, type Scope, scopeParameters } from './scope.js';

export const ARTIFACT_COLUMNS = `f.id, f.project_id AS "projectId", f.trial_id AS "trialId", f.attempt, f.name, f.kind,
  f.file_name AS "fileName", f.size_bytes AS "sizeBytes", f.sha256, f.state, f.created_at AS "createdAt", f.committed_at AS "committedAt"`;

/** Those of visible trials: a deleted trial takes its artifacts out of sight. */
const VISIBLE = `JOIN trial t ON t.id = f.trial_id AND t.project_id = f.project_id ${joinVisibleTrial('t', 1)}`;

/** The trial that an artifact is written to, and the lease that says who may. */
export interface WritableTrial {
  readonly id: TrialId;
  readonly projectId: Artifact['projectId'];
  readonly experimentId: string;
  readonly attempt: number;
  readonly epoch: number;
}

/** The visible trial, its lease held until the transaction ends: no other attempt begins meanwhile. Null when absent. */
export async function holdTrial(tx: Sql, scope: Scope, trialId: TrialId): Promise<WritableTrial | null> {
  const rows = await tx.query<WritableTrial>(
    `/* artifact.hold-trial */ SELECT t.id, t.project_id AS "projectId", t.experiment_id AS "experimentId", l.attempt, l.epoch
    FROM trial t JOIN trial_lease l ON l.trial_id = t.id ${joinVisibleTrial('t', 1)}
    WHERE t.id = $3 FOR SHARE OF l`,
    [...scopeParameters(scope), trialId],
  );
  return rows[0] ?? null;
}

/** Waits until nobody else begins or sweeps artifacts with these bytes; holds until the transaction ends. */
export async function lockStorageKey(tx: Sql, storageKey: string): Promise<void> {
  await tx.query(`/* artifact.lock-key */ SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [storageKey]);
}

/** How many the trial has, counted no further than `limit`. */
export async function countArtifacts(tx: Sql, trialId: TrialId, limit: number): Promise<number> {
  const rows = await tx.query<{ n: number }>(
    `/* artifact.count */ SELECT count(*) AS n FROM (SELECT 1 FROM artifact WHERE trial_id = $1 LIMIT $2) a`,
    [trialId, limit],
  );
  return rows[0]?.n ?? 0;
}

export async function insertArtifact(tx: Sql, artifact: ArtifactRow): Promise<void> {
  await tx.manager.insert(artifactTable, artifact);
}

/** The visible artifact with its storage key and epoch, null when there is none. */
export async function findArtifactRow(sql: Sql, scope: Scope, id: ArtifactId): Promise<ArtifactRow | null> {
  const rows = await sql.query<ArtifactRow>(
    `/* artifact.find */ SELECT ${ARTIFACT_COLUMNS}, f.epoch, f.storage_key AS "storageKey"
    FROM artifact f ${VISIBLE} WHERE f.id = $3`,
    [...scopeParameters(scope), id],
  );
  return rows[0] ?? null;
}

/** Commits it if it is still PENDING; null when somebody else did, or it is gone. */
export async function markCommitted(tx: Sql, id: ArtifactId, now: Date): Promise<Artifact | null> {
  const rows = await tx.query<Artifact>(
    `/* artifact.commit */ UPDATE artifact f SET state = 'COMMITTED', committed_at = $2
    WHERE f.id = $1 AND f.state = 'PENDING' RETURNING ${ARTIFACT_COLUMNS}`,
    [id, now],
  );
  return rows[0] ?? null;
}

/** The visible ones among `ids`, in no order. */
export async function readArtifactsById(sql: Sql, scope: Scope, ids: readonly ArtifactId[]): Promise<Artifact[]> {
  return sql.query<Artifact>(
    `/* artifact.read-by-id */ SELECT ${ARTIFACT_COLUMNS} FROM artifact f ${VISIBLE} WHERE f.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
}

/** Oldest first within each trial. */
export async function readArtifactsOfTrials(sql: Sql, scope: Scope, trialIds: readonly TrialId[]): Promise<Artifact[]> {
  return sql.query<Artifact>(
    `/* artifact.read-of-trials */ SELECT ${ARTIFACT_COLUMNS} FROM artifact f ${VISIBLE}
    WHERE f.trial_id = ANY ($3::uuid[]) ORDER BY f.id`,
    [...scopeParameters(scope), trialIds],
  );
}

export interface Abandoned {
  readonly id: ArtifactId;
  readonly storageKey: string;
}

/** PENDING ones begun before `before`: nobody will commit them. */
export async function readAbandoned(sql: Sql, before: Date, limit: number): Promise<Abandoned[]> {
  return sql.query<Abandoned>(
    `/* artifact.read-abandoned */ SELECT id, storage_key AS "storageKey" FROM artifact
    WHERE state = 'PENDING' AND created_at < $1 ORDER BY created_at LIMIT $2`,
    [before, limit],
  );
}

/** Forgets a PENDING one; says whether no other artifact has its bytes. */
export async function deletePending(tx: Sql, abandoned: Abandoned): Promise<{ readonly isLast: boolean }> {
  const deleted = await tx.query(
    `/* artifact.delete-pending */ DELETE FROM artifact WHERE id = $1 AND state = 'PENDING' RETURNING id`,
    [abandoned.id],
  );
  return { isLast: deleted.length === 1 && (await isUnused(tx, abandoned)) };
}

/** Forgets one in any state; says whether no other artifact has its bytes. */
export async function deleteArtifact(tx: Sql, artifact: Abandoned): Promise<{ readonly isLast: boolean }> {
  await tx.query(`/* artifact.delete */ DELETE FROM artifact WHERE id = $1`, [artifact.id]);
  return { isLast: await isUnused(tx, artifact) };
}

async function isUnused(tx: Sql, artifact: Abandoned): Promise<boolean> {
  const others = await tx.query(
    `/* artifact.others */ SELECT 1 AS found FROM artifact WHERE storage_key = $1 LIMIT 1`,
    [artifact.storageKey],
  );
  return others.length === 0;
}

/** Algorithms and their versions: SQL and typed reads. */
import type { Algorithm, AlgorithmVersion } from '../../domain/algorithm.js';
import type { AlgorithmId, AlgorithmVersionId, ProjectId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { algorithmVersionTable } from '../tables/algorithm.js';
import { joinVisible, type Scope, scopeParameters } from './scope.js';

export const ALGORITHM_COLUMNS = `a.id, a.project_id AS "projectId", a.name, a.description, a.created_at AS "createdAt"`;
export const ALGORITHM_VERSION_COLUMNS = `av.id, av.project_id AS "projectId", av.algorithm_id AS "algorithmId", av.version, av.command,
  av.environment, av.working_directory AS "workingDirectory", av.source, av.created_at AS "createdAt"`;

/**
 * The algorithm of this name, made from `algorithm` if there is none, and locked: its versions are numbered one by one.
 * A description that is not empty replaces the one before.
 */
export async function ensureAlgorithm(tx: Sql, algorithm: Algorithm): Promise<Algorithm> {
  const rows = await tx.query<Algorithm>(
    `/* algorithm.ensure */ INSERT INTO algorithm AS a (id, project_id, name, description, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (project_id, name) DO UPDATE SET description = coalesce(nullif(excluded.description, ''), a.description)
    RETURNING ${ALGORITHM_COLUMNS}`,
    [algorithm.id, algorithm.projectId, algorithm.name, algorithm.description, algorithm.createdAt],
  );
  return rows[0] ?? algorithm;
}

export async function findLatestAlgorithmVersion(tx: Sql, algorithmId: AlgorithmId): Promise<AlgorithmVersion | null> {
  const rows = await tx.query<AlgorithmVersion>(
    `/* algorithm.find-latest */ SELECT ${ALGORITHM_VERSION_COLUMNS} FROM algorithm_version av
    WHERE av.algorithm_id = $1 ORDER BY av.version DESC LIMIT 1`,
    [algorithmId],
  );
  return rows[0] ?? null;
}

export async function insertAlgorithmVersion(tx: Sql, version: AlgorithmVersion): Promise<void> {
  await tx.manager.insert(algorithmVersionTable, version);
}

/** Oldest first. */
export async function readAlgorithmPage(
  sql: Sql,
  scope: Scope,
  projectId: ProjectId,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<Algorithm[]> {
  return sql.query<Algorithm>(
    `/* algorithm.read-page */ SELECT ${ALGORITHM_COLUMNS} FROM algorithm a ${joinVisible('a.project_id', 1)}
    WHERE a.project_id = $3 AND ($4::uuid IS NULL OR a.id > $4::uuid) ORDER BY a.id LIMIT $5`,
    [...scopeParameters(scope), projectId, page.afterId, page.limit],
  );
}

export async function countAlgorithms(sql: Sql, scope: Scope, projectId: ProjectId): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* algorithm.count */ SELECT count(*) AS n FROM algorithm a ${joinVisible('a.project_id', 1)} WHERE a.project_id = $3`,
    [...scopeParameters(scope), projectId],
  );
  return rows[0]?.n ?? 0;
}

export async function readAlgorithmsById(sql: Sql, scope: Scope, ids: readonly AlgorithmId[]): Promise<Algorithm[]> {
  return sql.query<Algorithm>(
    `/* algorithm.read-by-id */ SELECT ${ALGORITHM_COLUMNS} FROM algorithm a ${joinVisible('a.project_id', 1)} WHERE a.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
}

export async function readAlgorithmVersionsById(
  sql: Sql,
  scope: Scope,
  ids: readonly AlgorithmVersionId[],
): Promise<AlgorithmVersion[]> {
  return sql.query<AlgorithmVersion>(
    `/* algorithm.read-versions-by-id */ SELECT ${ALGORITHM_VERSION_COLUMNS} FROM algorithm_version av
    ${joinVisible('av.project_id', 1)} WHERE av.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
}

/** Newest first within each algorithm. */
export async function readVersionsOfAlgorithms(
  sql: Sql,
  scope: Scope,
  algorithmIds: readonly AlgorithmId[],
): Promise<AlgorithmVersion[]> {
  return sql.query<AlgorithmVersion>(
    `/* algorithm.read-versions-of */ SELECT ${ALGORITHM_VERSION_COLUMNS} FROM algorithm_version av
    ${joinVisible('av.project_id', 1)} WHERE av.algorithm_id = ANY ($3::uuid[]) ORDER BY av.version DESC`,
    [...scopeParameters(scope), algorithmIds],
  );
}

/** Datasets and their versions: SQL and typed reads. */
import type { Dataset, DatasetVersion } from '../../domain/dataset.js';
import type { DatasetId, DatasetVersionId, ExperimentId, ProjectId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { datasetVersionTable } from '../tables/dataset.js';
import { joinVisible, type Scope, scopeParameters } from './scope.js';

export const DATASET_COLUMNS = `d.id, d.project_id AS "projectId", d.name, d.description, d.created_at AS "createdAt"`;
export const DATASET_VERSION_COLUMNS = `dv.id, dv.project_id AS "projectId", dv.dataset_id AS "datasetId", dv.version, dv.uri, dv.sha256,
  dv.size_bytes AS "sizeBytes", dv.rows, dv.licence, dv.created_at AS "createdAt"`;

/**
 * The dataset of this name, made from `dataset` if there is none, and locked: its versions are numbered one by one.
 * A description that is not empty replaces the one before.
 */
export async function ensureDataset(tx: Sql, dataset: Dataset): Promise<Dataset> {
  const rows = await tx.query<Dataset>(
    `/* dataset.ensure */ INSERT INTO dataset AS d (id, project_id, name, description, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (project_id, name) DO UPDATE SET description = coalesce(nullif(excluded.description, ''), d.description)
    RETURNING ${DATASET_COLUMNS}`,
    [dataset.id, dataset.projectId, dataset.name, dataset.description, dataset.createdAt],
  );
  return rows[0] ?? dataset;
}

export async function findLatestDatasetVersion(tx: Sql, datasetId: DatasetId): Promise<DatasetVersion | null> {
  const rows = await tx.query<DatasetVersion>(
    `/* dataset.find-latest */ SELECT ${DATASET_VERSION_COLUMNS} FROM dataset_version dv
    WHERE dv.dataset_id = $1 ORDER BY dv.version DESC LIMIT 1`,
    [datasetId],
  );
  return rows[0] ?? null;
}

export async function insertDatasetVersion(tx: Sql, version: DatasetVersion): Promise<void> {
  await tx.manager.insert(datasetVersionTable, version);
}

/** Oldest first. */
export async function readDatasetPage(
  sql: Sql,
  scope: Scope,
  projectId: ProjectId,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<Dataset[]> {
  return sql.query<Dataset>(
    `/* dataset.read-page */ SELECT ${DATASET_COLUMNS} FROM dataset d ${joinVisible('d.project_id', 1)}
    WHERE d.project_id = $3 AND ($4::uuid IS NULL OR d.id > $4::uuid) ORDER BY d.id LIMIT $5`,
    [...scopeParameters(scope), projectId, page.afterId, page.limit],
  );
}

export async function countDatasets(sql: Sql, scope: Scope, projectId: ProjectId): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* dataset.count */ SELECT count(*) AS n FROM dataset d ${joinVisible('d.project_id', 1)} WHERE d.project_id = $3`,
    [...scopeParameters(scope), projectId],
  );
  return rows[0]?.n ?? 0;
}

export async function readDatasetsById(sql: Sql, scope: Scope, ids: readonly DatasetId[]): Promise<Dataset[]> {
  return sql.query<Dataset>(
    `/* dataset.read-by-id */ SELECT ${DATASET_COLUMNS} FROM dataset d ${joinVisible('d.project_id', 1)} WHERE d.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
}

export async function readDatasetVersionsById(
  sql: Sql,
  scope: Scope,
  ids: readonly DatasetVersionId[],
): Promise<DatasetVersion[]> {
  return sql.query<DatasetVersion>(
    `/* dataset.read-versions-by-id */ SELECT ${DATASET_VERSION_COLUMNS} FROM dataset_version dv
    ${joinVisible('dv.project_id', 1)} WHERE dv.id = ANY ($3::uuid[])`,
    [...scopeParameters(scope), ids],
  );
}

/** Newest first within each dataset. */
export async function readVersionsOfDatasets(
  sql: Sql,
  scope: Scope,
  datasetIds: readonly DatasetId[],
): Promise<DatasetVersion[]> {
  return sql.query<DatasetVersion>(
    `/* dataset.read-versions-of */ SELECT ${DATASET_VERSION_COLUMNS} FROM dataset_version dv
    ${joinVisible('dv.project_id', 1)} WHERE dv.dataset_id = ANY ($3::uuid[]) ORDER BY dv.version DESC`,
    [...scopeParameters(scope), datasetIds],
  );
}

export interface ExperimentDataset {
  readonly experimentId: ExperimentId;
  readonly channel: string;
  readonly version: DatasetVersion;
}

/** What experiments read, by channel. */
export async function readDatasetsOfExperiments(
  sql: Sql,
  scope: Scope,
  experimentIds: readonly ExperimentId[],
): Promise<ExperimentDataset[]> {
  const rows = await sql.query<DatasetVersion & { ofExperiment: ExperimentId; channel: string }>(
    `/* dataset.read-of-experiments */ SELECT ed.experiment_id AS "ofExperiment", ed.channel, ${DATASET_VERSION_COLUMNS}
    FROM experiment_dataset ed JOIN dataset_version dv ON dv.id = ed.dataset_version_id
    ${joinVisible('dv.project_id', 1)} WHERE ed.experiment_id = ANY ($3::uuid[]) AND ed.project_id = dv.project_id ORDER BY ed.channel`,
    [...scopeParameters(scope), experimentIds],
  );
  return rows.map(({ ofExperiment, channel, ...version }) => ({ experimentId: ofExperiment, channel, version }));
}

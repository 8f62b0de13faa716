import type { Dataset, DatasetVersion } from '../../domain/dataset.js';
import type { DatasetId, DatasetVersionId, ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import {
  readDatasetsById,
  readDatasetsOfExperiments,
  readDatasetVersionsById,
  readVersionsOfDatasets,
} from '../../store/queries/dataset.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId, byKey } from '../in-order.js';

/** Per id the dataset, null where it is not visible. */
export async function loadDatasets(
  deps: Deps,
  principal: Principal,
  ids: readonly DatasetId[],
): Promise<(Dataset | null)[]> {
  return byId(ids, await readDatasetsById(deps.database.read, scopeOf(principal), ids));
}

/** Per id the version, null where it is not visible. */
export async function loadDatasetVersions(
  deps: Deps,
  principal: Principal,
  ids: readonly DatasetVersionId[],
): Promise<(DatasetVersion | null)[]> {
  return byId(ids, await readDatasetVersionsById(deps.database.read, scopeOf(principal), ids));
}

/** Per dataset its versions, newest first. */
export async function loadVersionsByDataset(
  deps: Deps,
  principal: Principal,
  ids: readonly DatasetId[],
): Promise<DatasetVersion[][]> {
  const versions = await readVersionsOfDatasets(deps.database.read, scopeOf(principal), ids);
  return byKey(ids, versions, (version) => version.datasetId);
}

/** Per experiment the versions that its trials read, ordered by channel. */
export async function loadDatasetVersionsByExperiment(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<DatasetVersion[][]> {
  const found = await readDatasetsOfExperiments(deps.database.read, scopeOf(principal), ids);
  return byKey(ids, found, (one) => one.experimentId).map((list) => list.map((one) => one.version));
}

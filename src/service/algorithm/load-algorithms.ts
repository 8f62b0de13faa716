import type { Algorithm, AlgorithmVersion } from '../../domain/algorithm.js';
import type { AlgorithmId, AlgorithmVersionId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import {
  readAlgorithmsById,
  readAlgorithmVersionsById,
  readVersionsOfAlgorithms,
} from '../../store/queries/algorithm.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId, byKey } from '../in-order.js';

/** Per id the algorithm, null where it is not visible. */
export async function loadAlgorithms(
  deps: Deps,
  principal: Principal,
  ids: readonly AlgorithmId[],
): Promise<(Algorithm | null)[]> {
  return byId(ids, await readAlgorithmsById(deps.database.read, scopeOf(principal), ids));
}

/** Per id the version, null where it is not visible. */
export async function loadAlgorithmVersions(
  deps: Deps,
  principal: Principal,
  ids: readonly AlgorithmVersionId[],
): Promise<(AlgorithmVersion | null)[]> {
  return byId(ids, await readAlgorithmVersionsById(deps.database.read, scopeOf(principal), ids));
}

/** Per algorithm its versions, newest first. */
export async function loadVersionsByAlgorithm(
  deps: Deps,
  principal: Principal,
  ids: readonly AlgorithmId[],
): Promise<AlgorithmVersion[][]> {
  const versions = await readVersionsOfAlgorithms(deps.database.read, scopeOf(principal), ids);
  return byKey(ids, versions, (version) => version.algorithmId);
}

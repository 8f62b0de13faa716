import type { Artifact } from '../../domain/artifact.js';
import type { ArtifactId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { readArtifactsById, readArtifactsOfTrials } from '../../store/queries/artifact.js';
import { scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId, byKey } from '../in-order.js';

/** Per id the artifact, null where it is not visible. */
export async function loadArtifacts(
  deps: Deps,
  principal: Principal,
  ids: readonly ArtifactId[],
): Promise<(Artifact | null)[]> {
  return byId(ids, await readArtifactsById(deps.database.read, scopeOfTrialCaller(principal), ids));
}

/** Per trial its artifacts, oldest first, PENDING ones too. */
export async function loadArtifactsByTrial(
  deps: Deps,
  principal: Principal,
  ids: readonly TrialId[],
): Promise<Artifact[][]> {
  const artifacts = await readArtifactsOfTrials(deps.database.read, scopeOfTrialCaller(principal), ids);
  return byKey(ids, artifacts, (artifact) => artifact.trialId);
}

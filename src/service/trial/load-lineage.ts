/** Parents, children and checkpoints of trials for the edges of a graph: many ids, one or two statements. */
import type { Artifact } from '../../domain/artifact.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { readArtifactsById } from '../../store/queries/artifact.js';
import { findCheckpoints, findChildren, findParents } from '../../store/queries/lineage.js';
import { scopeOf, scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byKey } from '../in-order.js';

/** Per id the trial whose checkpoint it began with; null where there is none, or either is not visible. */
export async function loadParents(
  deps: Deps,
  principal: Principal,
  ids: readonly TrialId[],
): Promise<(Trial | null)[]> {
  const found = await findParents(deps.database.read, scopeOf(principal), ids);
  const parents = new Map(found.map(({ of, trial }) => [of, trial]));
  return ids.map((id) => parents.get(id) ?? null);
}

/** Per id the trials that began with checkpoints of it, by number; none where it is not visible. */
export async function loadChildren(deps: Deps, principal: Principal, ids: readonly TrialId[]): Promise<Trial[][]> {
  const found = await findChildren(deps.database.read, scopeOf(principal), ids);
  return byKey(ids, found, ({ of }) => of).map((children) => children.map(({ trial }) => trial));
}

/** Per id the checkpoint that its next attempt goes on from; null where there is none. A trial's token sees its own. */
export async function loadCheckpoints(
  deps: Deps,
  principal: Principal,
  ids: readonly TrialId[],
): Promise<(Artifact | null)[]> {
  const allowed = principal.kind === 'trial' ? ids.filter((id) => id === principal.trialId) : ids;
  const scope = scopeOfTrialCaller(principal);
  const rows = await findCheckpoints(deps.database.read, scope, allowed);
  const artifacts =
    rows.length === 0
      ? []
      : await readArtifactsById(
          deps.database.read,
          scope,
          rows.map(({ artifactId }) => artifactId),
        );
  const artifactOf = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const found = new Map(rows.map(({ trialId, artifactId }) => [trialId, artifactOf.get(artifactId) ?? null]));
  return ids.map((id) => found.get(id) ?? null);
}

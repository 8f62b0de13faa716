import type { Artifact } from '../../domain/artifact.js';
import type { Principal } from '../../domain/roles.js';
import type { ArtifactRow } from '../../store/tables/artifact.js';
import type { Deps } from '../deps.js';
import { findOne } from '../find-one.js';
import { loadArtifacts } from './load-artifacts.js';

/** The artifact, null when it does not exist or is not visible. A trial's token sees those of its project. */
export async function findArtifact(
  deps: Deps,
  principal: Principal,
  input: { readonly id: string },
): Promise<Artifact | null> {
  return findOne(loadArtifacts, deps, principal, input.id);
}

/** The artifact as others may know it: without where its bytes are. */
export function withoutPlace(row: ArtifactRow): Artifact {
  const { epoch: _epoch, storageKey: _storageKey, ...artifact } = row;
  return artifact;
}

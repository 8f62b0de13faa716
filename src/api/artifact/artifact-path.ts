import type { ArtifactId } from '../../domain/ids.js';

/** Where the bytes of an artifact are put to and read from on this server. */
export function artifactPath(id: ArtifactId): string {
  return `/artifacts/${id}`;
}
